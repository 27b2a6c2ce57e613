import { coverageReport, queriesFor } from "../../../src/commands/coverage/coverage";
import { describeHoles, streamReport } from "../../../src/commands/coverage/stream-coverage";
import { type Coverage, newCoverage } from "../../../src/ledger/coverage";
import { parseLedger, serializeLedger } from "../../../src/ledger/document";
import { newLedger } from "../../../src/ledger/ledger";
import { connected, heard, MAX_NAMED_SKIPS, type Searched, withSearched } from "../../../src/ledger/stream";
import { firstIdAt } from "../../../src/posts/ids";
import { referenceOf, ruleSetOf } from "../../../src/x/stream/rules/rules";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const MINUTE = 60_000;

/** A stream of these rules that was heard for ten minutes, left for one, and is connected again. */
function left(values: readonly string[]): Coverage {
  const texts = values.map((value, at) => ({ rule: referenceOf(value), value, tag: `tag-${at}` }));
  const set = ruleSetOf(texts.map(({ rule }) => rule));
  const start = { ...newCoverage("stream", "the filtered stream"), start: firstIdAt(NOON) };
  const first = connected(start, { atMs: NOON, set, texts });
  return connected(heard(first, NOON + 10 * MINUTE), { atMs: NOON + 11 * MINUTE, set, texts });
}

function searched(coverage: Coverage, ...steps: readonly Searched[]): Coverage {
  return steps.reduce((sum, step) => {
    const hole = sum.stream?.holes.at(-1);
    return hole === undefined ? sum : withSearched(sum, { hole, searched: step, nowMs: NOON + 20 * MINUTE });
  }, coverage);
}

const skip = (value: string): Searched => ({
  type: "skipped",
  rule: { rule: referenceOf(value), why: "ignored_operators" },
});
const newest = (coverage: Coverage) => streamReport(coverage).holes.at(-1);

describe("the coverage of a stream", () => {
  const RULES = ["cats sample:10", "dogs", "owls", "bio:vet emus"];

  it("shows every rule of an open hole: searched, skipped and why, under way, waiting", () => {
    const top = left(RULES).stream?.holes.at(-1)?.through ?? "";
    const coverage = searched(left(RULES), skip("cats sample:10"), { type: "part", downTo: top });
    expect(newest(coverage)).toMatchObject({
      ...{ state: "open", from: "2026-11-23T12:09:49.999Z", rules: 4, skipped: 1 },
      byRule: [
        { tag: "tag-0", state: "skipped", note: expect.stringContaining("sample:") },
        {
          tag: "tag-1",
          value: "dogs",
          state: "searching",
          note: expect.stringMatching(/^read down to 2026/),
        },
        { tag: "tag-2", state: "waiting" },
        { tag: "tag-3", state: "will_be_skipped", note: expect.stringContaining("bio:") },
      ],
    });
    expect(describeHoles(streamReport(coverage)).join("\n")).toContain(
      "open: 1 of 4 rules done\n      skipped",
    );
  });

  it("marks what search has filled, with the rules that were skipped and what can differ", () => {
    const coverage = searched(left(["dogs", "cats sample:10"]), { type: "all" }, skip("cats sample:10"));
    expect(newest(coverage)).toMatchObject({
      ...{ state: "filled_by_search", rules: 2, skipped: 1 },
      skippedRules: [{ tag: "tag-1", reason: expect.stringContaining("sample:") }],
    });
    const report = coverageReport(coverage, newLedger(NOON, 1));
    expect(report.stretches.map(({ state }) => state)).toContain("searched");
    const text = describeHoles(streamReport(coverage)).join("\n");
    expect(text).toMatch(/filled by search for 1 of 2 rules\n {6}skipped tag-1: it uses sample:/);
    expect(text).toMatch(/What it filled can differ by:\n {4}- reposts/);
  });

  it("is priced by the rules that are left of a hole, never by the words that stand for the stream", () => {
    const long = `${"x".repeat(513)}`;
    const report = coverageReport(searched(left([...RULES, long]), skip(RULES[0] ?? "")), newLedger(NOON, 1));
    const asked = report.stretches.map((stretch) => [stretch.state, queriesFor(report, stretch)]);
    expect(asked).toEqual([
      ["hole", ["dogs", "owls"]],
      ["owned", []],
      ["hole", ["dogs", "owls"]],
    ]);
  });

  it("names a rule by its reference where the ledger no longer has its text", () => {
    const coverage = left(["dogs"]);
    const stream = coverage.stream && { ...coverage.stream, texts: [] };
    const text = describeHoles(streamReport({ ...coverage, ...(stream && { stream }) })).join("\n");
    expect(text).toContain(`waiting         rule ${referenceOf("dogs")} (its text is not in the ledger)`);
  });

  it("lists a few of a thousand rules, those that come next", () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `word${at}`);
    const lines = describeHoles(streamReport(searched(left(many), { type: "all" }, { type: "all" })));
    expect(lines.join("\n")).toContain("tag-2: word2");
    expect(lines.join("\n")).toContain("and 990 rules more (--json lists them all)");
  });

  it("keeps the first skipped rules in the ledger, counts them all, and reads them back", () => {
    const many = Array.from({ length: MAX_NAMED_SKIPS + 3 }, (_, at) => `bio:word${at}`);
    const coverage = searched(left(many), ...many.map(skip));
    expect(newest(coverage)).toMatchObject({ skipped: MAX_NAMED_SKIPS + 3 });
    expect(newest(coverage)?.skippedRules).toHaveLength(MAX_NAMED_SKIPS);
    const ledger = { ...newLedger(NOON, 1), coverage: [coverage] };
    expect(parseLedger(serializeLedger(ledger))).toEqual({ ledger: JSON.parse(JSON.stringify(ledger)) });
    const text = describeHoles(streamReport(coverage)).join("\n");
    expect(text).toContain("skipped 3 rules more, whose reasons are in the log (rule_skipped)");
  });

  it("says what is lost, and that no hole is left where there is none", () => {
    const hole = left(["dogs"]).stream?.holes.at(-1);
    const lost = searched(left(["dogs"]), { type: "lost", lost: hole ?? { after: "0", through: "0" } });
    expect(newest(lost)).toMatchObject({ state: "lost", reason: expect.stringContaining("7 days") });
    expect(describeHoles({ holes: [], differences: [] })).toEqual(["  Holes: none"]);
  });
});
