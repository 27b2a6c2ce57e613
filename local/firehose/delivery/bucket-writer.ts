import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeDirectory } from "../../../ingester/src/runtime/directories";

/** Inside the bucket's directory, so that a rename into place stays on one file system. Not part of the bucket. */
export const INCOMING_DIRECTORY = ".incoming";

/** Writes objects into the directory that stands for the bucket; a reader never sees half of one. */
export class BucketWriter {
  constructor(private readonly bucketDirectory: string) {}

  /** Writes an object, replacing one with the same key. */
  async write(key: string, body: Buffer): Promise<void> {
    const incoming = join(this.bucketDirectory, INCOMING_DIRECTORY);
    const temporary = join(incoming, `${randomUUID()}.tmp`);
    const path = join(this.bucketDirectory, key);
    makeDirectory(incoming);
    makeDirectory(dirname(path));
    try {
      await writeFile(temporary, body);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
