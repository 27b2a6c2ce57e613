import fc from "fast-check";
import { formatLine } from "../src/format-line";

const format = (line: string | Buffer) => formatLine(Buffer.from(line))?.toString("utf8");

describe("a formatted line", () => {
  it("keeps every byte of what X sent and adds one member at its end", () => {
    const line = '{"id":"1", "text":"h\\u0069","big":12345678901234567890,"ratio":1.0}';
    expect(format(line)).toBe(
      `${line.slice(0, -1)},"formatted":{"version":1,"text_clean":"hi","kind":"original","hashtags":[],"mentions":[],"links":[]}}\n`,
    );
  });

  it.each([
    '{"id":"1"}',
    "{}",
    '{"id":"1","text":"hi","formatted":{"version":1}}',
    '{"text":"a","formatted":null}',
  ])("is the line as it came when there is nothing to add: %s", (line) => {
    expect(format(line)).toBe(`${line}\n`);
  });

  it.each(["", "no JSON", '{"id":"1"', '{"id":"1"} {}', "[]", "null", "42", '"text"', "\ufeff{}"])(
    "is none when the line is no JSON object: %j",
    (line) => {
      expect(format(line)).toBeUndefined();
    },
  );

  it("is none when the line is no UTF-8, although it would parse", () => {
    expect(format(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });

  it("is the same when it is formatted again, and stays the object it was", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.option(fc.string({ unit: "binary" })), (fields, text) => {
        const line = JSON.stringify({ ...fields, ...(text === null ? {} : { text }) });
        const once = format(line) ?? "";
        expect(format(once.trimEnd())).toBe(once);
        const { formatted: _, ...rest } = JSON.parse(once);
        const { formatted: __, ...source } = JSON.parse(line);
        expect(rest).toEqual(source);
      }),
    );
  });
});
