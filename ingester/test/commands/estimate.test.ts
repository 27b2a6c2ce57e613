import { describe as describeEstimate, estimateFrom } from "../../src/commands/estimate";
import { DEFAULT_PRICES } from "../../src/ledger/prices";

const PRICES = { prices: DEFAULT_PRICES, requestUsd: 0.005, metered: true };
const bucket = (start: string, end: string, posts: number) => ({ start, end, posts });

describe("an estimate", () => {
  const buckets = [
    bucket("2026-11-22T22:00:00Z", "2026-11-22T23:00:00Z", 10),
    bucket("2026-11-22T23:00:00Z", "2026-11-23T00:00:00Z", 30),
    bucket("2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z", 20),
  ];

  it("averages over the hours that were counted", () => {
    const estimate = estimateFrom("cats", buckets, PRICES);
    expect(estimate).toMatchObject({ hours: 3, posts: 60, perHour: { posts: 20 }, perDay: { posts: 480 } });
    expect(estimate.perMonth.posts).toBe(14_400);
    expect(estimate.perMonth.usd).toBeCloseTo(72);
  });

  it("counts an hour that X has cut short for what it is", () => {
    const half = [bucket("2026-11-22T22:30:00Z", "2026-11-22T23:00:00Z", 10)];
    expect(estimateFrom("cats", half, PRICES).perHour.posts).toBe(20);
  });

  it("adds hours up to days", () => {
    expect(estimateFrom("cats", buckets, PRICES).days).toEqual([
      { date: "2026-11-22", posts: 40 },
      { date: "2026-11-23", posts: 20 },
    ]);
  });

  it("is nothing for a query without posts", () => {
    expect(estimateFrom("cats", [], PRICES)).toMatchObject({ posts: 0, perMonth: { posts: 0, usd: 0 } });
  });

  it("states its own price", () => {
    const text = describeEstimate(estimateFrom("cats", buckets, PRICES));
    expect(text).toContain("This estimate cost $0.005. Cap a collection");
  });

  it("says that no budget counts it where there is no ledger", () => {
    const text = describeEstimate(estimateFrom("cats", buckets, { ...PRICES, metered: false }));
    expect(text).toContain("cost $0.005. It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE");
  });
});
