import { fullText } from "../../src/posts/full-text";
import type { Includes, Post } from "../../src/posts/post";
import { canonicalIncludes, canonicalPost } from "../../src/posts/vocabulary";
import { NOTE, PLAIN } from "../helpers/posts";

const WHOLE = `${"Of what X cuts there is &amp; always more. ".repeat(8)}The end.`;
const CUT = `RT @someone: ${WHOLE.slice(0, 126)}…`;

const referring = (type: string, id = "2"): Post => ({
  id: "1",
  text: CUT,
  referenced_posts: [{ type, id }],
});
const including = (...posts: Record<string, unknown>[]): Includes => ({ posts });

describe("fullText", () => {
  it.each([
    ["the long note", NOTE, (NOTE.note_post as { text: string }).text],
    ["the text without a note", PLAIN, "Good morning"],
    ["the text beside a note without one", { id: "1", text: "short", note_post: {} }, "short"],
    ["nothing without a text", { id: "1" }, undefined],
    ["nothing where the text is none", { id: "1", text: 1 } as unknown as Post, undefined],
  ])("is %s", (_name, post, text) => {
    expect(fullText(post)).toBe(text);
  });
});

describe("fullText of a repost", () => {
  it("is the whole text of the original, as X sent it", () => {
    const includes = including({ id: "3", text: "another" }, { id: "2", text: WHOLE });
    expect(fullText(referring("retweeted"), includes)).toBe(WHOLE);
  });

  it("is the original's note where that is long", () => {
    const original = { id: "2", text: WHOLE.slice(0, 280), note_post: { text: WHOLE } };
    expect(fullText(referring("retweeted"), including(original))).toBe(WHOLE);
  });

  it("is the note of the original, too, where X gives the repost a cut one", () => {
    const repost = { ...referring("retweeted"), note_post: { text: CUT } };
    expect(fullText(repost, including({ id: "2", note_post: { text: WHOLE } }))).toBe(WHOLE);
  });

  it("is the whole text of a quote that was reposted, not of what that quotes", () => {
    const quote = { id: "2", text: WHOLE, referenced_posts: [{ type: "quoted", id: "3" }] };
    expect(fullText(referring("retweeted"), including({ id: "3", text: "quoted" }, quote))).toBe(WHOLE);
  });

  it.each(["retweeted", "reposted"])("is whole in whichever words X says that it is one: %s", (type) => {
    const tweets = [{ id: "2", text: WHOLE.slice(0, 280), note_tweet: { text: WHOLE } }];
    const repost = canonicalPost({ id: "1", text: CUT, referenced_tweets: [{ type, id: "2" }] });
    expect(fullText(repost, canonicalIncludes({ tweets }))).toBe(WHOLE);
  });

  it.each([
    ["without includes", undefined],
    ["without included posts", { users: [{ id: "2" }] }],
    ["where the original did not come along", including({ id: "3", text: WHOLE })],
    ["where the original has no text", including({ id: "2" })],
  ])("is X's cut text %s", (_name, includes) => {
    expect(fullText(referring("retweeted"), includes)).toBe(CUT);
  });

  it.each(["quoted", "replied_to"])("is the post's own text where it is none: %s", (type) => {
    expect(fullText(referring(type), including({ id: "2", text: WHOLE }))).toBe(CUT);
  });
});
