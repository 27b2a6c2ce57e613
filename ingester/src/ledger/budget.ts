/**
 * The budget: one account per billing cycle for everything that is paid from one X account, with X's own figure beside
 * it and corrections by a person. Pure; times in epoch milliseconds of X's clock.
 */
import { type Account, NEW_ACCOUNT, totalAtRisk, totalReserved, totalSpent, withSpent } from "./account";
import { type BillingCycle, cycleAt } from "./billing-cycle";
import { type Amounts, plus, postReads } from "./prices";
import { withOldRisksMerged } from "./risks";

export interface Budget extends Account {
  readonly cycle: BillingCycle;
  /** X's own figure; absent until X has been asked in this cycle. */
  readonly project?: ProjectUsage;
  /** The latest corrections, oldest first. */
  readonly corrections: readonly Correction[];
}

/** What X has counted in this cycle for the whole project, other programs included. It lags. */
export interface ProjectUsage {
  readonly posts: number;
  /** The part that this ledger does not know; never lowered within a cycle, because X's figure lags. */
  readonly others: number;
  readonly readAtMs: number;
}

/** A change by a person. */
export interface Correction {
  /** ISO 8601. */
  readonly at: string;
  readonly what: "set_spent" | "release";
  readonly reason: string;
  readonly before: Amounts;
  readonly after: Amounts;
}

/** Whether X's project-wide figure counts against the limits. */
export type LimitScope = "project" | "own";

/** Key of the spending that a person has set. */
export const CORRECTION_KEY = "correction";
/** Own bound. */
export const MAX_CORRECTIONS = 50;
/** X's figure lags: on the first day of a cycle it may still be that of the cycle before. */
export const USAGE_SETTLING_MS = 24 * 60 * 60_000;

export function newBudget(nowMs: number, cycleDay: number): Budget {
  return { ...NEW_ACCOUNT, cycle: cycleAt(nowMs, cycleDay), corrections: [] };
}

/**
 * The budget as of now. A new cycle starts with nothing spent; requests under way stay, and count in the cycle in which
 * they are settled. The same object when nothing has changed.
 */
export function budgetAt(budget: Budget, nowMs: number): Budget {
  const { cycle, reservations, corrections } = budget;
  if (nowMs >= cycle.endMs) {
    return { ...newBudget(nowMs, cycle.day), reservations, corrections };
  }
  const risks = withOldRisksMerged(budget.risks, nowMs);
  return risks === budget.risks ? budget : { ...budget, risks };
}

/** Another day of the month moves the end of the running cycle. What has been spent stays until that end. */
export function withCycleDay(budget: Budget, day: number, nowMs: number): Budget {
  if (day === budget.cycle.day) return budget;
  const cycle = cycleAt(nowMs, day);
  const isUntouched = postReads(committed(budget, "own")) === 0;
  if (!isUntouched) return { ...budget, cycle: { ...cycle, startMs: budget.cycle.startMs } };
  const { project, ...rest } = budget;
  const isOfCycle = project !== undefined && !isSettling(cycle, project.readAtMs);
  return { ...rest, cycle, ...(isOfCycle && { project }) };
}

/** Takes over X's own figure, except on the first day of X's cycle. */
export function withProjectUsage(budget: Budget, posts: number, nowMs: number): Budget {
  if (isSettling(budget.cycle, nowMs)) return budget;
  const others = Math.max(budget.project?.others ?? 0, besidesOurs(budget, posts));
  return { ...budget, project: { posts, others, readAtMs: nowMs } };
}

/** What others have used of X's figure. */
function besidesOurs(budget: Budget, posts: number): number {
  return Math.max(0, posts - postReads(plus(totalSpent(budget), totalAtRisk(budget))));
}

/**
 * Whether X's figure at this time may be that of the cycle before. The day alone says when X's cycle has started: this
 * ledger may notice the turn weeks later, and after a change of the day its own cycle has an earlier start.
 */
function isSettling({ day, startMs }: BillingCycle, atMs: number): boolean {
  return atMs < Math.max(startMs, cycleAt(atMs, day).startMs) + USAGE_SETTLING_MS;
}

/** What the limits are compared with: spent, at risk, reserved, and the posts of others where they count. */
export function committed(budget: Budget, scope: LimitScope): Amounts {
  const ours = plus(totalSpent(budget), totalAtRisk(budget), totalReserved(budget));
  return scope === "own" ? ours : plus(ours, { posts: budget.project?.others ?? 0 });
}

/** A price that is known before the request, such as that of a counts request. Taken back when X refuses it. */
export function charged<A extends Account>(account: A, key: string, amounts: Amounts): A {
  return { ...account, spent: withSpent(account.spent, key, amounts) };
}

/** Sets what has been spent in this cycle. @param posts negative numbers are refused by the caller */
export function withSpentSet(budget: Budget, posts: number, { reason, nowMs }: Correcting): Budget {
  const before = totalSpent(budget);
  const spent = posts === 0 ? [] : [{ key: CORRECTION_KEY, amounts: { posts } }];
  return corrected({ ...budget, spent }, { what: "set_spent", before, after: { posts }, reason, nowMs });
}

/** Drops what is at risk: a person knows that X has not billed it. */
export function withRisksReleased(budget: Budget, { reason, nowMs }: Correcting): Budget {
  const before = totalAtRisk(budget);
  return corrected({ ...budget, risks: [] }, { what: "release", before, after: {}, reason, nowMs });
}

export interface Correcting {
  /** Kept with the correction. */
  readonly reason: string;
  readonly nowMs: number;
}

/**
 * What others have used is what our corrected figure leaves of X's. X is asked again within the hour; until then a running
 * service must not take the others' part of the limit for its own. A release makes their part no smaller.
 */
function corrected(
  { project, ...budget }: Budget,
  { nowMs, ...correction }: Omit<Correction, "at"> & { readonly nowMs: number },
): Budget {
  const entry: Correction = { at: new Date(nowMs).toISOString(), ...correction };
  const after = { ...budget, corrections: [...budget.corrections, entry].slice(-MAX_CORRECTIONS) };
  if (project === undefined) return after;
  const least = correction.what === "release" ? project.others : 0;
  return { ...after, project: { ...project, others: Math.max(least, besidesOurs(after, project.posts)) } };
}
