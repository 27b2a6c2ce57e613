import { ExactNumber, parseJson } from "../../../src/posts/json";
import { parsePage } from "../../../src/x/search/page";

const META = { result_count: 1 };
const page = (data: unknown, includes?: unknown) => parsePage({ data, includes, meta: META });

describe("a page of X's search", () => {
  it("has posts and includes in canonical names, and what was billed", () => {
    const includes = { tweets: [{ id: "2", note_tweet: {} }], users: [{ id: "7" }, { id: "8" }] };
    expect(page([{ id: "1", note_tweet: { text: "x" } }], includes)).toMatchObject({
      posts: [{ id: "1", note_post: { text: "x" } }],
      unidentified: [],
      includes: { posts: [{ id: "2", note_post: {} }], users: [{ id: "7" }, { id: "8" }] },
      billed: { posts: 1, includedPosts: 1, includedUsers: 2 },
      complete: true,
      nextToken: undefined,
    });
  });

  it.each([
    ["an HTML page's text", "<html>"],
    ["null", null],
    ["a list", []],
    ["an object of something else", { status: "ok" }],
    ["a number", new ExactNumber("12345678901234567890")],
    ["no data and no meta", { data: [], includes: { users: [{ id: "7" }] } }],
  ])("is not %s", (_name, body) => {
    expect(() => parsePage(body)).toThrow("no search result");
  });

  it("may be one object in the place of a list", () => {
    expect(parsePage({ data: { id: "1" }, includes: { users: { id: "7" } } })).toMatchObject({
      posts: [{ id: "1" }],
      includes: { users: [{ id: "7" }] },
      complete: false,
    });
  });

  it("may include kinds of any name", () => {
    const { includes } = page([{ id: "1" }], JSON.parse('{"__proto__":[{"id":"2"}],"constructor":[{}]}'));
    expect(JSON.stringify(includes)).toBe('{"__proto__":[{"id":"2"}],"constructor":[{}]}');
  });
});

describe("a post without an id", () => {
  it.each([
    ["no id", {}],
    ["a number", { id: 1992500000000000 }],
    ["a number of 64 bits", { id: new ExactNumber("1992500000000000001") }],
    ["an empty id", { id: "" }],
    ["a negative id", { id: "-1" }],
    ["leading zeros", { id: "007" }],
    ["an id of more digits than any has", { id: "12345678901234567890" }],
    ["null", { id: null }],
    ["an object", { id: { value: "1" } }],
  ])("is kept whole under another one, and billed: %s", (_name, id) => {
    const { posts, unidentified, billed } = page([{ id: "1" }, { text: "whose?", ...id }, { id: "2" }]);
    expect(posts.map((post) => post.id)).toEqual(["1", "2"]);
    const x_id = "id" in id ? { x_id: id.id } : {};
    expect(unidentified).toEqual([
      { id: expect.stringMatching(/^no-id-[0-9a-f]{12}$/), text: "whose?", ...x_id },
    ]);
    expect(billed.posts).toBe(3);
  });

  it("gets the same id for the same content, and another one for other content", () => {
    const raw = '[{"text":"a","likes":12345678901234567890},{"text":"a","likes":12345678901234567891}]';
    const ids = () => page(parseJson(raw)).unidentified.map(({ id }) => id);
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(2);
  });

  it("has canonical names, and keeps a field that is called x_id", () => {
    expect(page([{ id: 7, x_id: 8, note_tweet: {} }]).unidentified).toMatchObject([
      { x_id: 8, x_x_id: 7, note_post: {} },
    ]);
  });

  it("may be no object at all", () => {
    const { unidentified, billed } = page([null, "text", [1], new ExactNumber("1e400")]);
    expect(unidentified.map(({ value }) => value)).toEqual([null, "text", [1], new ExactNumber("1e400")]);
    expect(billed.posts).toBe(4);
  });

  it("stands for includes that come without any post", () => {
    const includes = { users: [{ id: "7" }] };
    const found = page(undefined, includes);
    expect(found.unidentified).toEqual([{ id: expect.stringMatching(/^no-id-[0-9a-f]{12}$/) }]);
    expect(found).toMatchObject({ posts: [], includes, billed: { posts: 0, includedUsers: 1 } });
    expect(page([], { users: [] }).unidentified).toEqual([]);
    expect(page(undefined).unidentified).toEqual([]);
  });
});
