import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TransformEvent, TransformResponse } from "../src/firehose-event";
import { deliveredLines, eventOf, postLine } from "./helpers/records";

const directories: string[] = [];

function build(): { readonly bundle: string; readonly zip: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), "transform-build-"));
  directories.push(directory);
  execFileSync(process.execPath, [join(__dirname, "../build.mjs"), directory], { stdio: "pipe" });
  return { bundle: join(directory, "index.js"), zip: readFileSync(join(directory, "transform.zip")) };
}

describe("the bundled function", () => {
  const { bundle, zip } = build();
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  it("answers an invocation at index.handler", async () => {
    const { handler } = require(bundle) as { handler: (event: TransformEvent) => Promise<TransformResponse> };
    const { records } = await handler(eventOf(postLine({ id: "7" })));
    expect(deliveredLines(records[0])).toMatchObject([{ id: "7", formatted: { version: 1 } }]);
  });

  it("has the same bytes whenever and wherever it is built", () => {
    expect(build().zip.equals(zip)).toBe(true);
    expect(zip.includes(tmpdir())).toBe(false);
    expect(zip.includes(process.cwd())).toBe(false);
  });

  it("is the only file of an archive that Lambda can read", () => {
    const content = readFileSync(bundle);
    // End of central directory, directory entry, local header: offsets of APPNOTE 4.3.
    const end = zip.length - 22;
    expect(zip.readUInt32LE(end)).toBe(0x06054b50);
    expect(zip.readUInt16LE(end + 10)).toBe(1);
    const entry = zip.readUInt32LE(end + 16);
    expect(zip.readUInt32LE(entry)).toBe(0x02014b50);
    expect(zip.toString("utf8", entry + 46, entry + 46 + zip.readUInt16LE(entry + 28))).toBe("index.js");
    expect((zip.readUInt32LE(entry + 38) >>> 16) & 0o777).toBe(0o644);
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    expect(zip.subarray(start, start + zip.readUInt32LE(entry + 20)).equals(content)).toBe(true);
  });

  it("carries the checksum of its content", () => {
    // The last eight bytes of a gzip stream are the CRC-32 of what was compressed, then its length.
    const trailer = gzipSync(readFileSync(bundle)).subarray(-8);
    expect(zip.readUInt32LE(14)).toBe(trailer.readUInt32LE(0));
  });
});
