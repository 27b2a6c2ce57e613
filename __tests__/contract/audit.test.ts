/** A scheduled audit, seen by synth and by the ingester. */
import { parseInvocation } from "../../ingester/src/cli/parse";
import { AUDIT_METRICS, auditMetrics } from "../../ingester/src/commands/audit/metrics";
import { datesOf } from "../../ingester/src/commands/audit/rows";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { AUDITED_DAYS } from "../../stacks/ingestion/audit";
import { drawnMetrics, widgetsOf } from "../helpers/dashboard-body";
import { environmentWith } from "../helpers/environment";
import { plainText, type Synthesized, synthesize } from "../helpers/synth";
import { containerEnvironment } from "./both-sides";

const NOW_MS = Date.parse("2026-11-27T06:00:00Z");

/** The command that the schedule of audits gives to the container, as ECS takes it. */
function commandOf(stack: Synthesized): { readonly name: string; readonly command: readonly string[] } {
  const schedule = Object.values(stack.all("aws_scheduler_schedule")).find(({ name }) =>
    String(name).endsWith("-audit"),
  );
  const { input } = (schedule as { readonly target: { readonly input: string } }).target;
  const overrides = plainText(input).replace(/^\$\{jsonencode\((.*)\)\}$/s, "$1");
  const json = overrides.replaceAll(/"(\w+)" = /g, '"$1": ');
  return JSON.parse(json).containerOverrides[0];
}

const FOLDERS = ["--prefix", "tweets/", "--prefix", "tweets-parquet/", "--error-prefix", "errors/"];

describe.each<[string, EnvironmentConfig, readonly string[]]>([
  ["lines", environmentWith({ audit: {} }), FOLDERS],
  ["Parquet", environmentWith({ audit: {}, catalog: { parquet: true } }), FOLDERS],
  [
    "folders of its own",
    environmentWith({
      audit: {},
      storage: { existingBucket: { bucket: "arn:aws:s3:::team-posts" } },
      delivery: {
        dataOutputPrefix: "posts/!{timestamp:yyyy}/",
        errorOutputPrefix: "failed/!{firehose:error-output-type}/",
      },
    }),
    ["--prefix", "posts/", "--error-prefix", "failed/"],
  ],
])("an audit of %s", (_what, environment, folders) => {
  const { ingester } = synthesize(environment);
  const { existingBucket } = environment.storage ?? {};
  const bucket = existingBucket ? "team-posts" : "tweets-test-tweets-333333333333";

  it("is a command that the ingester takes, for the folders that the stream delivers to", () => {
    const { name, command } = commandOf(ingester);

    expect(name).toBe("ingester");
    expect(command).toEqual(["audit", "--bucket", `s3://${bucket}`, ...folders]);
    expect(parseInvocation([...command], NOW_MS).command).toMatchObject({ name: "audit", json: false });
  });

  it("has alarms and graphs on the metrics that it writes, in the namespace of its container", () => {
    const namespace = containerEnvironment(ingester).METRICS_NAMESPACE ?? "";
    const { _aws, ...written } = JSON.parse(
      auditMetrics({ at: "2026-11-27T06:00:00.000Z", findings: [] }, { namespace, bucket }),
    );
    const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    const alarms = Object.values(ingester.all("aws_cloudwatch_metric_alarm"))
      .filter(({ alarm_name }) => /audit/.test(String(alarm_name)))
      .map(({ namespace: space, metric_name, dimensions }) => ({ space, metric_name, dimensions }));
    const dimensions = { Bucket: bucket };

    expect(Dimensions).toEqual([Object.keys(dimensions)]);
    expect(written).toEqual({ ...dimensions, Audits: 1, AuditBreaches: 0 });
    expect(Metrics.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(AUDIT_METRICS));
    expect(alarms).toEqual([
      { space: Namespace, metric_name: "AuditBreaches", dimensions },
      { space: Namespace, metric_name: "Audits", dimensions },
    ]);
    const drawn = drawnMetrics(widgetsOf(ingester)).filter((each) => "Bucket" in each.dimensions);
    expect(drawn.map(({ name }) => name)).toEqual(Object.keys(AUDIT_METRICS));
    expect(drawn.every((each) => each.namespace === Namespace)).toBe(true);
  });
});

describe("the days of a scheduled audit", () => {
  it("are as many as posts must be kept for", () => {
    const { command } = parseInvocation(["audit", "--bucket", "s3://my-tweets"], NOW_MS);
    const { fromMs, toMs } = command as Extract<typeof command, { name: "audit" }>;
    expect(datesOf(fromMs, toMs)).toHaveLength(AUDITED_DAYS);
  });
});
