import { NEW_ACCOUNT } from "../../src/ledger/account";
import { type Budget, newBudget } from "../../src/ledger/budget";
import {
  type Accounts,
  chargeWithin,
  type Limits,
  type LimitUse,
  smallestPurchase,
  type Terms,
  usedOf,
  usedPercent,
  useOfLimits,
} from "../../src/ledger/limits";
import { type Amounts, DEFAULT_PRICES } from "../../src/ledger/prices";
import { reserve } from "../../src/ledger/reserve";
import { firstIdAt } from "../../src/posts/ids";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const HOLE = { after: firstIdAt(NOW - 9_000_000), through: firstIdAt(NOW - 3_600_000) };
const READ = { minPosts: 10, maxPosts: 100, perPost: { posts: 1 } };

function termsOf(limits: Limits, overrides: Partial<Terms> = {}): Terms {
  return { limits, prices: DEFAULT_PRICES, scope: "project", deduplicates: true, ...overrides };
}

function accountsWith(budget: Partial<Budget> = {}, run: Partial<Accounts["run"]> = {}): Accounts {
  return { budget: { ...newBudget(NOW, 1), ...budget }, run: { ...NEW_ACCOUNT, ...run } };
}

const spent = (amounts: Amounts) => ({ spent: [{ key: "cats", amounts }] });

function ask(accounts: Accounts, terms: Terms, read = READ) {
  return reserve(accounts, { id: "1.0", key: "cats", fence: 1, hole: HOLE, read }, { terms, nowMs: NOW });
}

/** The posts that may be bought, or the name of the limit that forbids it. */
function outcome(...args: Parameters<typeof ask>): number | string {
  const answer = ask(...args);
  return "accounts" in answer ? answer.maxPosts : answer.limit;
}

describe("a reservation under limits", () => {
  it.each<[string, Limits, Accounts, number | string]>([
    ["nothing is limited", {}, accountsWith(spent({ posts: 9_999 })), 100],
    ["a limit is far away", { monthlyPosts: 1_000 }, accountsWith(spent({ posts: 300 })), 100],
    ["a limit is near", { monthlyPosts: 320 }, accountsWith(spent({ posts: 300 })), 20],
    ["the smallest page just fits", { monthlyPosts: 310 }, accountsWith(spent({ posts: 300 })), 10],
    [
      "it does not fit any more",
      { monthlyPosts: 309 },
      accountsWith(spent({ posts: 300 })),
      "MONTHLY_POST_LIMIT",
    ],
    [
      "dollars are the tighter limit",
      { monthlyPosts: 900, monthlyUsd: 2 },
      accountsWith(spent({ posts: 388 })),
      12,
    ],
    ["the run has its own limit", { maxPosts: 50 }, accountsWith({}, spent({ posts: 15 })), 35],
    ["the run has its own dollars", { maxUsd: 0.1 }, accountsWith({}, spent({ posts: 5 })), 15],
    [
      "both are reached: the run's is named",
      { maxPosts: 10, monthlyPosts: 10 },
      accountsWith(spent({ posts: 10 }), spent({ posts: 10 })),
      "--max-posts",
    ],
    [
      "others have used it up",
      { monthlyUsd: 5 },
      accountsWith({ project: { posts: 995, others: 995, readAtMs: NOW } }),
      "MONTHLY_USD_LIMIT",
    ],
  ])("buys what every limit leaves when %s", (_case, limits, accounts, expected) => {
    expect(outcome(accounts, termsOf(limits))).toBe(expected);
  });

  it("leaves others out with LIMIT_SCOPE=own", () => {
    const accounts = accountsWith({ project: { posts: 995, others: 995, readAtMs: NOW } });
    expect(outcome(accounts, termsOf({ monthlyPosts: 1_000 }, { scope: "own" }))).toBe(100);
  });

  it("counts the worst case of what can come with a post", () => {
    const read = { ...READ, perPost: { posts: 1, includedPosts: 2, includedUsers: 1 } };
    expect(outcome(accountsWith(), termsOf({ monthlyPosts: 100 }), read)).toBe(33);
    expect(outcome(accountsWith(), termsOf({ monthlyUsd: 1 }), read)).toBe(40);
  });

  it("never lets a sum of dollars drift", () => {
    let accounts = accountsWith();
    const terms = termsOf({ monthlyUsd: 0.35 });
    for (let n = 0; n < 7; n += 1) accounts = accountsWith(spent({ posts: 10 * (n + 1) }));
    expect(outcome(accounts, terms)).toBe("MONTHLY_USD_LIMIT");
    expect(outcome(accountsWith(spent({ posts: 60 })), terms)).toBe(10);
  });

  it("may use again what is at risk for the same posts, to the last post of a limit", () => {
    const risks = [{ key: "cats", interval: HOLE, atMs: NOW - 60_000, amounts: { posts: 100 } }];
    expect(outcome(accountsWith({ ...spent({ posts: 200 }), risks }), termsOf({ monthlyPosts: 320 }))).toBe(
      100,
    );
    expect(outcome(accountsWith({ ...spent({ posts: 220 }), risks }), termsOf({ monthlyPosts: 320 }))).toBe(
      100,
    );
    expect(outcome(accountsWith({ ...spent({ posts: 250 }), risks }), termsOf({ monthlyPosts: 320 }))).toBe(
      70,
    );
  });

  it("adds every attempt when X's daily charge is not relied on", () => {
    const risks = [{ key: "cats", interval: HOLE, atMs: NOW - 60_000, amounts: { posts: 100 } }];
    const accounts = accountsWith({ ...spent({ posts: 200 }), risks });
    expect(outcome(accounts, termsOf({ monthlyPosts: 320 }, { deduplicates: false }))).toBe(20);
  });

  it("is booked in both accounts", () => {
    const answer = ask(accountsWith(), termsOf({ monthlyPosts: 40 }));
    if (!("accounts" in answer)) throw new Error("refused");
    const { budget, run } = answer.accounts;
    expect([budget.reservations, run.reservations]).toMatchObject([
      [{ id: "1.0", amounts: { posts: 40 }, interval: HOLE }],
      [{ id: "1.0", amounts: { posts: 40 } }],
    ]);
  });
});

