import { bufferEncoding, inCharacters } from "../../src/posts/text-form";
import { bytesOf } from "../../src/x/body";

const bytes = (text: string) => bytesOf(Buffer.from(text));

describe("an answer held as bytes", () => {
  it("has one character for each byte, and is written as the bytes that came", () => {
    const text = '{"text":"Schön 🚀 ﷽ \u2028"}';
    const held = bytes(text) as string;
    expect(held).toHaveLength(Buffer.byteLength(text));
    expect(Buffer.from(held, bufferEncoding("bytes")).toString()).toBe(text);
  });

  it("keeps escapes of ASCII, which are the same in both forms", () => {
    expect(bytes('{"text":"a \\u0026 b\\n\\u001f"}')).toBeDefined();
  });

  it.each([
    ["an escaped character outside of ASCII", '{"text":"\\u00e9"}'],
    ["an escaped emoji", '{"text":"\\ud83d\\ude80"}'],
    ["half an emoji", '{"text":"\\uD83D"}'],
    ["a byte order mark", "\uFEFF{}"],
  ])("is not had with %s", (_what, text) => {
    expect(bytes(text)).toBeUndefined();
  });

  it.each([
    ["a byte that is no UTF-8", [0x22, 0xff, 0x22]],
    ["a character that broke off", [0x22, 0xe2, 0x82, 0x22]],
    ["half an emoji in UTF-8", [0x22, 0xed, 0xa0, 0xbd, 0x22]],
  ])("is not had with %s", (_what, data) => {
    expect(bytesOf(Buffer.from(data))).toBeUndefined();
  });

  it("becomes characters in texts and in names, at every depth", () => {
    const value = { größe: ["é", { "🚀": "ﷺ", n: 1, none: null }] };
    const held: unknown = JSON.parse(bytes(JSON.stringify(value)) as string);
    expect(held).not.toEqual(value);
    expect(inCharacters(held)).toEqual(value);
  });
});
