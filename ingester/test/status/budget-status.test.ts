import { budgetStatusOf, limitStatusOf, spentBy, withRate } from "../../src/status/budget-status";
import { interval, USE } from "./events";
import { CATS, CYCLE_END, DOGS, HOUR, ledgerWith, MINUTE, NOON, TERMS } from "./helpers";

const PAGE = { posts: 10, usd: 0.05 };
const risk = { key: CATS.key, atMs: NOON, amounts: { posts: 100 } };
const reservation = {
  ...{ id: "1.1", key: CATS.key, fence: 1, atMs: NOON, amounts: { posts: 20 } },
  interval: interval(NOON - HOUR, NOON),
};
const project = { posts: 9_588, others: 7_000, readAtMs: NOON - MINUTE };
const FULL = ledgerWith({ budget: { risks: [risk], reservations: [reservation], project } });

describe("the status of the budget", () => {
  it("distinguishes ours, at risk, reserved and others, in posts and in dollars", () => {
    expect(budgetStatusOf(FULL, TERMS, PAGE)).toMatchObject({
      cycleStartMs: Date.parse("2026-11-01T00:00:00Z"),
      cycleEndMs: CYCLE_END,
      spent: { posts: 2_468, usd: 12.34 },
      atRisk: { posts: 100, usd: 0.5 },
      reserved: { posts: 20, usd: 0.1 },
      others: { posts: 7_000, usd: 35 },
      project: { posts: 9_588, readAtMs: NOON - MINUTE },
      scope: "project",
      byQuery: [
        { key: CATS.key, posts: 2_000, usd: 10 },
        { key: DOGS.key, posts: 468, usd: 2.34 },
      ],
    });
  });

  it("counts all of them against the limits", () => {
    expect(budgetStatusOf(FULL, TERMS, PAGE)).toMatchObject({
      limits: [
        {
          limit: "MONTHLY_USD_LIMIT",
          unit: "usd",
          allowed: 50,
          used: 47.94,
          left: expect.closeTo(2.06, 6),
          renewsAtMs: CYCLE_END,
        },
      ],
      usedPercent: expect.closeTo(95.88, 6),
    });
  });

  it("leaves others out of the limits when only our own count", () => {
    const budget = budgetStatusOf(FULL, { ...TERMS, scope: "own" }, PAGE);
    expect(budget).toMatchObject({ scope: "own", others: { posts: 7_000 }, limits: [{ used: 12.94 }] });
  });

  it("knows nothing of the project until X has been asked", () => {
    const budget = budgetStatusOf(ledgerWith(), TERMS, PAGE);
    expect(budget).not.toHaveProperty("project");
    expect(budget.others).toEqual({ posts: 0, usd: 0 });
  });

  it("lists monthly limits alone, in their own units", () => {
    const limits = { monthlyPosts: 10_000, monthlyUsd: 50, maxPosts: 5, maxUsd: 1 };
    const budget = budgetStatusOf(ledgerWith(), { ...TERMS, limits }, PAGE);
    expect(budget.limits.map(({ limit, unit, left }) => [limit, unit, left])).toEqual([
      ["MONTHLY_POST_LIMIT", "posts", 7_532],
      ["MONTHLY_USD_LIMIT", "usd", 37.66],
    ]);
  });

  it("has no share without a limit", () => {
    const budget = budgetStatusOf(ledgerWith(), { ...TERMS, limits: { maxPosts: 10 } }, PAGE);
    expect(budget.limits).toEqual([]);
    expect(budget).not.toHaveProperty("usedPercent");
  });

  it.each([
    ["what is left buys a page", 2_478, 99.6],
    ["what is left buys no page", 2_477, 100],
    ["more is used than allowed", 1_234, 200],
  ])("uses the expected share when %s", (_what, monthlyPosts, percent) => {
    const budget = budgetStatusOf(ledgerWith(), { ...TERMS, limits: { monthlyPosts } }, PAGE);
    expect(budget.usedPercent).toBeCloseTo(percent, 1);
    expect(budget.limits[0]?.left).toBe(Math.max(0, monthlyPosts - 2_468));
  });
});

describe("what one query has spent", () => {
  it("includes what is at risk for it, and nothing of the others", () => {
    expect(spentBy(FULL, CATS.key, TERMS.prices)).toBe(10.5);
    expect(spentBy(FULL, DOGS.key, TERMS.prices)).toBe(2.34);
    expect(spentBy(FULL, "unknown", TERMS.prices)).toBe(0);
  });
});

describe("the status of a limit", () => {
  it("never leaves less than nothing", () => {
    expect(limitStatusOf({ ...USE, spent: 60_000_000 })).toMatchObject({ left: 0, allowed: 50 });
  });

  it("names no renewal for a limit of this process", () => {
    const use = { ...USE, limit: "--max-posts", unit: "posts" as const, renewsAtMs: undefined };
    expect(limitStatusOf(use)).not.toHaveProperty("renewsAtMs");
  });
});

describe("when a limit runs out", () => {
  const rate = { overMs: HOUR, postsPerHour: 100, usdPerHour: 0.5 };
  const terms = { ...TERMS, limits: { monthlyPosts: 2_668, monthlyUsd: 22.34 } };
  const budget = budgetStatusOf(ledgerWith(), terms, PAGE);

  it("is what is left, at the rate of the last hours, in the limit's own unit", () => {
    const { limits } = withRate(budget, rate, NOON);
    expect(limits.map(({ limit, runsOutAtMs = 0 }) => [limit, (runsOutAtMs - NOON) / HOUR])).toEqual([
      ["MONTHLY_POST_LIMIT", 2],
      ["MONTHLY_USD_LIMIT", 20],
    ]);
  });

  it.each([
    ["nothing is bought", { ...rate, postsPerHour: 0, usdPerHour: 0 }],
    ["no rate is known", undefined],
  ])("is left out when %s", (_what, unknown) => {
    for (const limit of withRate(budget, unknown, NOON).limits)
      expect(limit).not.toHaveProperty("runsOutAtMs");
  });
});
