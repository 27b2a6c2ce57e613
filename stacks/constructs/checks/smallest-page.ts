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
export const BROUGHT = {
  author: { posts: 0, users: 1 },
  answeredUser: { posts: 0, users: 1 },
  mentionedUsers: { posts: 0, users: 50 },
  referencedPosts: { posts: 2, users: 0 },
  authorsOfReferencedPosts: { posts: 0, users: 2 },
  editHistory: { posts: 5, users: 0 },
  sourcesOfMedia: { posts: 4, users: 0 },
} as const satisfies Record<string, ExpansionCost>;

/** What each expansion brings. What several of them bring is included once. */
export const EXPANSIONS: Readonly<Record<string, readonly (keyof typeof BROUGHT)[]>> = {
  author_id: ["author"],
  username: ["author"],
  in_reply_to_user_id: ["answeredUser"],
  "entities.mentions.username": ["mentionedUsers"],
  referenced_posts: ["referencedPosts"],
  "referenced_tweets.id": ["referencedPosts"],
  "referenced_tweets.id.author_id": ["referencedPosts", "authorsOfReferencedPosts"],
  edit_history_post_ids: ["editHistory"],
  edit_history_tweet_ids: ["editHistory"],
  "attachments.media_source_tweet": ["sourcesOfMedia"],
  "attachments.media_keys": [],
  "attachments.poll_ids": [],
  "article.cover_media": [],
  "article.media_entities": [],
  "geo.place_id": [],
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
  const brought = new Set(
    expansions.flatMap((name) => (Object.hasOwn(EXPANSIONS, name) ? (EXPANSIONS[name] ?? []) : [])),
  );
  const costs = [...brought].map((name) => BROUGHT[name]);
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
