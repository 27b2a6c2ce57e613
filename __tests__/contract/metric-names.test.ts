import { loadConfig } from "../../ingester/src/config";
import { dimensionValue, METRIC_DIMENSION, METRIC_NAMES } from "../../ingester/src/status/emf";
import { metricsOf } from "../../transform/src/report";
import { type DrawnMetric, drawnMetrics, widgetsOf } from "../helpers/dashboard-body";
import { environmentWith } from "../helpers/environment";
import { containersOf, type Synthesized, shippedEnvironments, synthesize } from "../helpers/synth";

/** What alarms and dashboard look at. */
function watchedMetrics(stack: Synthesized): { alarms: DrawnMetric[]; dashboard: DrawnMetric[] } {
  const alarms = Object.values(stack.all("aws_cloudwatch_metric_alarm")).map((alarm) => ({
    namespace: String(alarm.namespace),
    name: String(alarm.metric_name),
    dimensions: alarm.dimensions as Record<string, string>,
  }));
  return { alarms, dashboard: drawnMetrics(widgetsOf(stack)) };
}

function configOf(stack: Synthesized) {
  const plain = containersOf(stack)[0]?.environment.map(({ name, value }) => [name, value]) ?? [];
  return loadConfig({ ...Object.fromEntries(plain), X_BEARER_TOKEN: "AAAAAAAAAAAAAAAAAAAAA-secret" });
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
];

describe.each(environments)("metrics of the ingester in $environment", (environment) => {
  const { ingester } = synthesize(environment);
  const config = configOf(ingester);
  const { alarms, dashboard } = watchedMetrics(ingester);
  const own = [...alarms, ...dashboard].filter(({ namespace }) => namespace === config.metricsNamespace);

  it("are looked for under the names that it writes, and all of them are drawn", () => {
    expect(own.length).toBeGreaterThan(METRIC_NAMES.length);
    expect(sorted(own.map(({ name }) => name))).toEqual(sorted(METRIC_NAMES));
    const drawn = dashboard.filter(({ namespace }) => namespace === config.metricsNamespace);
    expect(sorted(drawn.map(({ name }) => name))).toEqual(sorted(METRIC_NAMES));
  });

  it("are looked for by the one dimension that it writes, with its value", () => {
    const expected = { [METRIC_DIMENSION]: dimensionValue(config.checkpointKey) };
    for (const { dimensions } of own) expect(dimensions).toEqual(expected);
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

describe("the default checkpoint key", () => {
  it.each(['from:nasa "a b"', "天気", "x".repeat(200), "x".repeat(201), "tab\there"])(
    "is the ingester's own for the query %j",
    (query) => {
      const { ingester } = synthesize(environmentWith({ ingester: { source: { mode: "search", query } } }));
      const { CHECKPOINT_KEY: said, ...environment } = Object.fromEntries(
        containersOf(ingester)[0]?.environment.map(({ name, value }) => [name, value]) ?? [],
      );
      const X_BEARER_TOKEN = "AAAAAAAAAAAAAAAAAAAAA-secret";
      expect(loadConfig({ ...environment, X_BEARER_TOKEN }).checkpointKey).toBe(said);
    },
  );
});
