import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { Dashboard } from "../../../stacks/constructs/monitoring/dashboard";
import type { WatchedIngester } from "../../../stacks/constructs/monitoring/subjects/ingester";
import type { WatchedIngestion } from "../../../stacks/constructs/monitoring/watched-ingestion";
import { ConstructStack } from "../../helpers/construct-stack";
import {
  dashboardProblems,
  drawnMetrics,
  rowsOf,
  type WidgetJson,
  widgetsOf,
} from "../../helpers/dashboard-body";

const everything: WatchedIngestion = {
  stackName: "tweets-test-ingester",
  location: awsLocation("333333333333", "eu-west-1"),
  stream: { streamName: "tweet_stream", bufferingIntervalSeconds: 300 },
  ingester: {
    metricsNamespace: "tweets/test",
    pollSeconds: 60,
    queries: [{ checkpointKey: `tweet_stream/"big \${cats}" %{if}` }],
  },
  service: { clusterName: "cluster", serviceName: "service", countsTasks: true },
  transform: { functionName: "transform", metricsNamespace: "tweets/test" },
};

const LIVE: WatchedIngester = {
  metricsNamespace: "tweets/test",
  pollSeconds: 0,
  queries: [{ checkpointKey: "tweet_stream (filtered stream)" }],
  filteredStream: {
    metricsNamespace: "tweets/test",
    checkpointKey: "tweet_stream (filtered stream)",
    fillsHoles: true,
  },
};

function widgets(watched: WatchedIngestion, alarms?: object): WidgetJson[] {
  const stack = new ConstructStack();
  new Dashboard(stack, "dashboard", { watched, alarms });
  return widgetsOf(stack.synthesized);
}

/** The same, with this many queries. */
function withQueries(count: number): WatchedIngestion {
  const queries = Array.from({ length: count }, (_, index) => ({
    name: `query-${index}`,
    checkpointKey: `tweet_stream/from:${index}`,
  }));
  return { ...everything, ingester: { metricsNamespace: "tweets/test", pollSeconds: 60, queries } };
}

function titled(title: string, drawn: readonly WidgetJson[]): WidgetJson {
  const found = drawn.find(({ properties }) => properties.title === title);
  if (!found) throw new Error(`No widget ${title}`);
  return found;
}

const namesIn = (widget: WidgetJson) => drawnMetrics([widget]).map(({ name }) => name);

const labels = (widget: WidgetJson) =>
  rowsOf(widget).flatMap((row) => {
    const { label } = row.at(-1) as { label?: string };
    return label === undefined ? [] : [label];
  });

const titles = (of: readonly WidgetJson[]) => of.map(({ properties }) => properties.title);

