import { awsLocation } from "../../stacks/constructs/aws-location";
import { Dashboard } from "../../stacks/constructs/dashboard";
import type { WatchedIngestion } from "../../stacks/constructs/watched-ingestion";
import { ConstructStack } from "../helpers/construct-stack";
import { dashboardProblems, drawnMetrics, type WidgetJson, widgetsOf } from "../helpers/dashboard-body";

const everything: WatchedIngestion = {
  stackName: "tweets-test-ingester",
  location: awsLocation("333333333333", "eu-west-1"),
  stream: { streamName: "tweet_stream", bufferingIntervalSeconds: 300 },
  ingester: { metricsNamespace: "tweets/test", checkpointKey: `search:"big \${cats}" %{if}` },
  service: { clusterName: "cluster", serviceName: "service", countsTasks: true },
  transform: { functionName: "transform", metricsNamespace: "tweets/test" },
};

function widgets(watched: WatchedIngestion, alarms?: object): WidgetJson[] {
  const stack = new ConstructStack();
  new Dashboard(stack, "dashboard", { watched, alarms });
  return widgetsOf(stack.synthesized);
}

const titles = (of: readonly WidgetJson[]) => of.map(({ properties }) => properties.title);

describe("the dashboard", () => {
  const { ingester: _i, service: _s, transform: _t, ...streamOnly } = everything;
  const variants: [string, WatchedIngestion, object | undefined][] = [
    ["everything", everything, {}],
    ["everything without alarms", everything, undefined],
    ["a stream alone", streamOnly, {}],
    [
      "tasks that nobody counts",
      { ...streamOnly, service: { clusterName: "c", serviceName: "s", countsTasks: false } },
      {},
    ],
    [
      "a transform without metrics",
      { ...streamOnly, transform: { functionName: "f", metricsNamespace: "" } },
      {},
    ],
  ];

  it.each(variants)("is a body that CloudWatch takes, for %s", (_name, watched, alarms) => {
    expect(dashboardProblems(widgets(watched, alarms))).toEqual([]);
  });

  const widget: WidgetJson = { type: "text", x: 0, y: 0, width: 6, height: 6, properties: { markdown: "!" } };
  const graph = (metrics: unknown[][]): WidgetJson => ({
    ...widget,
    type: "metric",
    properties: { title: "t", region: "eu-west-1", view: "timeSeries", period: 300, metrics },
  });
  const broken: [string, WidgetJson[], string][] = [
    ["a widget beyond the grid", [{ ...widget, x: 20 }], "does not fit"],
    ["widgets on one another", [widget, { ...widget, x: 3 }], "overlaps"],
    ["a type that is none", [{ ...widget, type: "chart" }], "unknown type"],
    ["a graph of nothing", [graph([])], "has no metrics"],
    ["half a dimension", [graph([["AWS/X", "Y", "Z", { stat: "Sum" }]])], "dimension without a value"],
    ["an unknown statistic", [graph([["AWS/X", "Y", { stat: "Mean" }]])], "the statistic Mean"],
    ["arithmetic on nothing", [graph([[{ expression: "2 * m1" }]])], "unknown id m1"],
  ];

  it.each(broken)("would not be taken with %s", (_name, body, problem) => {
    expect(dashboardProblems(body)).toEqual([expect.stringContaining(problem)]);
  });

  it("shows money first, below the alarms", () => {
    const [text, alarms, money] = widgets(everything, {});
    expect([text?.type, alarms?.type, money?.properties.title]).toEqual([
      "text",
      "alarm",
      "Spent in this billing cycle",
    ]);
  });

  it("names every alarm by an ARN that is known before it exists", () => {
    const alarm = widgets(everything, {}).find(({ type }) => type === "alarm");
    expect(alarm?.properties.alarms).toContain(
      "arn:aws:cloudwatch:eu-west-1:333333333333:alarm:tweets-test-ingester-delivery-late",
    );
  });

  it("measures traffic against the stream's own limits", () => {
    const shares = widgets(everything).find(({ properties }) =>
      String(properties.title).startsWith("Share of the stream"),
    );
    expect(drawnMetrics(shares ? [shares] : []).map(({ name }) => name)).toEqual([
      "IncomingBytes",
      "BytesPerSecondLimit",
      "IncomingRecords",
      "RecordsPerSecondLimit",
      "IncomingPutRequests",
      "PutRequestsPerSecondLimit",
    ]);
    expect(shares?.properties.metrics).toContainEqual([
      { expression: "100 * bytes_sum / PERIOD(bytes_sum) / bytes_limit", label: "bytes" },
    ]);
  });

  it("draws the line at which a delivery is late where the alarm draws it", () => {
    const age = widgets(everything, { lateMinutes: 30 }).find(({ properties }) =>
      String(properties.title).startsWith("Oldest record"),
    );
    expect(age?.properties.annotations).toEqual({
      horizontal: [
        { label: "buffered by design", value: 300 },
        { label: "delivery-late", value: 2100 },
      ],
    });
  });

  it("finds the ingester's metrics by a checkpoint key with HCL's own signs in it", () => {
    const spent = drawnMetrics(widgets(everything)).find(({ name }) => name === "SpentUsd");
    expect(spent?.dimensions).toEqual({ CheckpointKey: `search:"big \${cats}" %{if}` });
  });

  it("leaves out what is not there", () => {
    expect(titles(widgets(streamOnly))).toEqual([
      undefined,
      "Oldest record not in S3 yet",
      "Deliveries to S3 that succeed",
      "Share of the stream's own limits",
      "Records refused in five minutes",
    ]);
  });
});
