import Ajv from "ajv";
import type { Ledger } from "../../../src/ledger/ledger";
import { METRIC_NAMES, MetricsWriter } from "../../../src/status/reports/metrics";
import { delivered, interval, pass } from "../events";
import {
  CATS,
  coverageOf,
  DOGS,
  HOUR,
  ledgerWith,
  MemoryOutput,
  NOON,
  SECOND,
  TERMS,
  type TrackerParts,
  tracker,
} from "../helpers";

/** Units: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html (those in use here). */
const METRIC = {
  type: "object",
  required: ["Name", "Unit"],
  additionalProperties: false,
  properties: {
    Name: { type: "string", minLength: 1 },
    Unit: { enum: ["Count", "None", "Percent", "Seconds"] },
  },
};
const DIRECTIVE = {
  type: "object",
  required: ["Namespace", "Dimensions", "Metrics"],
  additionalProperties: false,
  properties: {
    Namespace: { type: "string", minLength: 1, maxLength: 255 },
    Dimensions: {
      type: "array",
      minItems: 1,
      items: { type: "array", maxItems: 30, items: { type: "string" } },
    },
    Metrics: { type: "array", maxItems: 100, items: METRIC },
  },
};
/** The format as its specification describes it (metrics.ts has the address). */
const FORMAT = {
  type: "object",
  required: ["_aws"],
  properties: {
    _aws: {
      type: "object",
      required: ["Timestamp", "CloudWatchMetrics"],
      additionalProperties: false,
      properties: {
        Timestamp: { type: "integer" },
        CloudWatchMetrics: { type: "array", minItems: 1, items: DIRECTIVE },
      },
    },
  },
};
const isEmf = new Ajv().compile(FORMAT);

interface Document {
  readonly _aws: { readonly CloudWatchMetrics: readonly [{ readonly Metrics: readonly { Name: string }[] }] };
  readonly [member: string]: unknown;
}

function writer(ledger: Ledger | undefined = ledgerWith(), parts: TrackerParts = {}) {
  const output = new MemoryOutput();
  const read = () => ledger;
  const status = tracker({ ledger: read, ...parts });
  const { prices } = TERMS;
  const metrics = new MetricsWriter({ namespace: "Tweets", prices, ledger: read, output });
  /** The documents of one emission. */
  const emit = (): readonly Document[] => {
    const before = output.written.length;
    metrics.emit(status.snapshot());
    return output.written.slice(before).map((line) => JSON.parse(line) as Document);
  };
  return { output, status, emit };
}

function namesOf(document: Document | undefined): readonly string[] {
  return document?._aws.CloudWatchMetrics[0].Metrics.map(({ Name }) => Name) ?? [];
}

/** Read up to five seconds ago, with one hole. */
const READ = ledgerWith({
  coverage: [
    coverageOf(CATS, {
      owned: [interval(NOON - 4 * HOUR, NOON - 3 * HOUR), interval(NOON - HOUR, NOON - 5 * SECOND)],
    }),
  ],
});

describe("metrics in the embedded metric format", () => {
  it("are one line that follows the format and defines every metric that it names", () => {
    const { output, emit } = writer(READ);
    const [document] = emit();
    expect(output.written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(isEmf(document) ? [] : isEmf.errors).toEqual([]);
    expect(document).toMatchObject({ _aws: { Timestamp: NOON }, CheckpointKey: CATS.key });
    for (const name of namesOf(document)) expect(typeof document?.[name]).toBe("number");
  });

  it("carry each value in its unit", () => {
    const { status, emit } = writer(READ);
    pass((event) => status.apply(event), delivered(NOON, 3, { receipt: { deadLetters: 1 } }));
    const [document] = emit();
    expect(namesOf(document)).toEqual(METRIC_NAMES);
    expect(document).toMatchObject({
      PostsRead: 3,
      PostsDelivered: 3,
      DeadLetters: 1,
      SpentUsd: 10,
      BudgetUsedPercent: 24.68,
      LagSeconds: 5,
      HolesOpen: 1,
    });
    expect(document?._aws.CloudWatchMetrics[0]).toMatchObject({
      Namespace: "Tweets",
      Dimensions: [["CheckpointKey"]],
      Metrics: [
        { Name: "PostsRead", Unit: "Count" },
        { Name: "PostsDelivered", Unit: "Count" },
        { Name: "DeadLetters", Unit: "Count" },
        { Name: "SpentUsd", Unit: "None" },
        { Name: "BudgetUsedPercent", Unit: "Percent" },
        { Name: "LagSeconds", Unit: "Seconds" },
        { Name: "HolesOpen", Unit: "Count" },
      ],
    });
  });

  it("are one line for each query, with its own figures and the budget of all", () => {
    const { status, emit } = writer(READ, { queries: [CATS, DOGS] });
    pass((event) => status.apply(event), delivered(NOON, 3));
    pass((event) => status.apply(event), delivered(NOON, 5, { query: DOGS }));
    expect(emit()).toMatchObject([
      { CheckpointKey: CATS.key, PostsRead: 3, SpentUsd: 10, HolesOpen: 1, BudgetUsedPercent: 24.68 },
      { CheckpointKey: DOGS.key, PostsRead: 5, SpentUsd: 2.34, HolesOpen: 0, BudgetUsedPercent: 24.68 },
    ]);
  });

  it("count since the line before, for each query apart", () => {
    const { status, emit } = writer(READ, { queries: [CATS, DOGS] });
    const deltas = () => emit().map(({ PostsRead, PostsDelivered }) => [PostsRead, PostsDelivered]);
    pass((event) => status.apply(event), delivered(NOON, 3));
    const first = deltas();
    pass((event) => status.apply(event), delivered(NOON, 4));
    pass((event) => status.apply(event), delivered(NOON, 5, { query: DOGS }));
    expect([first, deltas(), deltas()]).toEqual([
      [
        [3, 3],
        [0, 0],
      ],
      [
        [4, 4],
        [5, 5],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
  });

  it("lose no count when a line could not be written", () => {
    const { output, status, emit } = writer();
    pass((event) => status.apply(event), delivered(NOON, 3));
    jest.spyOn(output, "write").mockImplementationOnce(() => {
      throw new Error("the disk is full");
    });
    expect(emit).toThrow("the disk is full");
    expect(emit()).toMatchObject([{ PostsRead: 3 }]);
  });

  it("leave out the share of a budget without a limit", () => {
    const [document] = writer(READ, { terms: { ...TERMS, limits: {} } }).emit();
    expect(namesOf(document)).not.toContain("BudgetUsedPercent");
    expect(document).not.toHaveProperty("BudgetUsedPercent");
    expect(namesOf(document)).toContain("SpentUsd");
  });

  it("leave out what is not known yet", () => {
    const output = new MemoryOutput();
    const ledger = () => undefined;
    const metrics = new MetricsWriter({ namespace: "Tweets", prices: TERMS.prices, ledger, output });
    metrics.emit(tracker({ ledger }).snapshot());
    const document = JSON.parse(output.written[0] ?? "") as Document;
    expect(isEmf(document)).toBe(true);
    expect(namesOf(document)).toEqual(["PostsRead", "PostsDelivered", "DeadLetters"]);
  });
});
