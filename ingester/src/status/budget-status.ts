/** The budget in the units that people read. */
import { totalAtRisk, totalReserved, totalSpent } from "../ledger/account";
import type { Ledger } from "../ledger/ledger";
import { type LimitUse, type Terms, usedOf, usedPercent, useOfLimits } from "../ledger/limits";
import { type Amounts, costInUsd, type Prices, plus, postReads, toUsd } from "../ledger/prices";
import { HOUR_MS, type Rate, type Sample } from "./spend-rate";

/** So much of something, in posts as X counts them and in dollars. */
export interface Sum {
  readonly posts: number;
  readonly usd: number;
}

export interface BudgetStatus {
  readonly cycleStartMs: number;
  readonly cycleEndMs: number;
  /** Settled in this billing cycle, by everything that uses this ledger. */
  readonly spent: Sum;
  /** What answers that never arrived may have cost. */
  readonly atRisk: Sum;
  /** Worst cases of requests under way. */
  readonly reserved: Sum;
  /** Used by other programs of the project, as far as X's figure says. */
  readonly others: Sum;
  /** X's own figure for the whole project; absent until X has been asked. */
  readonly project?: { readonly posts: number; readonly readAtMs: number };
  /** Whether the others count against the limits. */
  readonly scope: Terms["scope"];
  readonly byQuery: readonly (Sum & { readonly key: string })[];
  readonly limits: readonly LimitStatus[];
  /** Share of the tightest monthly limit that is used; 100 too when what is left buys no page. Absent without one. */
  readonly usedPercent?: number;
  /** Of the last hours; absent until enough of them have been measured. */
  readonly rate?: Rate;
}

export interface LimitStatus {
  readonly limit: string;
  readonly unit: "posts" | "usd";
  readonly allowed: number;
  readonly used: number;
  readonly left: number;
  readonly renewsAtMs?: number;
  /** When nothing is left at `rate`, be it after the renewal; absent while that is not known, or nothing is bought. */
  readonly runsOutAtMs?: number;
}

export function budgetStatusOf(
  { budget }: Ledger,
  terms: Terms,
  smallestPage: { readonly posts: number; readonly usd: number },
): BudgetStatus {
  const { project, spent } = budget;
  const sum = (amounts: Amounts) => sumOf(amounts, terms.prices);
  const uses = useOfLimits({ budget, run: { spent: [], reservations: [], risks: [] } }, terms);
  const monthly = uses.filter(({ renewsAtMs }) => renewsAtMs !== undefined);
  const percent = usedPercent(monthly, smallestPage);
  return {
    cycleStartMs: budget.cycle.startMs,
    cycleEndMs: budget.cycle.endMs,
    spent: sum(totalSpent(budget)),
    atRisk: sum(totalAtRisk(budget)),
    reserved: sum(totalReserved(budget)),
    others: sum({ posts: project?.others ?? 0 }),
    ...(project === undefined ? {} : { project: { posts: project.posts, readAtMs: project.readAtMs } }),
    scope: terms.scope,
    byQuery: spent.map(({ key, amounts }) => ({ key, ...sum(amounts) })),
    limits: monthly.map(limitStatusOf),
    ...(percent === undefined ? {} : { usedPercent: percent }),
  };
}

/** What one query has spent in this cycle, its requests at risk included. */
export function spentBy({ budget }: Ledger, key: string, prices: Prices): number {
  const amounts = [...budget.spent, ...budget.risks].filter((entry) => entry.key === key);
  return costInUsd(plus(...amounts.map((entry) => entry.amounts)), prices);
}

export function limitStatusOf(use: LimitUse): LimitStatus {
  const scale = use.unit === "posts" ? (count: number) => count : toUsd;
  const used = usedOf(use);
  return {
    limit: use.limit,
    unit: use.unit === "posts" ? "posts" : "usd",
    allowed: scale(use.allowed),
    used: scale(used),
    left: scale(Math.max(0, use.allowed - used)),
    ...(use.renewsAtMs === undefined ? {} : { renewsAtMs: use.renewsAtMs }),
  };
}

/** What has been used by now, for the rate. */
export function sampleOf(
  { spent, others, project, scope, cycleStartMs }: BudgetStatus,
  atMs: number,
): Sample {
  const counted = scope === "project" ? others : { posts: 0, usd: 0 };
  const knowsOthers = scope === "own" || project !== undefined;
  const used = { posts: spent.posts + counted.posts, usd: spent.usd + counted.usd };
  return { atMs, cycleStartMs, knowsOthers, ...used };
}

/** The same budget, with when each limit runs out at this rate. */
export function withRate(budget: BudgetStatus, rate: Rate | undefined, nowMs: number): BudgetStatus {
  if (rate === undefined) return budget;
  const limits = budget.limits.map((limit) => {
    const perHour = limit.unit === "posts" ? rate.postsPerHour : rate.usdPerHour;
    const hours = limit.left / perHour;
    return Number.isFinite(hours) ? { ...limit, runsOutAtMs: Math.round(nowMs + hours * HOUR_MS) } : limit;
  });
  return { ...budget, limits, rate };
}

function sumOf(amounts: Amounts, prices: Prices): Sum {
  return { posts: postReads(amounts), usd: costInUsd(amounts, prices) };
}
