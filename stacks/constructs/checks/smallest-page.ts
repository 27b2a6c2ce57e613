/**
 * What X's smallest page can cost: the least that a monthly limit must allow. The ingester reserves by the same numbers
 * (ingester/src/ledger/prices.ts, ingester/src/x/expansions.ts), and the contract test compares them.
 */

/** Posts of the smallest page: https://docs.x.com/x-api/posts/search/introduction */
export const SMALLEST_PAGE_POSTS = 10;

/** US dollars for one of each kind: https://docs.x.com/x-api/getting-started/pricing */
export const PRICES_USD = { posts: 0.005, includedPosts: 0.005, includedUsers: 0.01 } as const;

/** Most objects of each kind that one post can include. */
export interface ExpansionCost {
  readonly posts: number;
  readonly users: number;
}

/**
 * Objects that X can include for a price: https://docs.x.com/x-api/fundamentals/expansions
 * A post has at most 5 edits, 4 media objects and 50 mentions, and a reply that also quotes refers to two posts.
 */
export const EXPANSIONS: Readonly<Record<string, ExpansionCost>> = {
  author_id: { posts: 0, users: 1 },
  username: { posts: 0, users: 1 },
  in_reply_to_user_id: { posts: 0, users: 1 },
  "entities.mentions.username": { posts: 0, users: 50 },
  referenced_posts: { posts: 2, users: 0 },
  "referenced_tweets.id": { posts: 2, users: 0 },
  "referenced_tweets.id.author_id": { posts: 2, users: 2 },
  edit_history_post_ids: { posts: 5, users: 0 },
  edit_history_tweet_ids: { posts: 5, users: 0 },
  "attachments.media_source_tweet": { posts: 4, users: 0 },
  "attachments.media_keys": { posts: 0, users: 0 },
  "attachments.poll_ids": { posts: 0, users: 0 },
  "article.cover_media": { posts: 0, users: 0 },
  "article.media_entities": { posts: 0, users: 0 },
  "geo.place_id": { posts: 0, users: 0 },
};

export interface SmallestPage {
  /** Included posts counted too, as X does. */
  readonly posts: number;
  readonly usd: number;
}

const MICROS_PER_USD = 1_000_000;

/**
 * Posts and US dollars of the smallest page, if every post includes the most that these expansions allow.
 * @example smallestPage(["referenced_posts"]) // { posts: 30, usd: 0.15 }
 */
export function smallestPage(expansions: readonly string[] = []): SmallestPage {
  const costs = expansions.map((expansion) => EXPANSIONS[expansion] ?? { posts: 0, users: 0 });
  const posts = costs.reduce((sum, cost) => sum + cost.posts, 0);
  const users = costs.reduce((sum, cost) => sum + cost.users, 0);
  const { posts: post, includedPosts, includedUsers } = PRICES_USD;
  const micros = inMicros(post) + posts * inMicros(includedPosts) + users * inMicros(includedUsers);
  return {
    posts: SMALLEST_PAGE_POSTS * (1 + posts),
    usd: (SMALLEST_PAGE_POSTS * micros) / MICROS_PER_USD,
  };
}

/** Whole numbers, because sums of 0.005 drift. */
function inMicros(usd: number): number {
  return Math.round(usd * MICROS_PER_USD);
}
