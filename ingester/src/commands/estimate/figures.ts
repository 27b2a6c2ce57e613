/** What counts say about the price of a query. Pure. */
import type { Prices } from "../../ledger/prices";
import type { LimitStatus } from "../../status/budget-status";
import type { CountBucket } from "../../x/search/counts";

export interface Amount {
  readonly posts: number;
  readonly usd: number;
}

export interface Day {
  /** UTC, such as 2026-11-20. */
  readonly date: string;
  readonly posts: number;
  /** That the count spans of the day, at most 24. */
  readonly hours: number;
}

/** A query with one more term. */
export interface Variant {
  readonly term: string;
  readonly query: string;
  readonly perMonth: Amount;
  /** Of the query without the term, in percent; 100 where that has no posts. */
  readonly percent: number;
}

export interface Estimate {
  /** As logs and the status page call it. */
  readonly name: string;
  readonly query: string;
  /** Hours that the count spans. */
  readonly hours: number;
  readonly posts: number;
  readonly perHour: Amount;
  readonly perDay: Amount;
  /** 30 days. */
  readonly perMonth: Amount;
  /** Oldest first. */
  readonly days: readonly Day[];
  readonly variants: readonly Variant[];
  /** What the counts of the query and its variants cost. */
  readonly requestUsd: number;
  /** False without CHECKPOINT_FILE or CHECKPOINT_TABLE: the requests are in no budget. */
  readonly metered: boolean;
}

/** How long a limit lasts at the rate of all queries together. */
export interface Lasting extends Pick<LimitStatus, "limit" | "unit" | "allowed" | "left"> {
  /** Hours; absent where nothing would be bought. */
  readonly wholeHours?: number;
  readonly leftHours?: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
export const MONTH_DAYS = 30;

export interface Counted {
  readonly name: string;
  readonly query: string;
  readonly buckets: readonly CountBucket[];
  readonly variants: readonly {
    readonly term: string;
    readonly query: string;
    readonly buckets: readonly CountBucket[];
  }[];
}

/** Averages over the hours that the buckets span; X's first and last hour may be cut. */
export function estimateFrom(
  { name, query, buckets, variants }: Counted,
  { prices, ...request }: { readonly prices: Prices; readonly requestUsd: number; readonly metered: boolean },
): Estimate {
  const { posts, hours, perHour } = rateOf(buckets);
  const amount = (factor: number): Amount => ({
    posts: perHour * factor,
    usd: perHour * factor * prices.posts,
  });
  return {
    ...{ name, query, hours, posts },
    perHour: amount(1),
    perDay: amount(DAY_HOURS),
    perMonth: amount(DAY_HOURS * MONTH_DAYS),
    days: byDay(buckets),
    variants: variants.map((variant) => {
      const own = rateOf(variant.buckets).perHour;
      const monthly = own * DAY_HOURS * MONTH_DAYS;
      return {
        ...{ term: variant.term, query: variant.query },
        perMonth: { posts: monthly, usd: monthly * prices.posts },
        percent: perHour === 0 ? 100 : (100 * own) / perHour,
      };
    }),
    ...request,
  };
}

function rateOf(buckets: readonly CountBucket[]) {
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  const hours = buckets.reduce((sum, bucket) => sum + hoursOf(bucket), 0);
  return { posts, hours, perHour: hours > 0 ? posts / hours : 0 };
}

function hoursOf({ start, end }: CountBucket): number {
  return (Date.parse(end) - Date.parse(start)) / HOUR_MS;
}

function byDay(buckets: readonly CountBucket[]): readonly Day[] {
  const days = new Map<string, Day>();
  for (const bucket of buckets) {
    const date = bucket.start.slice(0, 10);
    const { posts = 0, hours = 0 } = days.get(date) ?? {};
    days.set(date, { date, posts: posts + bucket.posts, hours: hours + hoursOf(bucket) });
  }
  return [...days.values()];
}

/** @param limits of the billing cycle, as the ledger knows them, or whole where there is none */
export function lastingOf(
  estimates: readonly Estimate[],
  limits: readonly LimitStatus[],
): readonly Lasting[] {
  const total = (unit: "posts" | "usd") => estimates.reduce((sum, { perHour }) => sum + perHour[unit], 0);
  return limits.map(({ limit, unit, allowed, left }) => {
    const rate = total(unit);
    const known = { limit, unit, allowed, left };
    return rate === 0 ? known : { ...known, wholeHours: allowed / rate, leftHours: left / rate };
  });
}

/** The query with one more term; alternatives are kept together, in either. */
export function withTerm(query: string, term: string): string {
  return [query, term].map((part) => (/\bOR\b/.test(part) ? `(${part})` : part)).join(" ");
}
