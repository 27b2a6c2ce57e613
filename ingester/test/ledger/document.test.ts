import { MAX_CORRECTIONS, newBudget } from "../../src/ledger/budget";
import { MAX_LOST, MAX_OWNED, newCoverage } from "../../src/ledger/coverage";
import { parseLedger, serializeLedger } from "../../src/ledger/document";
import { type Ledger, MAX_LEDGER_BYTES, newLedger, withWorker } from "../../src/ledger/ledger";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const BIG = "9223372036854775806";
const interval = { after: BIG, through: BIG };

const full: Ledger = {
  ...withWorker(newLedger(NOW, 1), {
    leaseSeconds: 30,
    command: "run",
    since: "2026-11-23T12:00:00.000Z",
    process: { pid: 1, startTicks: "2", host: { name: "h", bootId: "b", pidNamespace: "n" } },
  }),
  coverage: [
    {
      ...newCoverage("tweet_stream/cats", "cats"),
      start: "5",
      owned: [interval],
      lost: [{ ...interval, reason: "search_window", recordedAt: "2026-11-23T12:00:00.000Z" }],
      claims: [{ ...interval, fence: 1 }],
    },
  ],
  budget: {
    ...newBudget(NOW, 1),
    project: { posts: 1, others: 0, readAtMs: NOW },
    spent: [{ key: "cats", amounts: { posts: 1, includedUsers: 2 } }],
    risks: [{ key: "cats", atMs: NOW, amounts: { posts: 1 } }],
    reservations: [
      {
        ...{ id: "1.0", key: "cats", fence: 1, interval, atMs: NOW, amounts: { posts: 100 } },
        carried: { key: "cats", interval, atMs: NOW, amounts: { posts: 100 } },
      },
    ],
    corrections: [{ at: "x", what: "release", reason: "r", before: { posts: 1 }, after: {} }],
  },
};

describe("the ledger as text", () => {
  it("comes back as it was", () => {
    expect(parseLedger(serializeLedger(full))).toEqual({ ledger: full });
  });

  it("is read with the time at which an older ingester noticed the turn of the cycle", () => {
    const older = { ...full, budget: { ...full.budget, turnedAtMs: NOW } };
    expect(parseLedger(JSON.stringify(older))).toEqual({ ledger: older });
  });

  it("keeps members of a newer ingester", () => {
    expect(parseLedger(JSON.stringify({ ...full, audit: { signed: true } }))).toMatchObject({
      ledger: { audit: { signed: true } },
    });
  });

  it.each<[string, unknown, RegExp]>([
    ["no JSON", undefined, /no JSON object/],
    ["a list", [], /no JSON object/],
    ["no format", { ...full, format: undefined }, /format must be 2, got none/],
    ["the format before", { ...full, format: 1 }, /format must be 2, got 1/],
    [
      "an id that is a number",
      { ...full, coverage: [{ ...full.coverage[0], owned: [{ after: 1, through: 2 }] }] },
      /"coverage"/,
    ],
    [
      "an id above 64 bits",
      { ...full, coverage: [{ ...full.coverage[0], start: "99999999999999999999" }] },
      /"coverage"/,
    ],
    ["a budget without a cycle", { ...full, budget: { ...full.budget, cycle: undefined } }, /"budget"/],
    [
      "amounts that are text",
      { ...full, budget: { ...full.budget, spent: [{ key: "a", amounts: { posts: "1" } }] } },
      /"budget"/,
    ],
    [
      "a worker without a host",
      { ...full, workers: [{ ...full.workers[0], process: { pid: 1 } }] },
      /"workers"/,
    ],
    ["a fence that is no number", { ...full, fence: "7" }, /"fence"/],
  ])("is refused with %s", (_case, value, words) => {
    const parsed = parseLedger(value === undefined ? "{" : JSON.stringify(value));
    expect("problem" in parsed ? parsed.problem : "").toMatch(words);
  });

  it("is refused when it would not fit into an item", () => {
    const huge = {
      ...full,
      coverage: Array.from({ length: 1_000 }, (_, n) => newCoverage(`${n}`, "x".repeat(512))),
    };
    expect(() => serializeLedger(huge)).toThrow(`at most ${MAX_LEDGER_BYTES.toLocaleString("en-US")} can`);
  });

  it("fits with a query at every bound, thirty-two ordinary ones, and every correction", () => {
    const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one);
    const worst = {
      ...newCoverage("k".repeat(200), "q".repeat(1_024)),
      owned: many(MAX_OWNED, interval),
      lost: many(MAX_LOST, {
        ...interval,
        reason: "search_window" as const,
        recordedAt: "2026-11-23T12:00:00.000Z",
      }),
      claims: many(200, { ...interval, fence: 1_000_000 }),
    };
    const ordinary = {
      ...newCoverage("k".repeat(200), "q".repeat(512)),
      owned: many(20, interval),
      claims: many(20, { ...interval, fence: 1 }),
    };
    const corrections = many(MAX_CORRECTIONS, {
      ...{ at: "2026-11-23T12:00:00.000Z", what: "set_spent" as const, reason: "r".repeat(200) },
      ...{ before: { posts: 1 }, after: { posts: 2 } },
    });
    const ledger = {
      ...full,
      coverage: [worst, ...many(32, ordinary)],
      budget: { ...full.budget, corrections },
    };
    expect(Buffer.byteLength(serializeLedger(ledger))).toBeLessThan(MAX_LEDGER_BYTES);
  });
});
