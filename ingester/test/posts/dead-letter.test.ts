import fc from "fast-check";
import { deadLetterLine } from "../../src/posts/dead-letter";
import { parseJson } from "../../src/posts/json";
import type { Post } from "../../src/posts/post";
import { COMPLETE, INCLUDES, lineOf, PLAIN, PROVENANCE } from "../helpers/posts";

const OVERSIZE = { reason: "oversize", bytes: 2_000_000, maxBytes: 1_024_000 } as const;

function parse(line: string) {
  expect(line.indexOf("\n")).toBe(line.length - 1);
  return JSON.parse(line);
}

describe("deadLetterLine", () => {
  it("leaves out the largest fields and keeps the others in order", () => {
    const post: Post = { ...PLAIN, huge: "h".repeat(900_000), large: "l".repeat(300_000), last: 1 };
    const { ingestion, ...fields } = parse(deadLetterLine(lineOf(post), OVERSIZE));
    expect(Object.keys(fields)).toEqual([
      "id",
      "text",
      "edit_history_post_ids",
      "large",
      "last",
      "full_text",
    ]);
    expect(ingestion).toEqual({
      schema_version: 1,
      ...PROVENANCE,
      dead_letter: { reason: "oversize", bytes: 2_000_000, omitted_fields: ["huge"], omitted_count: 1 },
    });
  });

  it("weighs includes like any other field", () => {
    const users = [{ id: "1", description: "d".repeat(1_100_000) }];
    const line = lineOf(COMPLETE, { includes: { ...INCLUDES, users } });
    const letter = parse(deadLetterLine(line, OVERSIZE));
    expect(letter).toMatchObject(COMPLETE);
    expect(letter.ingestion.dead_letter.omitted_fields).toEqual(["includes"]);
  });

  it("keeps X's fields of the names that the line adds under other names", () => {
    const post: Post = { ...PLAIN, full_text: "X's", includes: "X's", ingestion: "X's" };
    const text = deadLetterLine(lineOf(post, { includes: INCLUDES }), OVERSIZE);
    const letter = parse(text);
    expect(`${JSON.stringify(letter)}\n`).toBe(text);
    expect(letter).toMatchObject({ ...PLAIN, full_text: PLAIN.text, includes: INCLUDES });
    expect(letter).toMatchObject({ x_full_text: "X's", x_includes: "X's", x_ingestion: "X's" });
    expect(letter.ingestion).toMatchObject(PROVENANCE);
  });

  it("keeps every digit, every name, and the count of replaced characters", () => {
    const post = parseJson('{"id":"1","__proto__":12345678901234567890,"toJSON":"x"}') as Post;
    const line = lineOf(post, { unreferenced: { polls: [{ id: "5" }] }, replacedCharacters: 2 });
    const text = deadLetterLine(line, OVERSIZE);
    expect(text).toMatch(
      /^{"id":"1","__proto__":12345678901234567890,"toJSON":"x","includes_unreferenced":{"polls":\[{"id":"5"}\]},/,
    );
    expect(parse(text).ingestion).toMatchObject({ replaced_characters: 2 });
  });

  it("takes the whole text of a repost from the original, even where that is left out", () => {
    const original = { id: "2", text: "whole", padding: "p".repeat(1_100_000) };
    const repost = { id: "1", text: "RT @a: wh…", referenced_posts: [{ type: "retweeted", id: "2" }] };
    const letter = parse(deadLetterLine(lineOf(repost, { includes: { posts: [original] } }), OVERSIZE));
    expect(letter).toMatchObject({ text: "RT @a: wh…", full_text: "whole" });
    expect(letter.ingestion.dead_letter.omitted_fields).toEqual(["includes"]);
  });

  it("writes the id and the reason even where nothing else fits", () => {
    const letter = parse(deadLetterLine(lineOf(PLAIN), { ...OVERSIZE, maxBytes: 0 }));
    expect(letter.id).toBe(PLAIN.id);
    expect(letter.ingestion.dead_letter.omitted_fields).toEqual([
      "text",
      "edit_history_post_ids",
      "full_text",
    ]);
  });

  it("cuts a long list of names at whole names and says how many there are", () => {
    const names = Array.from({ length: 5_000 }, (_, index) => [`some_field_${index}`, "v"]);
    const letter = parse(
      deadLetterLine(lineOf({ ...PLAIN, ...Object.fromEntries(names) }), { ...OVERSIZE, maxBytes: 8_192 }),
    );
    const { omitted_fields, omitted_count } = letter.ingestion.dead_letter;
    expect(omitted_fields.length).toBeLessThan(omitted_count);
    expect(Object.keys(letter).length - 2 + omitted_count).toBe(5_003);
  });

  it("keeps to its size to the byte, however much of it the names take", () => {
    const names = Array.from({ length: 1_000 }, (_, index) => [`some_field_${index}`, "v"]);
    const line = lineOf({ ...PLAIN, ...Object.fromEntries(names) });
    for (let maxBytes = 8_192; maxBytes < 8_292; maxBytes += 1) {
      expect(Buffer.byteLength(deadLetterLine(line, { ...OVERSIZE, maxBytes }))).toBeLessThanOrEqual(
        maxBytes,
      );
    }
  });

  it("never exceeds its size, never cuts a value and accounts for every field", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    const text = fc.string({ unit: "grapheme", maxLength: 3_000 });
    fc.assert(
      fc.property(fc.dictionary(name, text), fc.integer({ min: 5_000, max: 20_000 }), (fields, maxBytes) => {
        const post = { ...fields, id: "1" } as Post;
        const line = deadLetterLine(lineOf(post), { ...OVERSIZE, maxBytes });
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxBytes);
        const { id: _id, full_text: _text, ingestion, ...kept } = parse(line);
        const { omitted_fields } = ingestion.dead_letter;
        for (const [field, value] of Object.entries(kept)) expect(value).toBe(post[field]);
        for (const field of Object.keys(post)) {
          expect([...Object.keys(kept), ...omitted_fields, "id", "full_text"]).toContain(field);
        }
      }),
      { numRuns: 200 },
    );
  });
});
