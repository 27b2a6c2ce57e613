/** What counts by hour say about the time to come. Pure. */
import type { Prices } from "../../ledger/prices";
import { usd } from "../../runtime/words";
import type { CountBucket } from "../../x/search/counts";
import type { Amount } from "./figures";

export interface Forecast {
  /** Hours that the count spans. */
  readonly hours: number;
  readonly posts: number;
  readonly perHour: Amount;
  readonly perDay: Amount;
  /** 30 days. */
  readonly perMonth: Amount;
  /** Posts by day, oldest first. */
  readonly days: readonly { readonly date: string; readonly posts: number }[];
}

/** Of an estimate itself. */
export interface EstimateCost {
  readonly requestUsd: number;
  /** False without CHECKPOINT_FILE or CHECKPOINT_TABLE: the requests are in no budget. */
  readonly metered: boolean;
}

const HOUR_MS = 3_600_000;

/**
 * Averages over the hours that the buckets span; X's first and last hour may be cut.
 * @param share of the posts that come, 0 to 1. @default 1
 */
export function forecastFrom(buckets: readonly CountBucket[], prices: Prices, share = 1): Forecast {
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0) * share;
  const spanMs = buckets.reduce((sum, { start, end }) => sum + (Date.parse(end) - Date.parse(start)), 0);
  const hours = spanMs / HOUR_MS;
  const hourly = hours > 0 ? posts / hours : 0;
  const amount = (factor: number): Amount => ({
    posts: hourly * factor,
    usd: hourly * factor * prices.posts,
  });
  return {
    ...{ hours, posts },
    perHour: amount(1),
    perDay: amount(24),
    perMonth: amount(24 * 30),
    days: byDay(buckets, share),
  };
}

function byDay(buckets: readonly CountBucket[], share: number): Forecast["days"] {
  const days = new Map<string, number>();
  for (const { start, posts } of buckets) {
    const date = start.slice(0, 10);
    days.set(date, (days.get(date) ?? 0) + posts * share);
  }
  return [...days].map(([date, posts]) => ({ date, posts }));
}

export function describeCost({ requestUsd, metered }: EstimateCost): string {
  const budget = metered ? "" : " It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE to count it.";
  return `This estimate cost ${usd(requestUsd)}.${budget}`;
}
