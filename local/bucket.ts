import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";

/** A delivered object. */
export interface BucketObject {
  /** As in S3: relative to the bucket, with slashes. */
  readonly key: string;
  readonly path: string;
  /** As stored, that is, compressed. */
  readonly bytes: number;
}

const NEWLINE = 0x0a;

/**
 * Lists the delivered objects, in the order of their keys.
 * @param directory stands for the bucket; one that does not exist yet is empty.
 * @param prefix lists only keys that begin with it.
 */
export async function listObjects(directory: string, prefix = ""): Promise<BucketObject[]> {
  const keys = await listKeys(directory, "");
  const wanted = keys.filter((key) => key.startsWith(prefix)).sort();
  return Promise.all(
    wanted.map(async (key) => {
      const path = join(directory, key);
      return { key, path, bytes: (await stat(path)).size };
    }),
  );
}

/** The lines of an object, without their newlines, decompressed when its name ends in `.gz`. */
export async function* readLines(object: BucketObject): AsyncGenerator<string> {
  for await (const lines of lineBatches(object)) {
    for (const line of lines) yield line.toString("utf8");
  }
}

/** The same, as bytes and several at a time: a million lines in little memory and time. */
export async function* lineBatches(object: BucketObject): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of open(object)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE);
    yield splitLines(bytes.subarray(0, end + 1));
    rest = bytes.subarray(end + 1);
  }
  if (rest.length > 0) yield [rest];
}

function open({ path }: BucketObject): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!path.endsWith(".gz")) return file;
  const unzipped = createGunzip({ chunkSize: 256 * 1024 });
  file.on("error", (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** Names beginning with a dot are the endpoint's own business, not objects. */
async function listKeys(directory: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true }).catch(ignoreMissing);
  const nested = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith("."))
      .map((entry) =>
        entry.isDirectory() ? listKeys(directory, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
      ),
  );
  return nested.flat();
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
