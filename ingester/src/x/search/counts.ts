/** How many posts a query matches: X's counts endpoints, which bill per request instead of per post. */

import type { Interval } from "../../ledger/intervals";
import type { Resource } from "../../ledger/prices";
import { SourceError } from "../../loop/errors";
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

export interface CountsPage {
  readonly buckets: readonly CountBucket[];
  /** Token of the next page: full-archive counts have pages of 31 days. */
  readonly nextToken: string | undefined;
}

/** Counts by hour. Exactly one request, so exactly one price. @throws SourceError */
export async function countPosts(
  client: Pick<XClient, "get" | "now">,
  { query, scope, range }: CountsQuestion,
  token?: string,
): Promise<CountsPage> {
  const bounds = range === undefined ? {} : { since_id: range.after, until_id: nextId(range.through) };
  const page = token === undefined ? {} : { next_token: token };
  const params = { query, granularity: "hour", ...bounds, ...page };
  const { body } = await explained(client.get(`tweets/counts/${scope}`, params), client.now());
  const { data, meta } = isObject(body) ? body : {};
  const { next_token: next, total_post_count, total_tweet_count } = isObject(meta) ? meta : {};
  // Without counts, everything would seem to be free.
  if (!Array.isArray(data) && (total_post_count ?? total_tweet_count) !== 0)
    throw new SourceError(`X answered tweets/counts/${scope} without counts.`, {
      kind: "transient",
      mayBeBilled: true,
    });
  return {
    buckets: (Array.isArray(data) ? data.filter(isObject) : []).map(bucketOf),
    nextToken: typeof next === "string" && next !== "" ? next : undefined,
  };
}

function bucketOf({ start, end, post_count, tweet_count }: Readonly<Record<string, unknown>>): CountBucket {
  return { start: String(start), end: String(end), posts: Number(post_count ?? tweet_count ?? 0) };
}
