import { createHash } from "node:crypto";
import { type Contents, type Group, STREAM_NAME, UNKNOWN_NAME } from "../../../src/bucket/contents";
import { Readings } from "../../../src/bucket/readings";
import { findingsOf } from "../../../src/commands/audit/findings";
import { joined } from "../../../src/commands/audit/rows";
import { type Coverage, newCoverage } from "../../../src/ledger/coverage";
import { type Days, withDelivered } from "../../../src/ledger/days";
import { type Ledger, newLedger } from "../../../src/ledger/ledger";
import type { Limits } from "../../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../../src/ledger/prices";

const KEY = "tweet_stream/cats";
const [MONDAY, TUESDAY] = ["2026-11-23", "2026-11-24"];
const NOW = Date.parse("2026-11-25T12:00:00Z");
const HOUR_MS = 3_600_000;
const at = (date: string, hours = 10) => Date.parse(date) + hours * HOUR_MS;

interface Delivery {
  readonly date?: string;
  readonly lines: number;
  readonly key?: string;
  readonly fence?: number;
  readonly hours?: number;
}

/** A ledger that has recorded since Sunday. */
function ledgerWith(deliveries: readonly Delivery[], coverage: readonly Coverage[] = []): Ledger {
  const start: Days = { sinceMs: at("2026-11-22", 0), queries: [] };
  const days = deliveries.reduce<Days | undefined>(
    (sum, { date = MONDAY, lines, key = KEY, fence = 1, hours }) =>
      withDelivered(sum, { key, fence, nowMs: NOW }, [{ atMs: at(date, hours), billed: lines, lines }]),
    start,
  );
  const known = coverage.length === 0 ? [newCoverage(KEY, "cats")] : coverage;
  return { ...newLedger(NOW, 1), coverage: known, ...(days && { days }) };
}

/** Ids from `from`, read at an hour of a day. */
interface Lines {
  readonly date?: string;
  readonly name?: string;
  readonly from?: number;
  readonly count: number;
  readonly hours?: number;
  readonly isArchive?: boolean;
}

function bucketWith(...all: readonly Lines[]): Contents {
  const days = new Map<string, Map<string, Group>>();
  for (const { date = MONDAY, name = "cats", from = 1, count, hours = 10, isArchive = false } of all) {
    const groups = days.get(date) ?? new Map<string, Group>();
    days.set(date, groups);
    const group = groups.get(name) ?? {
      ...{ readings: new Readings(), deadLetters: new Map(), underErrors: 0, isArchive },
    };
    groups.set(name, group);
    for (let n = 0; n < count; n += 1) group.readings.add(BigInt(from + n), hours * HOUR_MS);
  }
  const none = { objects: 1, bytes: 1, lines: 1, foreign: 0, invalid: 0, unreadable: 0, bad: [] };
  return { ...none, days };
}

interface Given {
  readonly limits?: Limits;
  readonly streamName?: string;
}

function find(ledger: Ledger, contents: Contents, { limits = {}, streamName }: Given = {}) {
  const terms = { limits, prices: DEFAULT_PRICES, scope: "own" as const, deduplicates: true };
  const sides = joined({ ledger, contents, dates: [MONDAY, TUESDAY], nowMs: NOW, streamName });
  return findingsOf({ ledger, joined: sides, contents, terms, nowMs: NOW, delayMs: HOUR_MS }).map(
    ({ level, code, date, count }) => [level, code, ...(date === undefined ? [] : [date]), count],
  );
}

