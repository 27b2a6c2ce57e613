import { type Coverage, newCoverage } from "../../src/ledger/coverage";
import { MAX_LEDGER_BYTES, newLedger, withCoverage } from "../../src/ledger/ledger";
import {
  connected,
  connecting,
  FILL_DELAY_MS,
  heard,
  heardThrough,
  holeToFill,
  MAX_HOLES,
  type Searched,
  STREAM_EDGE_MS,
  withGrowthApart,
  withoutForgotten,
  withSearched,
} from "../../src/ledger/stream";
import { firstIdAt, lastIdBefore } from "../../src/posts/ids";

const START = Date.parse("2026-11-23T12:00:00Z");
const MINUTE_MS = 60_000;
const SET = { id: "s", rules: ["a", "b"] };
const TEXTS = [
  { rule: "a", value: "cats", tag: "cats" },
  { rule: "b", value: "dogs", tag: "dogs" },
];

const begun: Coverage = { ...newCoverage("k", "stream"), start: lastIdBefore(START) };
const connect = (coverage: Coverage, atMs: number, set = SET) =>
  connected(coverage, { atMs, set, texts: TEXTS });
/** Connected for a minute, away for a minute, connected again. */
const interrupted = connect(heard(connect(begun, START), START + MINUTE_MS), START + 2 * MINUTE_MS);

function search(coverage: Coverage, ...all: readonly Searched[]): Coverage {
  return all.reduce((sum, searched) => {
    const [hole] = sum.stream?.holes ?? [];
    return hole === undefined ? sum : withSearched(sum, { hole, searched, nowMs: START + 10 * MINUTE_MS });
  }, coverage);
}

describe("what a stream owns", () => {
  it("is what it has heard, up to the edge", () => {
    const { owned } = heard(connect(begun, START), START + MINUTE_MS);
    expect(owned).toEqual([
      {
        after: lastIdBefore(START + STREAM_EDGE_MS),
        through: lastIdBefore(START + MINUTE_MS - STREAM_EDGE_MS),
      },
    ]);
  });

  it("does not shrink when less has been heard", () => {
    const coverage = heard(connect(begun, START), START + MINUTE_MS);
    expect(heard(coverage, START + MINUTE_MS / 2)).toBe(coverage);
  });
});

