/**
 * Posts in the one canonical form that is written: the names of X's current OpenAPI, whichever vocabulary X answered
 * in (it is moving from "tweet" to "post" since 2026-08). Unknown fields are kept. Pure.
 */

/** A post: X's object, canonical names. `id` is the only field that every answer holds. */
export interface Post {
  readonly id: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** Objects beside the posts, by kind: `posts`, `users`, `media`, `polls`, `places`, `topics`. */
export type Includes = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Where a line comes from; the same for every post of a page. */
export interface Provenance {
  /** Which endpoint family the post was bought from. */
  readonly source: "search/recent" | "search/all";
  readonly query: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly received_at: string;
}

/** One line of the bucket, before encoding. */
export interface PostLine {
  readonly post: Post;
  /** Only what this post refers to; undefined when expansions are off. */
  readonly includes: Includes | undefined;
  readonly provenance: Provenance;
}

/** Version of schema/post-line.schema.json. Additive changes keep it. */
export const SCHEMA_VERSION = 1;

const CANONICAL_POST_FIELDS: Readonly<Record<string, string>> = {
  note_tweet: "note_post",
  referenced_tweets: "referenced_posts",
  edit_history_tweet_ids: "edit_history_post_ids",
};
const CANONICAL_METRICS: Readonly<Record<string, string>> = { retweet_count: "repost_count" };
const CANONICAL_INCLUDES: Readonly<Record<string, string>> = { tweets: "posts" };
const CANONICAL_USER_FIELDS: Readonly<Record<string, string>> = {
  pinned_tweet_id: "pinned_post_id",
  most_recent_tweet_id: "most_recent_post_id",
};

type Json = Readonly<Record<string, unknown>>;

/** The post under canonical names; the very same object when nothing had to be renamed. */
export function canonicalPost(post: Post): Post {
  const renamed = rename(post, CANONICAL_POST_FIELDS) as Post;
  const metrics = renamed.public_metrics;
  if (!isObject(metrics)) return renamed;
  const canonical = rename(metrics, CANONICAL_METRICS);
  return canonical === metrics ? renamed : { ...renamed, public_metrics: canonical };
}

/** The includes under canonical names, their posts and users too. */
export function canonicalIncludes(includes: Includes): Includes {
  const renamed = rename(includes, CANONICAL_INCLUDES) as Includes;
  const { posts, users } = renamed;
  return {
    ...renamed,
    ...(posts === undefined ? {} : { posts: posts.map((post) => canonicalPost(post as Post)) }),
    ...(users === undefined ? {} : { users: users.map((user) => rename(user, CANONICAL_USER_FIELDS)) }),
  };
}

/** The whole text: the long note where there is one, since `text` is cut at 280 characters. */
export function fullText(post: Post): string | undefined {
  const note = post.note_post;
  if (isObject(note) && typeof note.text === "string") return note.text;
  return typeof post.text === "string" ? post.text : undefined;
}

function rename(object: Json, names: Readonly<Record<string, string>>): Json {
  if (!Object.keys(names).some((old) => old in object)) return object;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    const canonical = names[key];
    if (canonical === undefined) result[key] = value;
    // Where X sends both spellings, the canonical one wins.
    else if (!(canonical in object)) result[canonical] = value;
  }
  return result;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
