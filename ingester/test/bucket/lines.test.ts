import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { linesOf, MAX_LINE_BYTES } from "../../src/bucket/lines";
import { anyCharacter } from "../helpers/any-character";

async function* chunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[n % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(
  bytes: Buffer,
  sizes: readonly number[] = [],
): Promise<readonly (readonly [number, string | undefined])[]> {
  const found: (readonly [number, string | undefined])[] = [];
  for await (const lines of linesOf(chunks(bytes, sizes)))
    for (const { number, bytes: line } of lines) found.push([number, line?.toString("utf8")]);
  return found;
}

describe("lines of an object", () => {
  it("are the same however the bytes come, compressed or not", async () => {
    const text = fc.array(fc.string({ unit: anyCharacter }).map((line) => line.replaceAll("\n", " ")));
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(text, sizes, fc.boolean(), async (lines, pieces, isCompressed) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        fc.pre(bytes[0] !== 0x1f || bytes[1] !== 0x8b);
        const wanted = lines.flatMap((line, index) => (line === "" ? [] : [[index + 1, line]]));

        expect(await read(isCompressed ? gzipSync(bytes) : bytes, pieces)).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it("go on over several compressed pieces, as Firehose may write them", async () => {
    const bytes = Buffer.concat([gzipSync("one\ntw"), gzipSync("o\nthree")]);
    expect(await read(bytes)).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
  });

  it("are not kept when they are longer than any line can be", async () => {
    const long = Buffer.concat([Buffer.alloc(MAX_LINE_BYTES + 1, "a"), Buffer.from("\nnext\n")]);
    const most = Buffer.concat([Buffer.alloc(MAX_LINE_BYTES, "a"), Buffer.from("\n")]);

    expect(await read(long, [1 << 20])).toEqual([
      [1, undefined],
      [2, "next"],
    ]);
    expect((await read(most, [1 << 20]))[0]?.[1]).toHaveLength(MAX_LINE_BYTES);
  });

  it("are given out up to where compressed data is cut; then it is an error", async () => {
    const text = Array.from({ length: 50_000 }, (_, n) => `line ${n} ${(n * 7919) % 10_007}`).join("\n");
    const whole = gzipSync(text);
    const found: string[] = [];
    const reading = async () => {
      for await (const lines of linesOf(chunks(whole.subarray(0, -100), [65_536])))
        found.push(...lines.map(({ bytes }) => String(bytes)));
    };

    await expect(reading()).rejects.toThrow("unexpected end of file");
    expect(found[0]).toBe("line 0 0");
  });
});
