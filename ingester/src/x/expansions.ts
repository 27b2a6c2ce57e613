/**
 * X's expansions, and the most objects that one post can bring into `includes` through each. X may bill included
 * posts and users, and a hard limit must hold before the answer is seen, so a reservation assumes the worst case.
 */
export interface ExpansionCost {
  readonly posts: number;
  readonly users: number;
}

/** At most 5 edits of a post (docs.x.com, "Edit Posts"), the post itself among the history. */
const MAX_EDITS = 5;
/** A post carries at most 4 media objects. */
const MAX_MEDIA = 4;
/** A reply chain mentions up to 50 users. A long note can mention more: the budget then counts the real number. */
const MAX_MENTIONS = 50;

/** What expansions bring: a reply that also quotes refers to two posts, and each object is included once. */
export const BROUGHT = {
  author: { posts: 0, users: 1 },
  answeredUser: { posts: 0, users: 1 },
  mentionedUsers: { posts: 0, users: MAX_MENTIONS },
  referencedPosts: { posts: 2, users: 0 },
  authorsOfReferencedPosts: { posts: 0, users: 2 },
  editHistory: { posts: MAX_EDITS, users: 0 },
  sourcesOfMedia: { posts: MAX_MEDIA, users: 0 },
} as const satisfies Record<string, ExpansionCost>;

/** Names: `expansions` parameter of X's OpenAPI 2.167, and the older vocabulary's where it differs. */
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

/** The most that one post can bring with it: what several expansions bring is included, and billed, once. */
export function worstCase(expansions: readonly string[]): ExpansionCost {
  const brought = new Set(
    expansions.flatMap((name) => (Object.hasOwn(EXPANSIONS, name) ? (EXPANSIONS[name] ?? []) : [])),
  );
  const costs = [...brought].map((name) => BROUGHT[name]);
  return {
    posts: costs.reduce((sum, cost) => sum + cost.posts, 0),
    users: costs.reduce((sum, cost) => sum + cost.users, 0),
  };
}
