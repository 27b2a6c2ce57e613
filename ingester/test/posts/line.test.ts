import { fullText } from "../../src/posts/full-text";
import { ExactNumber } from "../../src/posts/json";
import { type EncodedPage, encodePage } from "../../src/posts/line";
import type { Post, PostLine } from "../../src/posts/post";
import { COMPLETE, INCLUDES, LONE_SURROGATE, lineOf, NOTE, PLAIN, POSTS, PROVENANCE } from "../helpers/posts";

const MAX_LINE_BYTES = 10_000;

const encode = (lines: readonly PostLine[]): EncodedPage => encodePage(lines, MAX_LINE_BYTES);

/** The only line of a page, checked to hold no name twice: JSON.parse keeps one of them, so the text would shrink. */
function encodeOne(line: PostLine): Record<string, unknown> {
  const text = encode([line]).data.toString();
  expect(text.endsWith("}\n")).toBe(true);
  const parsed = JSON.parse(text);
  expect(`${JSON.stringify(parsed)}\n`).toBe(text);
  return parsed;
}

const INGESTION = { schema_version: 1, ...PROVENANCE };

describe("encodePage", () => {
  const { LONE_SURROGATE: _broken, ...whole } = POSTS;

  it.each(Object.entries(whole))("keeps every field of a post: %s", (_name, post) => {
    const full_text = fullText(post);
    expect(encodeOne(lineOf(post))).toEqual({ ...post, full_text, ingestion: INGESTION });
  });

  it("takes the whole text from the long note", () => {
    const { full_text, text } = encodeOne(lineOf(NOTE));
    expect(full_text).toMatch(/The end\.$/);
    expect(text).toHaveLength(280);
  });

  it("leaves full_text out where a post has no text", () => {
    expect(encodeOne(lineOf({ id: "1" }))).toEqual({ id: "1", ingestion: INGESTION });
  });

  it("adds includes where there are any", () => {
    expect(encodeOne(lineOf(COMPLETE, { includes: INCLUDES }))).toMatchObject({ includes: INCLUDES });
    expect(encodeOne(lineOf(COMPLETE))).not.toHaveProperty("includes");
  });

  it("adds what no post of the page refers to", () => {
    const line = encodeOne(lineOf(COMPLETE, { includes: {}, unreferenced: INCLUDES }));
    expect(line).toMatchObject({ includes: {}, includes_unreferenced: INCLUDES });
  });

  it("takes the whole text of a repost from the original", () => {
    const repost = {
      id: "2",
      text: "RT @a: Good m…",
      referenced_posts: [{ type: "retweeted", id: PLAIN.id }],
    };
    const line = encodeOne(lineOf(repost, { includes: { posts: [PLAIN] } }));
    expect(line).toMatchObject({ text: "RT @a: Good m…", full_text: "Good morning" });
  });

  it("keeps X's fields of the names that the line adds under other names", () => {
    const post: Post = {
      ...PLAIN,
      full_text: "X's",
      includes: [1],
      ingestion: null,
      includes_unreferenced: 2,
    };
    const moved = { x_full_text: "X's", x_includes: [1], x_ingestion: null, x_includes_unreferenced: 2 };
    const kept = { ...PLAIN, ...moved, full_text: PLAIN.text, ingestion: INGESTION };
    expect(encodeOne(lineOf(post))).toEqual(kept);
    expect(encodeOne(lineOf(post, { includes: INCLUDES }))).toEqual({ ...kept, includes: INCLUDES });
  });

  it("keeps X's fields apart that would get the same name", () => {
    const post: Post = { id: "1", ingestion: 1, x_ingestion: 2, x_x_ingestion: 3 };
    const others = { x_ingestion: 2, x_x_ingestion: 3, x_x_x_ingestion: 1 };
    expect(encodeOne(lineOf(post))).toEqual({ id: "1", ...others, ingestion: INGESTION });
  });

  it("replaces lone surrogates anywhere, and counts them in the line and of the page", () => {
    const users = [{ id: "7", name: "\uDE00" }];
    const broken = lineOf(LONE_SURROGATE, {
      includes: { users },
      unreferenced: { polls: [{ "\uD83D": 1 }] },
    });
    const page = encode([lineOf(PLAIN), broken]);
    const [first = "", second = ""] = page.data.toString().split("\n");
    expect(JSON.parse(first)).toEqual({ ...PLAIN, full_text: PLAIN.text, ingestion: INGESTION });
    expect(JSON.parse(second)).toEqual({
      id: LONE_SURROGATE.id,
      text: "cut here \uFFFD",
      full_text: "cut here \uFFFD",
      includes: { users: [{ id: "7", name: "\uFFFD" }] },
      includes_unreferenced: { polls: [{ "\uFFFD": 1 }] },
      ingestion: { ...INGESTION, replaced_characters: 3 },
    });
    expect(page.replacedCharacters).toBe(3);
    expect(page.lines[1]?.post.text).toBe("cut here \uFFFD");
  });

  it("takes text that only looks like a lone surrogate as it is", () => {
    const post = { id: "1", text: "C:\\udata \\ud83d 😀" };
    expect(encodeOne(lineOf(post))).toEqual({ ...post, full_text: post.text, ingestion: INGESTION });
  });

  it("writes every digit, of each line of the page", () => {
    const exact = { likes: new ExactNumber("12345678901234567890") };
    const line = lineOf({ id: "1", exact }, { includes: { users: [exact] } });
    const { data } = encode([lineOf(PLAIN), line]);
    expect(data.toString()).toContain('"exact":{"likes":12345678901234567890}');
    expect(data.toString()).toContain('"users":[{"likes":12345678901234567890}]');
    expect(data.toString()).toContain('"text":"Good morning"');
  });

  it("says of each line where it comes from, whatever pages went before", () => {
    const other = { ...PROVENANCE, query: "other" };
    expect(encodeOne(lineOf(PLAIN))).toMatchObject({ ingestion: INGESTION });
    expect(encodeOne(lineOf(PLAIN, { provenance: other }))).toMatchObject({ ingestion: other });
  });

  it("writes lines in order and returns where each one is", () => {
    const page = encode(Object.values(POSTS).map((post) => lineOf(post)));
    const lines = page.offsets
      .slice(1)
      .map((end, index) => page.data.subarray(page.offsets[index], end).toString());
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(Object.values(POSTS).map(({ id }) => id));
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  });

  it("encodes an empty page", () => {
    expect(encode([])).toMatchObject({ lines: [], offsets: [0], shortened: [], replacedCharacters: 0 });
  });
});