describe("where a limit stands", () => {
  it("says apart what is spent, at risk, reserved and used by others", () => {
    const budget = {
      ...spent({ posts: 70 }),
      risks: [{ key: "cats", atMs: NOW, amounts: { posts: 10 } }],
      project: { posts: 85, others: 5, readAtMs: NOW },
    };
    const answer = ask(accountsWith(budget), termsOf({ monthlyPosts: 90 })) as LimitUse;
    expect(answer).toEqual({
      ...{ limit: "MONTHLY_POST_LIMIT", unit: "posts", allowed: 90 },
      ...{ spent: 70, atRisk: 10, reserved: 0, others: 5, renewsAtMs: Date.parse("2026-12-01T00:00:00Z") },
    });
    expect(usedOf(answer)).toBe(85);
  });

  it("is given in percent of the tightest monthly limit, and as 100 when what is left buys no page", () => {
    const page = smallestPurchase(READ, DEFAULT_PRICES);
    const percent = (posts: number, limits: Limits) =>
      usedPercent(useOfLimits(accountsWith(spent({ posts })), termsOf(limits)), page);
    expect(percent(50, { monthlyPosts: 200, monthlyUsd: 0.5 })).toBe(50);
    expect(percent(191, { monthlyPosts: 200 })).toBe(100);
    expect(percent(190, { monthlyPosts: 200 })).toBe(95);
    expect(percent(50, { maxPosts: 60 })).toBeUndefined();
  });
});

describe("a price that is known before", () => {
  it("is booked under the name of its command", () => {
    const amounts = { recentCounts: 1 };
    const budget = chargeWithin(newBudget(NOW, 1), {
      key: "estimate",
      amounts,
      terms: termsOf({ monthlyUsd: 1 }),
    });
    expect(budget).toMatchObject({ spent: [{ key: "estimate", amounts }] });
  });

  it("is refused by a limit that has no room for it", () => {
    const full = { ...newBudget(NOW, 1), ...spent({ posts: 200 }) };
    const terms = termsOf({ monthlyUsd: 1 });
    expect(chargeWithin(full, { key: "estimate", amounts: { recentCounts: 1 }, terms })).toMatchObject({
      limit: "MONTHLY_USD_LIMIT",
    });
  });
});

describe("the smallest purchase", () => {
  it("is X's smallest page with everything that can come with it", () => {
    const perPost = { posts: 1, includedPosts: 2, includedUsers: 1 };
    expect(smallestPurchase({ ...READ, perPost }, DEFAULT_PRICES)).toEqual({ posts: 30, usd: 0.25 });
  });
});
