import fc from "fast-check";
import { LineWriter } from "../../src/posts/line-writer";
import { anyCharacter } from "../helpers/any-character";

describe("LineWriter", () => {
  it("writes UTF-8 whatever its capacity", () => {
    const texts = fc.array(fc.string({ unit: anyCharacter, maxLength: 50 }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 300 }), (parts, capacity) => {
        const writer = new LineWriter(capacity);
        for (const part of parts) writer.write(part);
        const expected = Buffer.concat(parts.map((part) => Buffer.from(part)));
        expect(writer.view().equals(expected)).toBe(true);
        expect(writer.bytes).toBe(expected.length);
      }),
    );
  });

  it("keeps what was written when it grows for a text of three bytes a character", () => {
    const writer = new LineWriter(4);
    writer.write("ab");
    writer.write("日本語");
    expect(writer.view().toString()).toBe("ab日本語");
  });

  it("writes on from where it was cut", () => {
    const writer = new LineWriter(16);
    writer.write("kept, dropped");
    writer.truncate(4);
    writer.write("!");
    expect(writer.view().toString()).toBe("kept!");
  });
});
