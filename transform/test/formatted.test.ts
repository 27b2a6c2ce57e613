import { formattedOf } from "../src/formatted";

describe("the formatted member", () => {
  it("holds the whole text of a long note, with the links of both entities", () => {
    expect(
      formattedOf({
        text: "cut… https://t.co/photo",
        full_text: "whole https://t.co/story https://t.co/photo",
        entities: { urls: [{ url: "https://t.co/photo", expanded_url: "https://x.com/p/1" }] },
        note_post: {
          entities: {
            urls: [
              {
                url: "https://t.co/story",
                expanded_url: "https://short.example/",
                unwound_url: "https://news.example/story",
              },
            ],
          },
        },
      }),
    ).toMatchObject({
      text_clean: "whole https://news.example/story https://x.com/p/1",
      links: ["https://news.example/story", "https://x.com/p/1"],
    });
  });

  it("lists hashtags and mentions once, in lower case", () => {
    const entities = {
      hashtags: [{ tag: "Climate" }, { tag: "CLIMATE" }, { tag: "天気" }],
      mentions: [{ username: "Alice" }, { username: null }, { username: "bob" }],
    };
    expect(formattedOf({ text: "hi", entities })).toMatchObject({
      hashtags: ["climate", "天気"],
      mentions: ["alice", "bob"],
    });
  });

  it.each([
    [[], "original"],
    [["quoted"], "quote"],
    [["quoted", "replied_to"], "reply"],
    [["retweeted"], "repost"],
    [["something_new"], "original"],
  ])("says of references %j: %s", (types, kind) => {
    const referenced_posts = types.map((type) => ({ type, id: "1" }));
    expect(formattedOf({ text: "hi", referenced_posts })?.kind).toBe(kind);
  });

  it.each([
    { text: "hi", entities: null, note_post: [], referenced_posts: {} },
    { text: "hi", entities: { urls: "x", hashtags: [1, null], mentions: [{}] }, referenced_posts: [null] },
  ])("takes fields of unexpected types for missing", (line) => {
    expect(formattedOf(line)).toEqual({
      version: 1,
      text_clean: "hi",
      kind: "original",
      hashtags: [],
      mentions: [],
      links: [],
    });
  });

  it.each([{}, { text: 7 }, { text: null }])("is left out when there is no text: %j", (line) => {
    expect(formattedOf(line)).toBeUndefined();
  });
});
