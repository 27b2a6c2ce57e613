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
/** X mentions up to 50 users in a reply chain; a long note could name more, which is then metered as it comes. */
const MAX_MENTIONS = 50;

/** Names: `expansions` parameter of X's OpenAPI 2.167, and the older vocabulary's where it differs. */
export const EXPANSIONS: Readonly<Record<string, ExpansionCost>> = {
  author_id: { posts: 0, users: 1 },
  username: { posts: 0, users: 1 },
  in_reply_to_user_id: { posts: 0, users: 1 },
  "entities.mentions.username": { posts: 0, users: MAX_MENTIONS },
  // A reply that also quotes refers to two posts.
  referenced_posts: { posts: 2, users: 0 },
  "referenced_tweets.id": { posts: 2, users: 0 },
  "referenced_tweets.id.author_id": { posts: 2, users: 2 },
  edit_history_post_ids: { posts: MAX_EDITS, users: 0 },
  edit_history_tweet_ids: { posts: MAX_EDITS, users: 0 },
  "attachments.media_source_tweet": { posts: MAX_MEDIA, users: 0 },
  "attachments.media_keys": { posts: 0, users: 0 },
  "attachments.poll_ids": { posts: 0, users: 0 },
  "article.cover_media": { posts: 0, users: 0 },
  "article.media_entities": { posts: 0, users: 0 },
  "geo.place_id": { posts: 0, users: 0 },
};

/** The most that one post can bring with it. */
export function worstCase(expansions: readonly string[]): ExpansionCost {
  const costs = expansions.map((expansion) => EXPANSIONS[expansion] ?? { posts: 0, users: 0 });
  return {
    posts: costs.reduce((sum, cost) => sum + cost.posts, 0),
    users: costs.reduce((sum, cost) => sum + cost.users, 0),
  };
}
