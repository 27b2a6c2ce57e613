import Ajv from "ajv";
import { dimensionValue, EmfWriter, METRIC_NAMES } from "../../src/status/emf";
import { delivered, idAt, MemoryOutput, MONEY, NOON, pass, type TrackerParts, tracker } from "./helpers";

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
/** The format as the specification tells it (see emf.ts for its address). */
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

function writer(parts?: TrackerParts) {
  const output = new MemoryOutput();
  const status = tracker(parts);
  const emf = new EmfWriter({ namespace: "Tweets", checkpointKey: "search:cats", output });
  const emit = (): Document => {
    emf.emit(status.snapshot());
    return JSON.parse(output.written.at(-1) ?? "");
  };
  return { output, status, emit };
}

function metricsOf(document: Document): readonly string[] {
  return document._aws.CloudWatchMetrics[0].Metrics.map(({ Name }) => Name);
}

describe("embedded metric format", () => {
  it("writes one line that follows the format and defines every metric it names", () => {
    const { output, status, emit } = writer();
    pass((event) => status.apply(event), delivered(NOON - 5_000, 3));
    const document = emit();
    expect(output.written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(isEmf(document) ? [] : isEmf.errors).toEqual([]);
    expect(document).toMatchObject({ _aws: { Timestamp: NOON }, CheckpointKey: "search:cats" });
    for (const name of metricsOf(document)) expect(typeof document[name]).toBe("number");
  });

  it("carries each metric in its unit", () => {
    const { status, emit } = writer();
    pass((event) => status.apply(event), delivered(NOON - 5_000, 3, { receipt: { deadLetters: 1 } }));
    const document = emit();
    expect(metricsOf(document)).toEqual(METRIC_NAMES);
    expect(document).toMatchObject({
      PostsRead: 3,
      PostsDelivered: 3,
      DeadLetters: 1,
      SpentUsd: 12.34,
      BudgetUsedPercent: 24.68,
      LagSeconds: expect.closeTo(5, 1),
    });
    expect(document._aws.CloudWatchMetrics[0]).toMatchObject({
      Namespace: "Tweets",
      Dimensions: [["CheckpointKey"]],
      Metrics: [
        { Name: "PostsRead", Unit: "Count" },
        { Name: "PostsDelivered", Unit: "Count" },
        { Name: "DeadLetters", Unit: "Count" },
        { Name: "SpentUsd", Unit: "None" },
        { Name: "BudgetUsedPercent", Unit: "Percent" },
        { Name: "LagSeconds", Unit: "Seconds" },
      ],
    });
  });

  it("counts since the line before", () => {
    const { status, emit } = writer();
    pass((event) => status.apply(event), delivered(NOON, 3));
    emit();
    pass((event) => status.apply(event), delivered(NOON, 4));
    expect(emit()).toMatchObject({ PostsRead: 4, PostsDelivered: 4 });
    expect(emit()).toMatchObject({ PostsRead: 0, PostsDelivered: 0 });
  });

  it("leaves out the share of a budget that does not exist", () => {
    const document = writer({ money: { ...MONEY, leftUsd: undefined, usedPercent: undefined } }).emit();
    expect(metricsOf(document)).not.toContain("BudgetUsedPercent");
    expect(document).not.toHaveProperty("BudgetUsedPercent");
    expect(metricsOf(document)).toContain("SpentUsd");
  });

  it("leaves out what is not known yet", () => {
    const document = writer({ money: undefined }).emit();
    expect(isEmf(document)).toBe(true);
    expect(metricsOf(document)).toEqual(["PostsRead", "PostsDelivered", "DeadLetters"]);
  });

  it("tells a lag as soon as a position is known", () => {
    const { status, emit } = writer();
    status.resumed({ sinceId: idAt(NOON - 60_000), gaps: [] });
    expect(emit()).toMatchObject({ LagSeconds: expect.closeTo(60, 1) });
  });

  it.each([
    ["search:cats OR dogs", "search:cats OR dogs"],
    ["search:猫", "search:%E7%8C%AB"],
    ["a\nb", "a%0Ab"],
    ["half \ud83d", "half %EF%BF%BD"],
    ["k".repeat(2_000), "k".repeat(1_024)],
  ])("gives CloudWatch a dimension value it accepts for %j", (key, value) => {
    expect(dimensionValue(key)).toBe(value);
  });
});
