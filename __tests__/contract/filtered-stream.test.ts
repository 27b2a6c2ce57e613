import fc from "fast-check";
import { watchedOf } from "../../ingester/src/commands/stream-task";
import {
  METRIC_DIMENSION,
  METRIC_NAMES,
  STREAM_METRIC_NAMES,
} from "../../ingester/src/status/reports/metrics";
import { Reconnects } from "../../ingester/src/x/stream/reconnect";
import { MAX_RULES, RULE_MAX_CHARACTERS, TAG_MAX_CHARACTERS } from "../../ingester/src/x/stream/rules/rules";
import { anyCharacter } from "../../ingester/test/helpers/any-character";
import { bounds } from "../../stacks/constructs/checks/bounds";
import { LONGEST_REFUSED_WAIT_SECONDS } from "../../stacks/constructs/monitoring/subjects/filtered-stream";
import { DEFAULT_STREAM_BUFFER_MIB, type StreamSource } from "../../stacks/ingestion/source";
import { drawnMetrics, widgetsOf } from "../helpers/dashboard-body";
import { environmentWith } from "../helpers/environment";
import { plainText, synthesize } from "../helpers/synth";
import { variants } from "../helpers/variants";
import { ingesterConfig, ingesterProblems, synthProblems } from "./both-sides";

const listening = (rules: unknown, changes: object = {}) => ({
  source: { mode: "stream", rules, ...changes },
  monthlyPostLimit: 1_000,
});
const CATS = { value: "cats", tag: "pets" };

function expectAlike(settings: object): void {
  const [synth, ingester] = [synthProblems(settings), ingesterProblems(settings)];
  expect({ settings, refused: synth.length > 0, why: [synth, ingester] }).toEqual({
    settings,
    refused: ingester.length > 0,
    why: [synth, ingester],
  });
}

describe("rules of the stream", () => {
  const FRAGMENTS = [
    "cats",
    '"',
    " ",
    "\t",
    "\n",
    "\u00a0",
    "天気",
    "👍",
    "\u0024{x}",
    "%{if}",
    "\\",
    "\u0000",
    "\u0085",
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 5 }).map((parts) => parts.join("")),
    fc.string({ unit: anyCharacter, maxLength: 6 }),
    fc.constantFrom("cats", "dogs", "birds", "a b", "a  b "),
    fc.constantFrom("v".repeat(100), "v".repeat(101), "v".repeat(1_024), "v".repeat(1_025), "\ud800"),
  );
  const odd = fc.constantFrom<unknown>(undefined, null, 1, {}, []);
  const rule = fc.record<Record<string, unknown>>(
    {
      value: fc.oneof({ weight: 9, arbitrary: texts }, odd),
      tag: fc.oneof({ weight: 9, arbitrary: texts }, odd),
    },
    { requiredKeys: [] },
  );

  it("are judged alike by synth and by the ingester, whatever they hold", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), (rules) => {
        expectAlike(listening(rules));
        if (synthProblems(listening(rules)).length === 0) accepted += 1;
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(accepted).toBeGreaterThan(3);
  });

  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ value: `v${index}`, tag: `t${index}` }));
  const judged: readonly [what: string, rules: unknown, isAllowed: boolean][] = [
    ["as many as X takes", numbered(MAX_RULES), true],
    ["one more", numbered(MAX_RULES + 1), false],
    ["none", [], false],
    ["no list", "cats", false],
    ["a text for a rule", ["cats"], false],
    ["nothing for a rule", [null], false],
    ["the longest value", [{ ...CATS, value: "👍".repeat(RULE_MAX_CHARACTERS) }], true],
    ["a longer value", [{ ...CATS, value: "v".repeat(RULE_MAX_CHARACTERS + 1) }], false],
    ["the longest value, with white space", [{ ...CATS, value: `  ${"v ".repeat(512)} ` }], true],
    ["the longest tag", [{ ...CATS, tag: "猫".repeat(TAG_MAX_CHARACTERS) }], true],
    ["a longer tag", [{ ...CATS, tag: "t".repeat(TAG_MAX_CHARACTERS + 1) }], false],
    ["no tag", [{ value: "cats" }], false],
    ["an empty tag", [{ ...CATS, tag: "" }], false],
    ["a blank tag", [{ ...CATS, tag: " \u00a0" }], false],
    ["a blank value", [{ ...CATS, value: " \t\n" }], false],
    ["a tab in a tag", [{ ...CATS, tag: "a\tb" }], false],
    ["a tab in a value", [{ ...CATS, value: "cats\tdogs" }], true],
    ["half a character", [{ ...CATS, value: "cats \ud83d" }], false],
    ["an id", [{ ...CATS, id: "1" }], false],
    ["one value twice, spaced otherwise", [CATS, { value: " cats ", tag: "others" }], false],
    ["one tag twice", [CATS, { value: "dogs", tag: "pets " }], false],
    ["tags that differ in case", [CATS, { value: "dogs", tag: "Pets" }], true],
    ["operators that search ignores", [{ ...CATS, value: "cats sample:10 -bio:x" }], true],
  ];
  it.each(judged)("%s are refused or accepted by both", (_what, rules, isAllowed) => {
    expect(synthProblems(listening(rules)).length === 0).toBe(isAllowed);
    expect(ingesterProblems(listening(rules)).length === 0).toBe(isAllowed);
  });

  it("are bounded by the ingester's own numbers", () => {
    expect([bounds.ruleValue.maxLength, bounds.ruleTag.maxLength]).toEqual([
      RULE_MAX_CHARACTERS,
      TAG_MAX_CHARACTERS,
    ]);
  });

  it("are refused with other settings of the stream that the ingester refuses", () => {
    for (const changes of [{ fill: "recent" }, { bufferMiB: 7 }, { bufferMiB: 4_097 }, { bufferMiB: 8.5 }]) {
      expect([changes, synthProblems(listening([CATS], changes))]).toEqual([
        changes,
        [expect.stringMatching(/^test.ts: ingester\.source\.(fill|bufferMiB) must be /)],
      ]);
      expect([changes, ingesterProblems(listening([CATS], changes))]).toEqual([
        changes,
        [expect.any(String)],
      ]);
    }
  });

  it("are refused by both with an unknown mode, which hides no other problem", () => {
    const settings = { source: { mode: "steam", rules: [{ ...CATS, tag: "" }] }, monthlyPostLimit: 9 };
    expect(synthProblems(settings).map((line) => line.split(" ")[1])).toEqual([
      "ingester.source.mode",
      "ingester.source.rules.0.tag",
      "ingester.monthlyPostLimit",
    ]);
    expect(ingesterProblems(settings)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^INGEST_MODE must be one of search, stream/)]),
    );
  });
});

