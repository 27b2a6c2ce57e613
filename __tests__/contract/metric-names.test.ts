import { METRIC_DIMENSION, METRIC_NAMES } from "../../ingester/src/status/reports/metrics";
import { metricsOf } from "../../transform/src/report";
import { type DrawnMetric, drawnMetrics, widgetsOf } from "../helpers/dashboard-body";
import { environmentWith } from "../helpers/environment";
import { plainText, type Synthesized, shippedEnvironments, synthesize } from "../helpers/synth";
import { variants } from "../helpers/variants";
import { ingesterConfig } from "./both-sides";

/** What alarms and dashboard look at. */
function watchedMetrics(stack: Synthesized): { alarms: DrawnMetric[]; dashboard: DrawnMetric[] } {
  const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm")).map((alarm) => ({
    namespace: String(alarm.namespace),
    name: String(alarm.metric_name),
    dimensions: Object.fromEntries(
      Object.entries(alarm.dimensions as object).map(([name, value]) => [name, plainText(value)]),
    ),
  }));
  return { alarms, dashboard: drawnMetrics(widgetsOf(stack)) };
}

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

const environments = [
  ...shippedEnvironments,
  environmentWith({
    environment: "quoted",
    ingester: { source: { mode: "search", query: `say "\${cats}" \\ %{if} lang:en` } },
  }),
  environmentWith({ environment: "unicode", ingester: { source: { mode: "search", query: "天気" } } }),
  environmentWith({
    environment: "keyed",
    ingester: { checkpointKey: "a key", metricsNamespace: "Own/Space" },
  }),
  variants.queries,
  environmentWith({ ...variants.queries, environment: "keyed-queries", ingester: { checkpointKey: "mine" } }),
];

describe.each(environments)("metrics of the ingester in $environment", (environment) => {
  const { ingester } = synthesize(environment);
  const config = ingesterConfig(environment);
  const { alarms, dashboard } = watchedMetrics(ingester);
  const isOwn = ({ namespace }: DrawnMetric) => namespace === config.metricsNamespace;
  const own = { alarms: alarms.filter(isOwn), dashboard: dashboard.filter(isOwn) };
  const keys = sorted(config.queries.map(({ key }) => key));

  it.each(keys)("are all drawn for the query with the key %j, under the names that it writes", (key) => {
    const drawn = own.dashboard.filter(({ dimensions }) => dimensions[METRIC_DIMENSION] === key);
    expect(sorted(drawn.map(({ name }) => name))).toEqual(sorted(METRIC_NAMES));
  });

  it("are looked for by the one dimension that it writes, with a value that it writes", () => {
    const all = [...own.alarms, ...own.dashboard];
    expect(sorted(all.map(({ dimensions }) => JSON.stringify(dimensions)))).toEqual(
      sorted(keys.map((key) => JSON.stringify({ [METRIC_DIMENSION]: key }))),
    );
  });

  it("have alarms on posts for each query, and alarms on the budget once", () => {
    const keysOf = (metric: string) =>
      own.alarms.filter(({ name }) => name === metric).map(({ dimensions }) => dimensions[METRIC_DIMENSION]);
    for (const metric of ["DeadLetters", "LagSeconds", "PostsDelivered"]) {
      expect([metric, keysOf(metric).sort()]).toEqual([metric, keys]);
    }
    expect(keysOf("BudgetUsedPercent")).toEqual([keysOf("DeadLetters")[0], keysOf("DeadLetters")[0]]);
  });

  it("are looked for in AWS's namespaces or in its own, nowhere else", () => {
    expect(sorted([...alarms, ...dashboard].map(({ namespace }) => namespace))).toEqual(
      sorted(["AWS/ECS", "AWS/Firehose", "ECS/ContainerInsights", String(config.metricsNamespace)]),
    );
  });
});

describe("metrics of the transform", () => {
  const { ingester, data } = synthesize(environmentWith({ transform: {} }));
  const { function_name, environment } = data.one("aws_lambda_function");
  const { METRICS_NAMESPACE } = (environment as { variables: Record<string, string> }).variables;
  const { alarms, dashboard } = watchedMetrics(ingester);
  const own = [...alarms, ...dashboard].filter(
    ({ namespace, dimensions }) => namespace === METRICS_NAMESPACE && "FunctionName" in dimensions,
  );
  const written = metricsOf({
    records: 0,
    lines: 0,
    unreadableLines: 0,
    unformattedRecords: 0,
    failedRecords: 0,
  });

  it("are looked for under the names that it writes, and all of them are drawn", () => {
    expect(sorted(own.map(({ name }) => name))).toEqual(sorted(Object.keys(written)));
  });

  it("are looked for by the function's name", () => {
    for (const { dimensions } of own) expect(dimensions).toEqual({ FunctionName: function_name });
  });
});
