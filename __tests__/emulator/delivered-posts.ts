import { gunzipSync } from "node:zlib";
import type { Emulator } from "./emulator";

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** The id of every line in the bucket; a post that lies there twice is there twice. */
export async function deliveredIds(bucket: string, emulator: Emulator): Promise<string[]> {
  const objects = (await keysIn(bucket, emulator)).map((key) => objectOf(bucket, key, emulator));
  const lines = (await Promise.all(objects)).flatMap((body) => body.toString("utf8").split("\n"));
  return lines.filter((line) => line !== "").map((line) => (JSON.parse(line) as { id: string }).id);
}

async function keysIn(bucket: string, emulator: Emulator): Promise<string[]> {
  const xml = (await emulator.s3(`/${bucket}?list-type=2&max-keys=1000`)).toString("utf8");
  if (xml.includes("<IsTruncated>true")) throw new Error(`More than 1000 objects in ${bucket}`);
  return [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);
}

/** Emulators differ in whether they compress. */
async function objectOf(bucket: string, key: string, emulator: Emulator): Promise<Buffer> {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const body = await emulator.s3(`/${bucket}/${path}`);
  return body.subarray(0, 2).equals(GZIP_MAGIC) ? gunzipSync(body) : body;
}
