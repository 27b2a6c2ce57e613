import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsLocation } from "../../stacks/constructs/aws/aws-location";
import { Network } from "../../stacks/constructs/network/network";
import { Ingestion, type IngestionProps } from "../../stacks/ingestion/ingestion";
import { ConstructStack } from "../helpers/construct-stack";
import { environmentWith } from "../helpers/environment";
import { type Synthesized, synthesize } from "../helpers/synth";

const location = awsLocation("333333333333", "eu-west-1");
const directory = mkdtempSync(join(tmpdir(), "ingestion-test-"));
const archivePath = join(directory, "transform.zip");
writeFileSync(archivePath, "not really a zip");
afterAll(() => rmSync(directory, { recursive: true }));

function ingestionWith(changes: Partial<IngestionProps> = {}) {
  const stack = new ConstructStack();
  const ingestion = new Ingestion(stack, "Default", {
    location,
    name: "cats",
    bucketName: "example-cats",
    streamName: "cats",
    image: "333333333333.dkr.ecr.eu-west-1.amazonaws.com/cats:1.0.0",
    repositoryArn: "arn:aws:ecr:eu-west-1:333333333333:repository/cats",
    token: { secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:cats" },
    settings: { source: { mode: "search", query: "cats" }, monthlyPostLimit: 100 },
    network: new Network(stack, "network", {
      mode: "existing",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
      location,
      networkName: "cats",
      logRetentionDays: 30,
    }),
    worker: { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
    logRetentionDays: 30,
    ...changes,
  });
  return {
    ingestion,
    get synthesized() {
      return stack.synthesized;
    },
  };
}

const alarmsOf = (stack: Synthesized) =>
  Object.values(stack.all("aws_cloudwatch_metric_alarm"))
    .map(({ alarm_name }) => String(alarm_name))
    .sort();

describe("the composition", () => {
  it("makes what the stacks of an environment make of it", () => {
    const { data, ingester } = synthesize(
      environmentWith({
        network: {
          mode: "existing",
          vpcId: "vpc-0123456789abcdef0",
          subnetIds: ["subnet-01234567"],
        } as never,
      }),
    );
    const typesOf = (...stacks: Synthesized[]) =>
      stacks.flatMap(({ addresses }) => addresses.map((address) => address.split(".")[0])).sort();
    const own = [...data.addresses, ...ingester.addresses].filter(
      (address) => !address.includes(".network_"),
    );
    expect(typesOf(ingestionWith().synthesized)).toEqual(own.map((address) => address.split(".")[0]).sort());
  });

  it("watches its transform, and keeps what came", () => {
    const { synthesized } = ingestionWith({ transform: { archivePath, metricsNamespace: "cats" } });
    expect(alarmsOf(synthesized)).toEqual(
      expect.arrayContaining(["cats-transform-errors", "cats-transform-failed-records"]),
    );
    expect(synthesized.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration).toMatchObject({
      processing_configuration: { enabled: true },
      s3_backup_mode: "Enabled",
    });
  });

  it("makes its table queryable, and converts by it", () => {
    const { synthesized } = ingestionWith({ catalog: { parquet: true } });
    expect(synthesized.one("aws_glue_catalog_table")).toMatchObject({ name: "posts" });
    expect(synthesized.one("aws_athena_workgroup")).toMatchObject({ name: "cats" });
    expect(synthesized.one("aws_kinesis_firehose_delivery_stream").extended_s3_configuration).toMatchObject({
      data_format_conversion_configuration: { enabled: true },
      s3_backup_mode: "Enabled",
    });
  });

  it("expects nothing of a paused service", () => {
    const worker = { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" } as const;
    const paused = ingestionWith({ worker: { ...worker, run: { mode: "service", desiredCount: 0 } } });
    const names = alarmsOf(paused.synthesized);
    expect(names).not.toContain("cats-no-posts");
    expect(names).not.toContain("cats-task-not-running");
    expect(names).toContain("cats-lag");
  });

  it("returns a topic of the caller's, or none", () => {
    const topicArn = "arn:aws:sns:eu-west-1:333333333333:on-call";
    const { ingestion, synthesized } = ingestionWith({ monitoring: { topicArn } });
    expect(synthesized.all("aws_sns_topic")).toEqual({});
    expect(ingestion.monitoring.topicArn).toBe(topicArn);
    const silent = ingestionWith({ monitoring: { alarms: false, dashboard: false } });
    expect(silent.ingestion.monitoring).toMatchObject({ topicArn: undefined, alarmNames: [] });
    expect(silent.synthesized.all("aws_cloudwatch_dashboard")).toEqual({});
  });

  it.each([
    ["posts", { expireAfterDays: 7 }, "storage.expireAfterDays"],
    [
      "a folder of posts",
      { expirePrefixesAfterDays: { "tweets/": 3 } },
      "storage.expirePrefixesAfterDays.tweets/",
    ],
    ["a part of the posts", { expirePrefixesAfterDays: { "tweets/year=2026/": 3 } }, "tweets/year=2026/"],
    ["errors", { expirePrefixesAfterDays: { "errors/": 3 } }, "storage.expirePrefixesAfterDays.errors/"],
    ["what is above the posts", { expirePrefixesAfterDays: { t: 3 } }, "storage.expirePrefixesAfterDays.t"],
  ])("audits nothing where %s expire before an audit has read them", (_what, storage, path) => {
    const problems = ingestionWith({ audit: {}, storage }).ingestion.node.validate();
    expect(problems).toEqual([expect.stringContaining(`${path} must be at least 8 days`)]);
    expect(ingestionWith({ storage }).ingestion.node.validate()).toEqual([]);
  });

  it("audits its bucket where other things expire early", () => {
    const storage = {
      expireAfterDays: 8,
      expirePrefixesAfterDays: { "tweets/": 8, "athena-results/": 1, "source/": 3 },
    };
    expect(ingestionWith({ audit: {}, storage }).ingestion.node.validate()).toEqual([]);
  });

  it("audits its own bucket by schedule", () => {
    const { ingestion, synthesized } = ingestionWith({ audit: { expression: "rate(2 days)" } });
    const { target, schedule_expression } = synthesized.one("aws_scheduler_schedule");
    expect(schedule_expression).toBe("rate(2 days)");
    expect(JSON.stringify(target)).toContain("s3://example-cats");
    expect(ingestion.alarmNames).toEqual(expect.arrayContaining(["cats-audit-failed", "cats-not-audited"]));
  });

  it("gets everything wrong at once, with the path of each part", () => {
    const { ingestion } = ingestionWith({
      name: "Cats",
      bucketName: "Cats",
      storage: { infrequentAccessAfterDays: 30, expireAfterDays: 30 },
      settings: { source: { mode: "search", query: "cats" }, monthlyPostLimit: 9, shutdownSeconds: 60 },
      worker: {
        cpu: 256,
        memoryMiB: 512,
        cpuArchitecture: "ARM64",
        statusIngressCidrs: ["10.0.0.0/8", "10.0.0.0/8"],
      },
      monitoring: { topicArn: "arn:aws:sns:us-east-1:333333333333:on-call" },
    });
    const problems = ingestion.node.findAll().flatMap(({ node }) => node.validate());
    for (const expected of [
      /^name must be 2 to 50 lower-case/,
      /^bucketName must be 3 to 63/,
      /^expireAfterDays must be more than infrequentAccessAfterDays/,
      /^settings.monthlyPostLimit must be/,
      /^worker.stopTimeoutSeconds must be more than the ingester's shutdownSeconds \(60\), got 60/,
      /^statusIngressCidrs.1 must be unlike statusIngressCidrs.0/,
      /^topicArn must be a topic of eu-west-1/,
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(expected));
    }
  });

  it("refuses two queries of one name without a stack trace", () => {
    const query = (text: string) => ({ name: "twice", query: text });
    const queries = [{ name: "first", query: "a" }, query("b"), query("c")];
    const { ingestion } = ingestionWith({
      settings: { source: { mode: "search", queries }, monthlyPostLimit: 100 },
    });
    expect(ingestion.ingester.node.validate()).toEqual([
      expect.stringMatching(/^settings.source.queries.2.name must be unlike queries.1.name, got "twice"/),
    ]);
  });
});
