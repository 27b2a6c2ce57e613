import { canonicalIncludes, canonicalPost, fullText, type Includes } from "../../src/posts/post";
import { COMPLETE, INCLUDES, NOTE, PLAIN, TWEET_WORDS } from "../helpers/posts";

describe("canonicalPost", () => {
  it("gives a post in tweet words the names of X's OpenAPI", () => {
    const { note_tweet, referenced_tweets, edit_history_tweet_ids, public_metrics, ...rest } = TWEET_WORDS;
    const { retweet_count, ...metrics } = public_metrics as Record<string, number>;
    expect(canonicalPost(TWEET_WORDS)).toEqual({
      ...rest,
      note_post: note_tweet,
      referenced_posts: referenced_tweets,
      edit_history_post_ids: edit_history_tweet_ids,
      public_metrics: { ...metrics, repost_count: retweet_count },
    });
  });

  it("returns the very same object when every name is right already", () => {
    expect(canonicalPost(COMPLETE)).toBe(COMPLETE);
    expect(canonicalPost(PLAIN)).toBe(PLAIN);
  });

  it("prefers the canonical field where X sends both", () => {
    const post = { id: "1", note_tweet: { text: "old" }, note_post: { text: "new" } };
    expect(canonicalPost(post)).toEqual({ id: "1", note_post: { text: "new" } });
  });

  it("keeps unknown fields, and metrics that are none", () => {
    const post = { id: "1", hologram: [1], public_metrics: null, note_tweet: null };
    expect(canonicalPost(post)).toEqual({ id: "1", hologram: [1], public_metrics: null, note_post: null });
  });
});

describe("canonicalIncludes", () => {
  it("renames the kinds, their posts and their users", () => {
    const includes: Includes = {
      tweets: [TWEET_WORDS],
      users: [{ id: "1", pinned_tweet_id: "2", most_recent_tweet_id: "3" }],
      media: [{ media_key: "3_1" }],
    };
    expect(canonicalIncludes(includes)).toEqual({
      posts: [canonicalPost(TWEET_WORDS)],
      users: [{ id: "1", pinned_post_id: "2", most_recent_post_id: "3" }],
      media: [{ media_key: "3_1" }],
    });
  });

  it("invents no kinds", () => {
    expect(canonicalIncludes({})).toEqual({});
    expect(canonicalIncludes(INCLUDES)).toEqual(INCLUDES);
  });
});

describe("fullText", () => {
  it.each([
    ["the long note", NOTE, (NOTE.note_post as { text: string }).text],
    ["the text without a note", PLAIN, "Good morning"],
    ["the text beside a note without one", { id: "1", text: "short", note_post: {} }, "short"],
    ["nothing without a text", { id: "1" }, undefined],
  ])("is %s", (_name, post, text) => {
    expect(fullText(post)).toBe(text);
  });
});
