import { entryOf, entryOfValue, FOREIGN, INVALID } from "../../src/bucket/entry";
import { lineEnd } from "../../src/posts/ingestion";

const AT = "2026-11-23T12:00:04.512Z";
const line = (members: object) => Buffer.from(JSON.stringify(members));
const ingestion = { schema_version: 1, source: "search/recent", query: "from:nasa", received_at: AT };

describe("what a line says of itself", () => {
  it("is its id, its query and when it was read, as the ingester has written them", () => {
    const provenance = { source: "search/all", query: "  from:nasa  lang:en", received_at: AT } as const;
    expect(entryOf(Buffer.from(`{"id":"7"${lineEnd(provenance)}`.trimEnd()))).toEqual({
      ...{ id: 7n, receivedAtMs: Date.parse(AT), origin: { type: "query", query: "from:nasa lang:en" } },
      ...{ isArchive: true, deadLetter: undefined },
    });
  });

  it("is the stream, for what it brought and for what search found in its holes", () => {
    const { query: _, ...pushed } = { ...ingestion, source: "stream" };
    const found = { id: "7", matching_rules: [{ tag: "pets" }], ingestion };
    expect(entryOf(line({ id: "7", ingestion: pushed }))).toMatchObject({ origin: { type: "stream" } });
    expect(entryOf(line(found))).toMatchObject({ origin: { type: "stream" } });
    expect(entryOf(line({ ...found, matching_rules: null }))).toMatchObject({ origin: { type: "query" } });
  });

  it("is a number made of the id where that is none of X's, above all that are", () => {
    const placeholder = entryOfValue({ id: "no-id-0123", ingestion });
    expect(placeholder).toMatchObject({ id: expect.any(BigInt) });
    expect(placeholder === FOREIGN ? 0n : placeholder.id >> 63n).toBe(1n);
    expect(entryOfValue({ id: "no-id-0123", ingestion })).toEqual(placeholder);
    expect(entryOfValue({ id: "no-id-0124", ingestion })).not.toEqual(placeholder);
  });

  it("is why it is no whole post", () => {
    const dead_letter = { reason: "oversize", bytes: 1, omitted_fields: [], omitted_count: 0 };
    const unreadable = { ...ingestion, source: "unknown", query: undefined, dead_letter };
    expect(entryOf(line({ id: "7", ingestion: { ...ingestion, dead_letter } }))).toMatchObject({
      deadLetter: "oversize",
    });
    expect(entryOf(line({ id: "unreadable-1", ingestion: unreadable }))).toMatchObject({
      origin: { type: "unknown" },
    });
  });

  it("is the same with the transform's member behind it, and from a reader that knows times", () => {
    const wanted = entryOf(line({ id: "7", ingestion }));
    expect(entryOf(line({ id: "7", ingestion, formatted: { version: 1 } }))).toEqual(wanted);
    const row = { id: "7", ingestion: { ...ingestion, dead_letter: null, received_at: new Date(AT) } };
    expect(entryOfValue(row)).toEqual(wanted);
  });

  it.each([
    ["", INVALID],
    ['{"id":"7"', INVALID],
    ['{"id":"7"}', FOREIGN],
    ["null", FOREIGN],
    ["[1]", FOREIGN],
    ['{"id":7,"ingestion":{}}', FOREIGN],
    ['{"id":"7","ingestion":{"source":"stream","received_at":"yesterday"}}', FOREIGN],
  ])("is nothing: %s is %s", (text, wanted) => {
    expect(entryOf(Buffer.from(text))).toBe(wanted);
  });

  it("is nothing where the bytes are no UTF-8", () => {
    const bytes = line({ id: "7", text: "x", ingestion });
    bytes[bytes.indexOf("x")] = 0xff;
    expect(entryOf(bytes)).toBe(INVALID);
  });
});