describe("what lies in the bucket and what the ledger says", () => {
  it("agree", () => {
    expect(find(ledgerWith([{ lines: 300 }]), bucketWith({ count: 300 }))).toEqual([]);
  });

  it("agree where the coverage was removed, and where only a hash of a long query is left", () => {
    expect(find(ledgerWith([{ lines: 3 }], [newCoverage("x", "dogs")]), bucketWith({ count: 3 }))).toEqual(
      [],
    );
    const name = "é".repeat(10);
    const key = "tweet_stream/sha256-";
    const hashed = `${key}${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
    const ledger = ledgerWith([{ lines: 3, key: hashed }], [newCoverage("x", "dogs")]);
    expect(find(ledger, bucketWith({ count: 3, name }))).toEqual([]);
  });

  it("differ by lines that are missing", () => {
    const ledger = ledgerWith([{ lines: 300 }, { date: TUESDAY, lines: 100 }]);
    const bucket = bucketWith({ count: 298 }, { date: TUESDAY, from: 1_000, count: 100 });
    expect(find(ledger, bucket)).toEqual([["breach", "missing", MONDAY, 2]]);
  });

  it("differ by lines that may be on their way", () => {
    const ledger = { ...ledgerWith([{ date: TUESDAY, lines: 10, hours: 23.9 }]) };
    const sides = joined({ ledger, contents: bucketWith(), dates: [TUESDAY], nowMs: NOW });
    const terms = { limits: {}, prices: DEFAULT_PRICES, scope: "own" as const, deduplicates: true };
    const codes = (nowMs: number) =>
      findingsOf({ ledger, joined: sides, contents: bucketWith(), terms, nowMs, delayMs: HOUR_MS }).map(
        ({ code }) => code,
      );
    expect(codes(at(TUESDAY, 24.5))).toEqual(["on_the_way"]);
    expect(codes(at(TUESDAY, 25))).toEqual(["missing"]);
  });

  it("do not hide a missing line behind one that is there twice", () => {
    const ledger = ledgerWith([{ lines: 300 }]);
    expect(find(ledger, bucketWith({ count: 299 }, { count: 1 }))).toEqual([
      ["breach", "missing", MONDAY, 1],
      ["note", "sent_again", MONDAY, 1],
    ]);
    // The page of a process that ended was read again: what is missing beside it shows, too.
    expect(find(ledger, bucketWith({ count: 299 }, { count: 100, hours: 11 }))).toContainEqual([
      ...["breach", "delivered_twice", MONDAY, 1],
    ]);
  });

  it("differ by lines that were sent again, up to a tenth of a day", () => {
    const ledger = ledgerWith([{ lines: 20_000 }]);
    expect(find(ledger, bucketWith({ count: 20_000 }, { count: 2_000 }))).toEqual([
      ["note", "sent_again", MONDAY, 2_000],
    ]);
    expect(find(ledger, bucketWith({ count: 20_000 }, { count: 2_001 }))).toEqual([
      ["breach", "sent_again_too_often", MONDAY, 2_001],
    ]);
    // Of a small day, all of it may have gone without an answer once.
    expect(find(ledgerWith([{ lines: 900 }]), bucketWith({ count: 900 }, { count: 900 }))).toEqual([
      ["note", "sent_again", MONDAY, 900],
    ]);
  });

  it("differ by lines that stand for what the transform could not read", () => {
    const ledger = ledgerWith([{ lines: 300 }]);
    const bucket = bucketWith({ count: 298 }, { name: UNKNOWN_NAME, from: 9_000, count: 2 });
    expect(find(ledger, bucket)).toEqual([["note", "unreadable_for_transform", MONDAY, 2]]);
  });

  it("differ by a page that was delivered and not written down, for each worker of the day", () => {
    const ledger = ledgerWith([{ lines: 100, fence: 1 }]);
    expect(find(ledger, bucketWith({ count: 200 }))).toEqual([["note", "uncommitted", MONDAY, 100]]);
    expect(find(ledger, bucketWith({ count: 301 }))).toEqual([["breach", "not_counted", MONDAY, 201]]);
    const restarted = ledgerWith([{ lines: 100, fence: 3 }]);
    expect(find(restarted, bucketWith({ count: 301 }))).toEqual([["note", "uncommitted", MONDAY, 201]]);
  });

  it("differ by more where pages of full-archive search have 500 posts", () => {
    const ledger = ledgerWith([{ lines: 100 }]);
    expect(find(ledger, bucketWith({ count: 1_100, isArchive: true }))).toEqual([
      ["note", "uncommitted", MONDAY, 1_000],
    ]);
  });

  it("differ where the ledger was not there yet", () => {
    const ledger = { ...ledgerWith([]), days: { sinceMs: at(MONDAY, 1), queries: [] } };
    expect(find(ledger, bucketWith({ count: 900 }))).toEqual([["note", "not_recorded", MONDAY, 900]]);
  });

  it("differ by posts that were read again on one day", () => {
    const ledger = ledgerWith([{ lines: 300 }]);
    expect(find(ledger, bucketWith({ count: 300 }, { count: 100, hours: 11 }))).toEqual([
      ["note", "uncommitted", MONDAY, 100],
      ["note", "read_again", MONDAY, 100],
    ]);
    expect(find(ledger, bucketWith({ count: 300 }, { count: 300, hours: 11 }))).toEqual([
      ["breach", "not_counted", MONDAY, 300],
      ["breach", "read_again_too_often", MONDAY, 300],
    ]);
  });

  it("differ by posts that were bought on several days", () => {
    const ledger = ledgerWith([{ lines: 500 }, { date: TUESDAY, lines: 500 }]);
    const again = (count: number) =>
      bucketWith(...[{ count: 500 }, { date: TUESDAY, count }], {
        date: TUESDAY,
        from: 9_000,
        count: 500 - count,
      });
    expect(find(ledger, again(300))).toEqual([["note", "bought_again", 300]]);
    expect(find(ledger, again(301))).toEqual([["breach", "bought_again_too_often", 301]]);
  });

  it("differ by posts that the stream and the search in its holes have both brought", () => {
    const stream = { set: "", sets: [], texts: [], holes: [], bySearch: [] };
    const ledger = ledgerWith(
      [{ lines: 120, key: "tweet_stream" }],
      [{ ...newCoverage("tweet_stream", "the stream"), stream }],
    );
    const bucket = bucketWith({ name: STREAM_NAME, count: 100 }, { name: STREAM_NAME, count: 20, hours: 11 });
    expect(find(ledger, bucket)).toEqual([
      ["note", "read_twice", MONDAY, 20],
      ["note", "read_again", MONDAY, 20],
    ]);
    expect(find(ledger, bucketWith({ name: STREAM_NAME, count: 119 }))).toEqual([
      ["breach", "missing", MONDAY, 1],
    ]);
  });

  it("are compared over all keys with the same query", () => {
    const ledger = ledgerWith(
      [{ lines: 60 }, { lines: 40, key: "own" }],
      [newCoverage(KEY, "cats"), newCoverage("own", " cats ")],
    );
    expect(find(ledger, bucketWith({ count: 100 }))).toEqual([]);
    expect(find(ledger, bucketWith({ count: 60 }, { count: 40, hours: 11 }))).toEqual([
      ["note", "delivered_twice", MONDAY, 40],
      ["note", "read_again", MONDAY, 40],
    ]);
  });

  it("are not compared for another delivery stream", () => {
    const other = newCoverage("other_stream/cats", "cats");
    const ledger = ledgerWith(
      [{ lines: 60 }, { lines: 40, key: other.key }],
      [newCoverage(KEY, "cats"), other],
    );
    expect(find(ledger, bucketWith({ count: 60 }), { streamName: "tweet_stream" })).toEqual([
      ["note", "other_stream", 1],
    ]);
  });
});

describe("the ledger by itself", () => {
  const interval = { after: "10", through: "20" };
  const covered = (more: Partial<Coverage>) => [{ ...newCoverage(KEY, "cats"), ...more }];

  it("has spent no more than a limit allows", () => {
    const ledger = ledgerWith([]);
    const spent = [{ key: KEY, amounts: { posts: 90 } }];
    const risks = [{ key: KEY, atMs: NOW, amounts: { posts: 20 } }];
    const with110 = { ...ledger, budget: { ...ledger.budget, spent, risks } };

    expect(find(with110, bucketWith(), { limits: { monthlyPosts: 110 } })).toEqual([]);
    expect(find(with110, bucketWith(), { limits: { monthlyPosts: 109, monthlyUsd: 0.5 } })).toEqual([
      ["breach", "overspent", undefined],
      ["breach", "overspent", undefined],
    ]);
  });

  it.each([
    ["owned twice", { owned: [interval, { after: "15", through: "30" }] }],
    [
      "owned and lost",
      { owned: [interval], lost: [{ ...interval, reason: "search_window" as const, recordedAt: "" }] },
    ],
    [
      "claimed twice",
      {
        claims: [
          { ...interval, fence: 1 },
          { after: "19", through: "21", fence: 2 },
        ],
      },
    ],
  ])("has nothing that is %s", (_, more) => {
    expect(find(ledgerWith([], covered(more)), bucketWith())).toEqual([["breach", "overlap", undefined]]);
  });

  it("has neighbours in its coverage, which do not overlap", () => {
    const owned = [interval, { after: "25", through: "30" }];
    const claims = [
      { after: "20", through: "22", fence: 1 },
      { after: "22", through: "25", fence: 2 },
    ];
    expect(find(ledgerWith([], covered({ owned, claims })), bucketWith())).toEqual([]);
  });
});