describe("an environment in stream mode", () => {
  const keyed = environmentWith({
    environment: "keyed",
    ingester: { ...variants.live.ingester, checkpointKey: "a key" },
  });

  it("hands its rules to the ingester, with what becomes of holes and buffer", () => {
    const { source } = variants.live.ingester;
    const stream = environmentWith({ ingester: { source: { ...source, fill: false } as StreamSource } });
    expect(ingesterConfig(stream).source).toEqual({
      mode: "stream",
      key: "tweet_stream",
      rules: source.mode === "stream" ? source.rules : [],
      fill: false,
      bufferBytes: 32 * 1024 * 1024,
    });
    expect(ingesterConfig(variants.live).source).toMatchObject({ fill: true });
  });

  it.each([variants.live, keyed])(
    "has every metric of the ingester on its dashboard, by the key that it writes: $environment",
    (environment) => {
      const { ingester } = synthesize(environment);
      const config = ingesterConfig(environment);
      const [{ key } = { key: "" }] = watchedOf(config, { type: "ongoing", start: "now", pollMs: 0 });
      const isOwn = ({ namespace }: { namespace: unknown }) => namespace === config.metricsNamespace;
      const drawn = drawnMetrics(widgetsOf(ingester)).filter(isOwn);
      const alarms = Object.values(ingester.all("aws_cloudwatch_metric_alarm"))
        .map(({ namespace, dimensions }) => ({ namespace, dimensions: dimensions as Record<string, string> }))
        .filter(isOwn);
      expect(new Set(drawn.map(({ name }) => name))).toEqual(
        new Set([...METRIC_NAMES, ...STREAM_METRIC_NAMES]),
      );
      expect(alarms.length).toBeGreaterThan(5);
      for (const { dimensions } of [...drawn, ...alarms]) {
        const values = Object.entries(dimensions).map(([name, value]) => [name, plainText(value)]);
        expect(values).toEqual([[METRIC_DIMENSION, key]]);
      }
    },
  );
});

describe("the default of a stream's buffer", () => {
  it("by which synth measures a task's memory is the ingester's own", () => {
    const { source } = ingesterConfig(
      environmentWith({ ingester: { source: { mode: "stream", rules: [CATS] } } }),
    );
    expect(source).toMatchObject({ bufferBytes: DEFAULT_STREAM_BUFFER_MIB * 1024 * 1024 });
  });
});

describe("the longest wait before a connection", () => {
  it("at which the alarm rings is the ingester's own after refusals", () => {
    const reconnects = new Reconnects();
    const waits = Array.from({ length: 12 }, () => reconnects.waitAfter("refused", 0));
    expect(Math.max(...waits)).toBe(LONGEST_REFUSED_WAIT_SECONDS * 1_000);
  });
});