describe("the dashboard", () => {
  const { ingester: _i, service: _s, transform: _t, ...streamOnly } = everything;
  const variants: [string, WatchedIngestion, object | undefined][] = [
    ["everything", everything, {}],
    ["everything without alarms", everything, undefined],
    ["two queries", withQueries(2), {}],
    ["as many queries as an ingester takes", withQueries(32), {}],
    ["a stream alone", streamOnly, {}],
    ["the filtered stream", { ...everything, ingester: LIVE }, {}],
    ["the filtered stream without alarms", { ...everything, ingester: LIVE }, undefined],
    [
      "tasks that are not counted",
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
    [
      "more alarms than a widget takes",
      [{ ...widget, type: "alarm", properties: { alarms: Array(101).fill("arn") } }],
      "more than 100 alarms",
    ],
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
    expect(spent?.dimensions).toEqual({ CheckpointKey: `tweet_stream/"big \${cats}" %{if}` });
  });

  it("says what a line of the only query is, and which query it is where there are several", () => {
    const [one, three] = [widgets(everything), widgets(withQueries(3))];
    const expected: [string, string, string][] = [
      ["Spent in this billing cycle", "spent", "SpentUsd"],
      ["Posts read in five minutes", "read", "PostsRead"],
      ["Posts delivered in five minutes", "delivered", "PostsDelivered"],
      ["Dead letters in five minutes", "not delivered whole", "DeadLetters"],
      ["Behind X", "lag", "LagSeconds"],
      ["Holes in the coverage", "open", "HolesOpen"],
    ];
    for (const [title, label, metric] of expected) {
      expect([title, labels(titled(title, one))]).toEqual([title, [label]]);
      expect([title, namesIn(titled(title, one))]).toEqual([title, [metric]]);
      expect([title, labels(titled(title, three))]).toEqual([title, ["query-0", "query-1", "query-2"]]);
    }
  });

  it("draws one line for the budget, and one number for all queries together", () => {
    for (const drawn of [widgets(everything), widgets(withQueries(3))]) {
      const budget = titled("Share of the tightest monthly limit", drawn);
      expect(labels(budget)).toEqual(["used"]);
      expect(new Set(namesIn(budget))).toEqual(new Set(["BudgetUsedPercent"]));
      expect(new Set(namesIn(titled("Now", drawn)))).toEqual(
        new Set(["SpentUsd", "BudgetUsedPercent", "LagSeconds", "HolesOpen"]),
      );
      expect(labels(titled("Now", drawn))).toEqual([
        "US dollars spent",
        "percent of the limit",
        "seconds behind",
        "holes open",
      ]);
    }
    const [spent] = rowsOf(titled("Now", widgets(withQueries(3))));
    expect(spent).toEqual([
      { expression: "SUM([spentusd1, spentusd2, spentusd3])", label: "US dollars spent" },
    ]);
  });

  it("draws the line at which a lag is too long where the alarm draws it, if there is one", () => {
    const marks = (alarms: object) => titled("Behind X", widgets(everything, alarms)).properties.annotations;
    expect(marks({ lagMinutes: 10 })).toEqual({ horizontal: [{ label: "lag", value: 660 }] });
    expect(marks({ lagMinutes: 0 })).toBeUndefined();
  });

  it("names the key of every query's coverage", () => {
    const markdown = (watched: WatchedIngestion) => String(widgets(watched)[0]?.properties.markdown);
    expect(markdown(everything)).toContain(`\n- \`tweet_stream/"big \${cats}" %{if}\``);
    expect(markdown(withQueries(2))).toContain(
      "\n- query-0: `tweet_stream/from:0`\n- query-1: `tweet_stream/from:1`",
    );
  });

  it("shows the alarms of every query", () => {
    const shown = widgets(withQueries(32), {}).flatMap(
      ({ properties }) => (properties.alarms ?? []) as string[],
    );
    expect(shown.filter((arn) => /:alarm:tweets-test-ingester-lag(-query-\d+)?$/.test(arn))).toHaveLength(32);
    expect(new Set(shown).size).toBe(shown.length);
  });

  it("shows the filtered stream's connection and holes, with the lines at which alarms ring", () => {
    const drawn = widgets({ ...everything, ingester: LIVE }, { holeMinutes: 10 });
    const marks = (title: string) => titled(title, drawn).properties.annotations;
    expect(namesIn(titled("Connection to X", drawn))).toEqual(["StreamConnected", "StreamDisconnects"]);
    expect(marks("Wait before the next connection")).toEqual({
      horizontal: [{ label: "reconnect-waits", value: 320 }],
    });
    expect(marks("Oldest hole of the stream")).toEqual({
      horizontal: [{ label: "holes-stay-open", value: 600 }],
    });
    expect(namesIn(titled("Holes of the stream", drawn))).toEqual(["StreamHolesOpen"]);
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

describe("a dashboard of very many queries", () => {
  function problemsWith(queries: number): string[] {
    const dashboard = new Dashboard(new ConstructStack(), "dashboard", { watched: withQueries(queries) });
    return dashboard.node.validate();
  }

  it("holds as many metrics as CloudWatch shows, and is refused beyond", () => {
    // "Now" has four sums, each of a line and of every query.
    expect(problemsWith(124)).toEqual([]);
    expect(problemsWith(125)).toEqual([
      "queries must be at most 500 metrics on a widget, got 504. Watch fewer queries: collect some of them in another environment.",
    ]);
    expect(problemsWith(300)).toEqual([
      expect.stringContaining("at most 500 metrics on a widget"),
      expect.stringContaining("at most 2500 metrics on a dashboard"),
    ]);
  });
});
