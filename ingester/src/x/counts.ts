/** How many posts a query matches: X's counts endpoints, which bill per request instead of per post. */
import { isObject } from "../post";
import { classify } from "./classify";
import { type XClient, XResponseError } from "./client";

/** US dollars per request: docs.x.com, "Pricing" (2026-08). */
export const COUNT_REQUEST_USD = { recent: 0.005, all: 0.01 } as const;

export interface CountBucket {
  /** ISO 8601, inclusive. */
  readonly start: string;
  /** ISO 8601, exclusive. */
  readonly end: string;
  readonly posts: number;
}

/**
 * Counts of the last 7 days (recent) or 30 days (all) by hour, oldest first. Exactly one request, so exactly one price.
 * @throws SourceError
 */
export async function countPosts(
  client: Pick<XClient, "get">,
  query: string,
  scope: keyof typeof COUNT_REQUEST_USD,
): Promise<readonly CountBucket[]> {
  const { body } = await translated(client.get(`tweets/counts/${scope}`, { query, granularity: "hour" }));
  const buckets = isObject(body) && Array.isArray(body.data) ? body.data.filter(isObject) : [];
  return buckets
    .map(({ start, end, post_count, tweet_count }) => ({
      start: String(start),
      end: String(end),
      posts: Number(post_count ?? tweet_count ?? 0),
    }))
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** Refusals become the SourceError that says what they mean. */
export async function translated<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof XResponseError)) throw error;
    const verdict = classify(error.failure, Date.now());
    throw verdict.type === "error" ? verdict.error : error;
  }
}
