/**
 * X's billing cycle: a month that starts at 00:00 UTC on a fixed day of the month (`cap_reset_day` of
 * `GET /2/usage/tweets`). Pure; times in epoch milliseconds.
 */

export interface BillingCycle {
  /** Day of the month on which cycles start, 1 to 31; months that are too short start on their last day. */
  readonly day: number;
  /** First moment of the cycle. */
  readonly startMs: number;
  /** First moment of the next cycle. */
  readonly endMs: number;
}

/** Unless X or the user says otherwise. */
export const DEFAULT_CYCLE_DAY = 1;

/** The cycle that holds `nowMs`. */
export function cycleAt(nowMs: number, day: number): BillingCycle {
  const now = new Date(nowMs);
  const month = now.getUTCFullYear() * 12 + now.getUTCMonth();
  const first = nowMs >= startIn(month, day) ? month : month - 1;
  return { day, startMs: startIn(first, day), endMs: startIn(first + 1, day) };
}

/** @param month months since year 0 */
function startIn(month: number, day: number): number {
  const year = Math.floor(month / 12);
  // Day 0 of the next month is the last day of this one.
  const lastDay = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate();
  return Date.UTC(year, month % 12, Math.min(day, lastDay));
}
