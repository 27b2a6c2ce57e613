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

  it("knows the links, tags and mentions of the original of a repost", () => {
    const link = (name: string) => ({ url: `https://t.co/${name}`, expanded_url: `https://${name}.example` });
    const original = {
      id: "2",
      entities: { urls: [link("a")], hashtags: [{ tag: "Cut" }] },
      note_post: { entities: { urls: [link("b")], hashtags: [{ tag: "Whole" }] } },
    };
    const other = { id: "3", entities: { hashtags: [{ tag: "quoted" }] } };
    const repost = {
      text: "RT @someone: whole https://t.co/a…",
      full_text: "whole https://t.co/a https://t.co/b",
      entities: { mentions: [{ username: "someone" }], urls: [link("a")] },
      referenced_posts: [{ type: "retweeted", id: "2" }],
      includes: { posts: [other, original] },
    };
    expect(formattedOf(repost)).toMatchObject({
      text_clean: "whole https://a.example https://b.example",
      kind: "repost",
      hashtags: ["whole", "cut"],
      mentions: ["someone"],
      links: ["https://a.example", "https://b.example"],
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
