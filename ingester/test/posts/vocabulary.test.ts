/** Renames against both vocabularies of X's OpenAPI: what its parameters may name, and what its objects are made of. */
import openApi from "../../../local/test/fixtures/x-api.schema.json";
import type { Includes, Post } from "../../src/posts/post";
import { canonicalIncludes, canonicalPost } from "../../src/posts/vocabulary";
import { COMPLETE, INCLUDES, PLAIN, TWEET_WORDS } from "../helpers/posts";
import { pathsOf } from "./helpers/open-api";

const { vocabularies } = openApi;

/** An object with one value, deep inside; lists on the way hold one item. */
function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  const [name = "", ...rest] = path;
  const isList = name.endsWith("[]");
  const inner = rest.length === 0 ? value : nested(rest, value);
  return { [name.replace("[]", "")]: isList ? [inner] : inner };
}

/** The same path in the older words. */
function inTweetWords(path: readonly string[]): string[] {
  return path.map((name) =>
    name.includes("media_source_tweet") ? name : name.replace("repost", "retweet").replace("post", "tweet"),
  );
}

const POST_PATHS = pathsOf("Post").map((path) => [path] as const);
const USER_PATHS = pathsOf("User").map((path) => [path] as const);

describe("every field of the OpenAPI", () => {
  it.each(POST_PATHS)("of a post has one name, in whichever words X sends it: %s", (path) => {
    const canonical = nested(path, "x");
    expect(canonicalPost(nested(inTweetWords(path), "x") as Post)).toEqual(canonical);
    expect(canonicalPost(canonical as Post)).toBe(canonical);
  });

  it.each(USER_PATHS)("of a user has one name, in whichever words X sends it: %s", (path) => {
    const users = [nested(path, "x")];
    expect(canonicalIncludes({ users: [nested(inTweetWords(path), "x")] })).toEqual({ users });
    expect(canonicalIncludes({ users }).users).toBe(users);
  });

  it("of a post is renamed in included posts, too", () => {
    const old = Object.assign({}, ...pathsOf("Post").map((path) => nested(inTweetWords(path), "x")));
    const current = Object.assign({}, ...pathsOf("Post").map((path) => nested(path, "x")));
    expect(canonicalIncludes({ tweets: [old] })).toEqual({ posts: [current] });
  });

  it.each(["public_metrics", "non_public_metrics", "organic_metrics", "promoted_metrics"])(
    "counts reposts under one name in %s",
    (metrics) => {
      const post = { id: "1", [metrics]: { like_count: 1, retweet_count: 2 } };
      expect(canonicalPost(post)).toEqual({ id: "1", [metrics]: { like_count: 1, repost_count: 2 } });
    },
  );
});

describe("what the parameters of both vocabularies may name", () => {
  const known = (kind: "Post" | "User") => Object.keys(openApi.definitions[kind].properties);

  it.each(vocabularies.tweet["tweet.fields"])("becomes a field of the OpenAPI's post: %s", (field) => {
    expect(known("Post")).toEqual(
      expect.arrayContaining(Object.keys(canonicalPost({ [field]: "x" } as unknown as Post))),
    );
  });

  it.each(vocabularies.tweet["user.fields"])("becomes a field of the OpenAPI's user: %s", (field) => {
    const [user] = canonicalIncludes({ users: [{ [field]: "x" }] }).users ?? [];
    expect(known("User")).toEqual(expect.arrayContaining(Object.keys(user ?? {})));
  });

  it("differs for posts and users alone", () => {
    const { post, tweet } = vocabularies;
    for (const kind of ["media.fields", "poll.fields", "place.fields"] as const) {
      expect(tweet[kind]).toEqual(post[kind]);
    }
  });
});

describe("words of the OpenAPI", () => {
  it.each([
    ["what is withheld", { withheld: { scope: "tweet" } }, { withheld: { scope: "post" } }],
    ["who is withheld", { withheld: { scope: "user" } }, { withheld: { scope: "user" } }],
    [
      "a repost",
      { referenced_tweets: [{ type: "reposted", id: "2" }] },
      { referenced_posts: [{ type: "retweeted", id: "2" }] },
    ],
    [
      "other references",
      { referenced_posts: [{ type: "quoted", id: "2" }] },
      { referenced_posts: [{ type: "quoted", id: "2" }] },
    ],
  ])("say %s", (_name, sent, canonical) => {
    expect(canonicalPost({ id: "1", ...sent })).toEqual({ id: "1", ...canonical });
  });
});

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
    const post = { id: "1", hologram: [1], public_metrics: null, note_tweet: null, withheld: "tweet" };
    const { note_tweet, ...rest } = post;
    expect(canonicalPost(post)).toEqual({ ...rest, note_post: note_tweet });
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "keeps a field named %s, in a post that needs other names and in one that does not",
    (name) => {
      const text = `{"id":"1",${JSON.stringify(name)}:{"a":1},"public_metrics":{${JSON.stringify(name)}:2`;
      const current = JSON.parse(`${text},"repost_count":3},"note_post":4}`);
      const old = JSON.parse(`${text},"retweet_count":3},"note_tweet":4}`);
      expect(JSON.stringify(canonicalPost(old))).toBe(JSON.stringify(current));
      expect(canonicalPost(current)).toBe(current);
    },
  );
});

describe("canonicalIncludes", () => {
  it("renames the kinds, their posts and their users", () => {
    const includes: Includes = {
      tweets: [TWEET_WORDS],
      users: [{ id: "1", pinned_tweet_id: "2", public_metrics: { tweet_count: 3 } }],
      media: [{ media_key: "3_1" }],
    };
    expect(canonicalIncludes(includes)).toEqual({
      posts: [canonicalPost(TWEET_WORDS)],
      users: [{ id: "1", pinned_post_id: "2", public_metrics: { post_count: 3 } }],
      media: [{ media_key: "3_1" }],
    });
  });

  it("keeps the posts of both names", () => {
    expect(canonicalIncludes({ tweets: [{ id: "1" }], posts: [{ id: "2" }] })).toEqual({
      posts: [{ id: "2" }, { id: "1" }],
    });
  });

  it("invents no kinds", () => {
    expect(canonicalIncludes({})).toEqual({});
    expect(canonicalIncludes(INCLUDES)).toEqual(INCLUDES);
  });
});
