/** X's counts of posts that match a query beside what was delivered, by the day on which the posts were made. */
import { countWithin } from "../../bucket/readings";
import type { Coverage } from "../../ledger/coverage";
import { intersect } from "../../ledger/intervals";
import { lastIdBefore } from "../../posts/ids";
import type { CountBucket, CountsQuestion } from "../../x/search/counts";
import { DAY_MS } from "./rows";

/** What one query has of the posts of one UTC day. */
export interface Completeness {
  readonly query: string;
  /** UTC day on which the posts were made. */
  readonly date: string;
  /** By X's counts, of the hours of the day that are wholly owned. */
  readonly counted: number;
  /** Different posts in the bucket, made in those hours. */
  readonly delivered: number;
  /** Hours of the day that are compared, at most 24. */
  readonly hours: number;
}

/** Why counts and deliveries differ although nothing is lost (docs.x.com, and docs/audit.md). */
export const REASONS: readonly string[] = [
  "X's counts include posts that search does not return: reposts, posts of protected or suspended accounts.",
  "Posts that were deleted after they were delivered are in the bucket, and are not counted any more.",
  "X may index a post late, with an id below the newest that was read; it is counted, and was never returned.",
  "Posts that were received before the first day of the audit are not looked at.",
];

const HOUR_MS = 3_600_000;
/** Recent counts reach 7 days back; at the very edge X refuses. */
const RECENT_MS = 7 * DAY_MS - HOUR_MS / 2;

export interface CountRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  /** Full-archive counts reach further back than 7 days. */
  readonly archive: boolean;
}

/**
 * What to ask for a coverage: the part of the range that is owned, and that counts reach; one request for 7 days.
 * @returns undefined where there is none
 */
export function questionOf(
  { query, owned }: Pick<Coverage, "query" | "owned">,
  { fromMs, toMs, nowMs, archive }: CountRange,
): CountsQuestion | undefined {
  const reachedMs = archive ? fromMs : Math.max(fromMs, nowMs - RECENT_MS);
  const range = { after: lastIdBefore(reachedMs), through: lastIdBefore(Math.min(toMs, nowMs)) };
  const pieces = intersect([range], owned);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { query, scope: archive ? "all" : "recent", range: { after: first.after, through: last.through } };
}

/** Compares hours that are wholly owned: of the others, not every post was asked for. */
export function compare(
  { query, owned }: Pick<Coverage, "query" | "owned">,
  buckets: readonly CountBucket[],
  ids: BigUint64Array,
): readonly Completeness[] {
  const days = new Map<string, Completeness>();
  for (const { start, end, posts } of buckets) {
    const hour = { after: lastIdBefore(Date.parse(start)), through: lastIdBefore(Date.parse(end)) };
    const isWhole =
      Date.parse(end) - Date.parse(start) === HOUR_MS &&
      intersect([hour], owned).some(({ after, through }) => after === hour.after && through === hour.through);
    if (!isWhole) continue;
    const date = start.slice(0, 10);
    const { counted = 0, delivered = 0, hours = 0 } = days.get(date) ?? {};
    const found = countWithin(ids, BigInt(hour.after), BigInt(hour.through));
    days.set(date, {
      ...{ query, date, counted: counted + posts, delivered: delivered + found, hours: hours + 1 },
    });
  }
  return [...days.values()];
}
