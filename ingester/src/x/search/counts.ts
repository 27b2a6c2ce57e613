/** How many posts a query matches: X's counts endpoints, which bill per request instead of per post. */
import type { Interval } from "../../ledger/intervals";
import type { Resource } from "../../ledger/prices";
import { nextId } from "../../posts/ids";
import { isObject } from "../../posts/post";
import type { XClient } from "../client";
import { explained } from "../errors";

/** The two endpoints, and what X bills for one request. */
export const COUNTS = { recent: "recentCounts", all: "archiveCounts" } as const satisfies Record<
  string,
  Resource
>;

export interface CountBucket {
  /** ISO 8601, inclusive. */
  readonly start: string;
  /** ISO 8601, exclusive. */
  readonly end: string;
  readonly posts: number;
}

export interface CountsQuestion {
  readonly query: string;
  readonly scope: keyof typeof COUNTS;
  /** @default - the last 7 days (recent) or 30 days (all) */
  readonly range?: Interval;
}

/** Counts by hour, oldest first. Exactly one request, so exactly one price. @throws SourceError */
export async function countPosts(
  client: Pick<XClient, "get" | "now">,
  { query, scope, range }: CountsQuestion,
): Promise<readonly CountBucket[]> {
  const bounds = range === undefined ? {} : { since_id: range.after, until_id: nextId(range.through) };
  const request = client.get(`tweets/counts/${scope}`, { query, granularity: "hour", ...bounds });
  const { body } = await explained(request, client.now());
  const buckets = isObject(body) && Array.isArray(body.data) ? body.data.filter(isObject) : [];
  return buckets
    .map(({ start, end, post_count, tweet_count }) => ({
      start: String(start),
      end: String(end),
      posts: Number(post_count ?? tweet_count ?? 0),
    }))
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}
