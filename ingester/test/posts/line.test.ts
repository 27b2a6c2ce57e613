import fc from "fast-check";
import { type EncodedPage, encodePage } from "../../src/posts/line";
import { fullText, type Post, type PostLine } from "../../src/posts/post";
import { COMPLETE, INCLUDES, lineOf, NOTE, PLAIN, POSTS, PROVENANCE } from "../helpers/posts";

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
  it.each(Object.entries(POSTS))("keeps every field of a post: %s", (_name, post) => {
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

  it("holds no name twice where X has fields of the names that the line adds", () => {
    const post: Post = { ...PLAIN, full_text: "X's", includes: [1], ingestion: null };
    const replaced = { ...PLAIN, full_text: PLAIN.text, ingestion: INGESTION };
    expect(encodeOne(lineOf(post))).toEqual(replaced);
    expect(encodeOne(lineOf(post, { includes: INCLUDES }))).toEqual({ ...replaced, includes: INCLUDES });
  });

  it("says of each line where it comes from, whatever pages went before", () => {
    const other = { ...PROVENANCE, query: "other" };
    expect(encodeOne(lineOf(PLAIN))).toMatchObject({ ingestion: INGESTION });
    expect(encodeOne(lineOf(PLAIN, { provenance: other }))).toMatchObject({ ingestion: other });
  });

  it("writes lines in order and tells where each one is", () => {
    const page = encode(Object.values(POSTS).map((post) => lineOf(post)));
    const lines = page.offsets
      .slice(1)
      .map((end, index) => page.data.subarray(page.offsets[index], end).toString());
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(Object.values(POSTS).map(({ id }) => id));
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  });

  it("makes valid lines of whatever X may send", () => {
    const field = fc.string({ unit: "binary", minLength: 1 }).filter((name) => name !== "__proto__");
    const post = fc.dictionary(field, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(post, { maxLength: 5 }), (fields) => {
        const posts = fields.map((others, index) => ({ ...others, id: `${index}` }) as Post);
        const page = encode(posts.map((made) => lineOf(made)));
        const lines = page.data.toString().split("\n").slice(0, -1);
        const expected = posts.map((made) => JSON.parse(JSON.stringify(made)));
        expect(lines.map((line) => withoutOwn(JSON.parse(line)))).toEqual(expected.map(withoutOwn));
      }),
    );
  });

  it("encodes an empty page", () => {
    expect(encode([])).toMatchObject({ lines: [], offsets: [0], shortened: [] });
  });
});

function withoutOwn(post: Record<string, unknown>): Record<string, unknown> {
  const { full_text: _text, includes: _includes, ingestion: _ingestion, ...fields } = post;
  return fields;
}

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
