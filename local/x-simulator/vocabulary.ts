/**
 * X is renaming "tweet" to "post" (August 2026): the OpenAPI and most endpoints say one, the stream and
 * the SDKs the other. Inside the simulator everything has the OpenAPI's name; this file translates.
 */

/** The words an answer uses. */
export type Vocabulary = "post" | "tweet";

/** What a simulator understands: one of the two, or both, answering in the words it was asked in. */
export type VocabularyOption = Vocabulary | "both";

/** The OpenAPI's name and the older one. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  edit_history_post_ids: "edit_history_tweet_ids",
  note_post: "note_tweet",
  referenced_posts: "referenced_tweets",
  repost_count: "retweet_count",
  post_count: "tweet_count",
  total_post_count: "total_tweet_count",
  posts: "tweets",
  "post.fields": "tweet.fields",
};

const CURRENT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(OLDER_NAMES).map(([current, older]) => [older, current]),
);

/** The name to answer with. @param name in the OpenAPI's words. */
export function inVocabulary(name: string, vocabulary: Vocabulary): string {
  return vocabulary === "tweet" ? (OLDER_NAMES[name] ?? name) : name;
}

/** The OpenAPI's name for a name in either vocabulary. */
export function currentName(name: string): string {
  return CURRENT_NAMES[name] ?? name;
}
