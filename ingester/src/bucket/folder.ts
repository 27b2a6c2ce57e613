/** A folder that stands for a bucket, as `npm start` and `aws s3 sync` leave one. */
import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../loop/errors";
import type { Bucket, BucketObject } from "./bucket";

const CHUNK_BYTES = 256 * 1024;

/** @throws ConfigError where there is no such folder */
export async function openFolder(path: string): Promise<Bucket> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const got = found === undefined ? "nothing is there" : "it is a file";
    throw new ConfigError([`--bucket must be s3://BUCKET or a folder, got "${path}": ${got}.`]);
  }
  return {
    name: path,
    list: (prefix, after = "") => objectsIn(path, prefix, after),
    read: ({ key }) => createReadStream(join(path, key), { highWaterMark: CHUNK_BYTES }),
    async slice({ key }, start, end) {
      const file = await open(join(path, key));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    close: () => undefined,
  };
}

/** In the order of keys within a folder. Names that begin with a dot are no objects: editors and writers use them. */
async function* objectsIn(
  root: string,
  prefix: string,
  after: string,
  folder = "",
): AsyncGenerator<BucketObject> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const named = entries.filter(({ name }) => !name.startsWith("."));
  for (const entry of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = `${folder}${entry.name}`;
    if (entry.isDirectory()) {
      const below = `${key}/`;
      const isWanted = below.startsWith(prefix) || prefix.startsWith(below);
      if (isWanted) yield* objectsIn(root, prefix, after, below);
    } else if (key.startsWith(prefix) && key > after) {
      yield { key, bytes: (await stat(join(root, key))).size };
    }
  }
}