describe("a hole", () => {
  it("reaches from the edge before the last byte to the edge after the connection", () => {
    expect(interrupted.stream?.holes.at(-1)).toMatchObject({
      after: lastIdBefore(START + MINUTE_MS - STREAM_EDGE_MS),
      through: lastIdBefore(START + 2 * MINUTE_MS + STREAM_EDGE_MS),
      set: "s",
    });
  });

  it("grows while connections end before anything is owned", () => {
    const flapping = connect(connect(interrupted, START + 2 * MINUTE_MS + 500), START + 3 * MINUTE_MS);
    expect(flapping.stream?.holes).toHaveLength(2);
    expect(heardThrough(flapping)).toBe(lastIdBefore(START + 3 * MINUTE_MS + STREAM_EDGE_MS));
  });

  it("belongs to the rules that were in force when the stream was left", () => {
    const changed = connect(heard(interrupted, START + 4 * MINUTE_MS), START + 5 * MINUTE_MS, {
      id: "t",
      rules: ["b"],
    });
    expect(changed.stream?.holes.map(({ set }) => set)).toEqual(["s", "s", "s"]);
    const after = connect(heard(changed, START + 8 * MINUTE_MS), START + 9 * MINUTE_MS, {
      id: "t",
      rules: ["b"],
    });
    expect(after.stream?.holes.at(-1)?.set).toBe("t");
    // The rules of a hole can be searched for after they have left the configuration.
    expect(after.stream?.texts.map(({ rule }) => rule)).toEqual(["a", "b"]);
  });

  it("belongs to the new rules, too, around the connection that brings them", () => {
    const left = heard(interrupted, START + 4 * MINUTE_MS);
    const again = START + 5 * MINUTE_MS;
    const added = { id: "t", rules: ["b", "c"] };
    const { stream } = connect(left, again, added);
    const rulesOf = (id: string | undefined) => stream?.sets.find((set) => set.id === id)?.rules;
    const [before, around] = stream?.holes.slice(-2) ?? [];
    expect([before?.through, around?.after]).toEqual(
      Array<string>(2).fill(lastIdBefore(again - STREAM_EDGE_MS)),
    );
    expect([rulesOf(before?.set), rulesOf(around?.set)]).toEqual([
      ["a", "b"],
      ["a", "b", "c"],
    ]);
    expect(around?.through).toBe(lastIdBefore(again + STREAM_EDGE_MS));
  });

  it("belongs to the rules of a connection that was about to be made, too, although others follow it", () => {
    const before = heard(connect(begun, START), START + MINUTE_MS);
    const tried = connecting(before, {
      atMs: START + 2 * MINUTE_MS,
      set: { id: "t", rules: ["c"] },
      texts: [],
    });
    const { holes = [], sets = [] } = connect(tried, START + 4 * MINUTE_MS).stream ?? {};
    const rulesOf = (hole: { readonly set: string }) => sets.find(({ id }) => id === hole.set)?.rules;
    expect(holes.slice(1).map((hole) => [hole.through, rulesOf(hole)])).toEqual([
      [lastIdBefore(START + 2 * MINUTE_MS - STREAM_EDGE_MS), ["a", "b"]],
      [lastIdBefore(START + 4 * MINUTE_MS + STREAM_EDGE_MS), ["a", "b", "c"]],
    ]);
  });

  it("stays as it is when the rules of the next connection are known", () => {
    const before = heard(connect(begun, START), START + MINUTE_MS);
    const fewer = { id: "t", rules: ["a"] };
    expect(connecting(before, { atMs: START + 2 * MINUTE_MS, set: fewer, texts: [] })).toBe(before);
  });

  it("that has grown since a search was asked for is not answered for by it", () => {
    const hole = interrupted.stream?.holes.at(-1);
    const asked = { after: hole?.after ?? "", through: hole?.through ?? "" };
    const grown = connect(interrupted, START + 3 * MINUTE_MS);
    expect(grown.stream?.holes.at(-1)?.through).not.toBe(asked.through);
    const apart = withGrowthApart(grown, asked);
    expect(apart.stream?.holes.slice(-2)).toMatchObject([asked, { after: asked.through, searched: 0 }]);
    expect(withGrowthApart(apart, asked)).toBe(apart);
  });

  it("is searched for a minute after its end, the oldest first, rule by rule from its top", () => {
    const [first] = interrupted.stream?.holes ?? [];
    const endMs = START + STREAM_EDGE_MS;
    expect(holeToFill(interrupted, endMs + FILL_DELAY_MS - 1_000)).toBeUndefined();
    const next = holeToFill(interrupted, endMs + FILL_DELAY_MS + 1_000);
    expect(next).toMatchObject({ rule: "a", left: { after: first?.after, through: first?.through } });
    const part = firstIdAt(START + 5_000);
    const read = search(interrupted, { type: "part", downTo: part });
    expect(holeToFill(read, START + 10 * MINUTE_MS)?.left.through).toBe(part);
    expect(holeToFill(search(read, { type: "all" }), START + 10 * MINUTE_MS)).toMatchObject({ rule: "b" });
  });

  it("is owned once every rule has been searched for, or skipped, which is remembered", () => {
    const filled = search(
      interrupted,
      { type: "all" },
      { type: "skipped", rule: { rule: "b", why: "ignored_operators" } },
    );
    expect(filled.stream?.holes).toHaveLength(1);
    expect(filled.stream?.bySearch).toMatchObject([{ rules: 2, skipped: 1 }]);
    expect(search(filled, { type: "all" }, { type: "all" }).owned).toHaveLength(1);
  });

  it("is lost when X has forgotten it, and only then", () => {
    const window = (startMs: number) => ({ startMs, nowMs: START + 9 * MINUTE_MS });
    expect(withoutForgotten(interrupted, window(START))).toBe(interrupted);
    const forgotten = withoutForgotten(interrupted, window(START + 30_000));
    expect([forgotten.stream?.holes.length, forgotten.lost.map(({ reason }) => reason)]).toEqual([
      1,
      ["search_window"],
    ]);
  });

  it("is dropped, and said to be lost, where there are too many", () => {
    let coverage = connect(begun, START);
    for (let minute = 1; minute <= 2 * MAX_HOLES; minute += 2) {
      coverage = connect(heard(coverage, START + minute * MINUTE_MS), START + (minute + 1) * MINUTE_MS);
    }
    expect(coverage.stream?.holes).toHaveLength(MAX_HOLES);
    expect(coverage.lost.map(({ reason }) => reason)).toEqual(["details_dropped"]);
  });

  it.each([
    { title: "and every connection is made", isMade: () => true },
    { title: "and no connection is made", isMade: () => false },
    { title: "and every third connection is made", isMade: (n: number) => n % 3 === 2 },
  ])("leaves room in the ledger, however often a thousand rules become others, $title", ({ isMade }) => {
    let coverage = begun;
    for (let n = 0; n < 30; n += 1) {
      const rules = Array.from({ length: 1_000 }, (_, at) =>
        (10 ** 11 + n * 1_000 + at).toString(16).padStart(12, "0"),
      );
      const texts = rules.map((rule) => ({ rule, value: "x".repeat(1_024), tag: rule }));
      const atMs = START + n * 2 * MINUTE_MS;
      const at = { atMs, set: { id: `set-${n}`, rules }, texts };
      coverage = connecting(coverage, at);
      if (isMade(n)) coverage = heard(connected(coverage, at), atMs + MINUTE_MS);
    }
    const ledger = withCoverage(newLedger(START, 1), coverage);
    // A second query or two have room beside it.
    expect(Buffer.byteLength(JSON.stringify(ledger))).toBeLessThan(0.9 * MAX_LEDGER_BYTES);
    expect(coverage.stream?.holes.length).toBeGreaterThan(3);
  });
});
