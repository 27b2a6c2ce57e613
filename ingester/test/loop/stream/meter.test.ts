import { totalAtRisk, totalReserved, totalSpent } from "../../../src/ledger/account";
import { newLedger } from "../../../src/ledger/ledger";
import { DEFAULT_PRICES } from "../../../src/ledger/prices";
import type { Batch } from "../../../src/loop/ports";
import { purses } from "../../../src/loop/purse";
import { Meter } from "../../../src/loop/stream/meter";
import { page } from "../../helpers/fake-ports";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const AT = { after: "1", nowMs: NOW };

function meterWith(limits: { readonly monthlyPosts?: number; readonly maxPosts?: number }) {
  const terms = { limits, prices: DEFAULT_PRICES, scope: "own" as const, deduplicates: true };
  const meter = new Meter({
    key: "k",
    fence: 1,
    perPost: { posts: 1 },
    terms,
    purse: purses("pushed").pushed,
  });
  return { meter, ledger: newLedger(NOW, 1) };
}

function batch(posts: number, onTheWay?: number): Batch {
  const ids = Array.from({ length: posts }, (_, at) => String(1_000 + at));
  return {
    ...{ page: page(ids), lines: [], unknown: 0, heardMs: NOW },
    ...(onTheWay !== undefined && { end: { reason: "closed", onTheWay } }),
  };
}

describe("what may be pushed before it is paid for", () => {
  it.each<[string, number | undefined, number]>([
    ["2,500 posts where nothing limits them", undefined, 2_500],
    ["2,500 posts where a limit is far", 1_000_000, 2_500],
    ["a twentieth of what a limit leaves", 10_000, 500],
    ["100 posts where that is more", 1_000, 100],
    ["what a limit leaves, where that is less", 60, 60],
    ["nothing, where a connection would have to be closed at once", 39, 0],
  ])("is %s", (_, monthlyPosts, expected) => {
    const { meter, ledger } = meterWith(monthlyPosts === undefined ? {} : { monthlyPosts });
    const booked = meter.opened(ledger, "1", NOW);
    expect([booked.posts, totalReserved(booked.ledger.budget).posts ?? 0]).toEqual([expected, expected]);
  });

  it("is enough for a burst of ten times the highest rate seen", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 100_000_000 });
    meter.noteRate(batch(250));
    const { posts } = meter.opened(ledger, "1", NOW);
    // A second of the burst, and three seconds on their way.
    expect(posts).toBeGreaterThanOrEqual(4 * 10 * 250);
  });
});

describe("a batch", () => {
  it("leaves what was allowed before it reserved, although others have used up the limit meanwhile", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 200 });
    const open = meter.opened(ledger, "1", NOW);
    meter.keep(open);
    const { budget } = open.ledger;
    const usedUp = {
      ...open.ledger,
      budget: { ...budget, spent: [{ key: "cats", amounts: { posts: 100 } }] },
    };
    const paid = meter.charged(usedUp, batch(1), AT);
    meter.keep(paid);
    expect([paid.posts, totalReserved(paid.ledger.budget)]).toEqual([99, { posts: 99 }]);
    const ended = meter.charged(paid.ledger, batch(4, 20), AT);
    expect(totalAtRisk(ended.ledger.budget)).toEqual({ posts: 20 });
  });

  it("is charged, and as much is allowed again", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 1_000 });
    const open = meter.opened(ledger, "1", NOW);
    meter.keep(open);
    const paid = meter.charged(open.ledger, batch(30), AT);
    expect([paid.posts, totalSpent(paid.ledger.budget), totalReserved(paid.ledger.budget)]).toEqual([
      100,
      { posts: 30 },
      { posts: 100 },
    ]);
  });

  it("that ends a connection leaves at risk what was on its way, at most what was reserved", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 1_000 });
    const open = meter.opened(ledger, "1", NOW);
    meter.keep(open);
    const paid = meter.charged(open.ledger, batch(90, 50), AT);
    const { budget } = paid.ledger;
    expect([totalSpent(budget), totalAtRisk(budget), totalReserved(budget)]).toEqual([
      { posts: 90 },
      { posts: 10 },
      {},
    ]);
  });

  it("that ends a connection cleanly leaves nothing at risk", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 1_000 });
    const open = meter.opened(ledger, "1", NOW);
    meter.keep(open);
    const { budget } = meter.charged(open.ledger, batch(3, 0), AT).ledger;
    expect([totalAtRisk(budget), totalReserved(budget)]).toEqual([{}, {}]);
  });
});

describe("a refused connection", () => {
  it("costs nothing", () => {
    const { meter, ledger } = meterWith({ monthlyPosts: 1_000 });
    const open = meter.opened(ledger, "1", NOW);
    meter.keep(open);
    const { budget } = meter.refused(open.ledger).ledger;
    expect([totalSpent(budget), totalAtRisk(budget), totalReserved(budget)]).toEqual([{}, {}, {}]);
  });
});