describe("a post that is longer than a line may be", () => {
  const frame = encode([lineOf({ ...PLAIN, padding: "" })]).data.length;
  const ofSize = (bytes: number) => lineOf({ ...PLAIN, padding: "p".repeat(bytes - frame) });

  it("stays whole at the limit", () => {
    const page = encode([ofSize(MAX_LINE_BYTES)]);
    expect(page.data).toHaveLength(MAX_LINE_BYTES);
    expect(page.shortened).toEqual([]);
  });

  it("becomes a dead letter at the limit and one byte", () => {
    const bytes = MAX_LINE_BYTES + 1;
    const page = encode([lineOf(PLAIN), ofSize(bytes), lineOf(NOTE)]);
    const lines = page.data.toString().split("\n");
    expect(page.shortened).toEqual([{ id: PLAIN.id, reason: "oversize", bytes }]);
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      ...PLAIN,
      full_text: PLAIN.text,
      ingestion: {
        ...INGESTION,
        dead_letter: { reason: "oversize", bytes, omitted_fields: ["padding"], omitted_count: 1 },
      },
    });
    expect(JSON.parse(lines[2] ?? "").id).toBe(NOTE.id);
  });
});

describe("a post without an id", () => {
  const post = { id: "no-id-0123456789ab", text: "whose?", x_id: 7 };

  it("becomes a dead letter that holds everything", () => {
    const page = encode([lineOf(PLAIN), lineOf(post)]);
    const [, line = ""] = page.data.toString().split("\n");
    const { ingestion, ...members } = JSON.parse(line);
    expect(members).toEqual({ ...post, full_text: "whose?" });
    const { bytes } = ingestion.dead_letter;
    expect(ingestion).toEqual({
      ...INGESTION,
      dead_letter: { reason: "no_id", bytes, omitted_fields: [], omitted_count: 0 },
    });
    expect(page.shortened).toEqual([{ id: post.id, reason: "no_id", bytes }]);
  });

  it("is shortened like any other where it is too long", () => {
    const page = encode([lineOf({ ...post, padding: "p".repeat(MAX_LINE_BYTES) })]);
    expect(page.data.length).toBeLessThanOrEqual(MAX_LINE_BYTES);
    expect(page.shortened).toMatchObject([{ id: post.id, reason: "oversize" }]);
  });
});
