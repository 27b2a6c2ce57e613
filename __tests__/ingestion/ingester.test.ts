import { Fn, TerraformVariable } from "cdktf";
import { awsLocation } from "../../stacks/constructs/aws/aws-location";
import { Network } from "../../stacks/constructs/network/network";
import { Ingester, type IngesterProps } from "../../stacks/ingestion/ingester";
import type { IngesterSettings } from "../../stacks/ingestion/settings";
import { ConstructStack } from "../helpers/construct-stack";

const location = awsLocation("333333333333", "eu-west-1");
const CATS = { source: { mode: "search", query: "cats" }, monthlyPostLimit: 100 } as const;

const LIVE = {
  source: { mode: "stream", rules: [{ value: "from:nasa", tag: "nasa" }] },
  monthlyPostLimit: 100,
} as const;
const SECRET = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:cats";

function ingesterWith(changes: Partial<IngesterProps>, stack = new ConstructStack()) {
  const props: IngesterProps = {
    location,
    name: "cats",
    image: "333333333333.dkr.ecr.eu-west-1.amazonaws.com/cats:1.0.0",
    repositoryArn: "arn:aws:ecr:eu-west-1:333333333333:repository/cats",
    token: { secretArn: SECRET },
    settings: CATS,
    streamName: "cats_stream",
    checkpointTableName: "cats-checkpoint",
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
  };
  const ingester = new Ingester(stack, "cats", props);
  return { stack, props, ingester, problems: ingester.node.validate() };
}

describe("an ingester", () => {
  it("says by which keys dashboard and alarms find the metrics of its queries", () => {
    const queries = [
      { name: "nasa", query: "from:nasa" },
      { name: "esa", query: "from:esa" },
    ];
    const { ingester } = ingesterWith({ settings: { ...CATS, source: { mode: "search", queries } } });
    expect(ingester.watched).toEqual({
      metricsNamespace: "cats",
      pollSeconds: 60,
      queries: [
        { name: "nasa", checkpointKey: "cats_stream/from:nasa" },
        { name: "esa", checkpointKey: "cats_stream/from:esa" },
      ],
    });
  });

  it("says by which key they find the metrics of the filtered stream, and whether its holes are filled", () => {
    const source = { ...LIVE.source, fill: false };
    expect(ingesterWith({ settings: { ...LIVE, source } }).ingester.watched).toEqual({
      metricsNamespace: "cats",
      pollSeconds: 0,
      queries: [{ checkpointKey: "cats_stream (filtered stream)" }],
      filteredStream: {
        metricsNamespace: "cats",
        checkpointKey: "cats_stream (filtered stream)",
        fillsHoles: false,
      },
    });
  });

  it("listens alone with its token, in whatever stack the other one is", () => {
    const listener = ingesterWith({ settings: LIVE });
    const { node } = listener.ingester;
    const token = { secretArn: `${SECRET}-AbCdEf` };
    const other = new Ingester(listener.stack, "dogs", { ...listener.props, name: "dogs", token });
    expect(node.validate()).toEqual([]);
    expect(other.node.validate()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^token.secretArn must be another secret than that of ${node.path}, got "${SECRET}-AbCdEf"`,
        ),
      ),
    ]);
  });

  it("says which variable is too large for a task definition, and what to do", () => {
    const rules = Array.from({ length: 59 }, (_, index) => ({
      value: `${index}`.padEnd(1_024, "v"),
      tag: `rule number ${index}`,
    }));
    const { stack } = ingesterWith({ settings: { ...LIVE, source: { mode: "stream", rules } } });
    const problems = stack.node.findAll().flatMap(({ node }) => node.validate());
    expect(problems).toEqual([
      expect.stringMatching(
        /^containers must be at most 63488 bytes of JSON in all, got 6\d{4}\. The ingester's largest variable is STREAM_RULES with 6\d{4} of them\. Shorten queries, rules or variables/,
      ),
    ]);
  });

  it("takes a memory that only Terraform knows, and no smaller one than the buffer needs", () => {
    const stack = new ConstructStack();
    const { numberValue: memoryMiB } = new TerraformVariable(stack, "memory", {});
    const worker = { cpu: 256, memoryMiB, cpuArchitecture: "ARM64" } as const;
    expect(ingesterWith({ settings: LIVE, worker }, stack).problems).toEqual([]);
    const source = { ...LIVE.source, bufferMiB: 65 };
    expect(ingesterWith({ settings: { ...LIVE, source } }).problems).toEqual([
      expect.stringMatching(
        /^worker.memoryMiB must be at least 520, 8 times the stream's bufferMiB \(65\), got 512/,
      ),
    ]);
  });

  it("stops a listening task before it starts the next one", () => {
    const { stack } = ingesterWith({ settings: LIVE });
    expect(stack.synthesized.one("aws_ecs_service")).toMatchObject({
      desired_count: 1,
      deployment_minimum_healthy_percent: 0,
      deployment_maximum_percent: 100,
    });
  });

  it("offers nothing to watch where it writes no metrics", () => {
    expect(ingesterWith({ settings: { ...CATS, metricsNamespace: "" } }).ingester.watched).toBeUndefined();
  });

  it("refuses at synth time what it would refuse at its start, all at once", () => {
    const settings: IngesterSettings = { ...CATS, monthlyPostLimit: 9, ledgerKey: "a/b" };
    expect(ingesterWith({ settings }).problems).toEqual([
      expect.stringMatching(/^settings.ledgerKey must be 1 to 64 of a-z A-Z 0-9 _ . -, got "a\/b"/),
      expect.stringMatching(/^settings.monthlyPostLimit must be a whole number from 10 to .*, got 9/),
    ]);
  });

  it("takes references that only Terraform can resolve, where the key is given", () => {
    const stack = new ConstructStack();
    const { stringValue: text } = new TerraformVariable(stack, "text", {});
    const { numberValue: count } = new TerraformVariable(stack, "count", {});
    const { ingester, problems } = ingesterWith(
      {
        streamName: text,
        settings: {
          source: { mode: "search", query: text, pollSeconds: count },
          monthlyPostLimit: count,
          checkpointKey: text,
        },
      },
      stack,
    );
    expect(problems).toEqual([]);
    expect(ingester.watched?.queries).toEqual([{ checkpointKey: text }]);
  });

  it.each<[string, Partial<IngesterProps>, RegExp]>([
    [
      "a stream's name",
      { streamName: Fn.join("_", ["cats", "stream"]) },
      /^settings.checkpointKey must be set where the stream's name or the query is a reference .* Set it\.$/,
    ],
    [
      "a query",
      { settings: { ...CATS, source: { mode: "search", query: Fn.join(" ", ["cats", "dogs"]) } } },
      /^settings.checkpointKey must be set where/,
    ],
    [
      "a query in a list",
      {
        settings: {
          ...CATS,
          source: { mode: "search", queries: [{ name: "pets", query: Fn.join(" ", ["cats", "dogs"]) }] },
        },
      },
      /^settings.source.queries must be plain text, got a reference that only Terraform can resolve\. Write/,
    ],
    [
      "a rule",
      {
        settings: {
          ...LIVE,
          source: { mode: "stream", rules: [{ value: Fn.join(" ", ["cats", "dogs"]), tag: "pets" }] },
        },
      },
      /^settings.source.rules must be plain text, got a reference that only Terraform can resolve\. Write/,
    ],
  ])("refuses %s that only Terraform can resolve, where the text is needed", (_what, props, message) => {
    expect(ingesterWith(props).problems).toEqual([expect.stringMatching(message)]);
  });
});
