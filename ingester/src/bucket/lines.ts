/** Lines of a delivered object, read as it comes: a gigabyte takes no more memory than its longest line. */
import { createGunzip } from "node:zlib";

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its newline; undefined: longer than MAX_LINE_BYTES. */
  readonly bytes: Buffer | undefined;
}

/** A Firehose record has 1,000 KiB at most, and a line of it cannot be longer: a transform may add as much again. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Several lines at a time; empty lines are left out. @throws where the compressed data is cut or broken */
export async function* linesOf(object: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const splitter = new Splitter();
  for await (const chunk of decompressed(object)) yield splitter.push(asBuffer(chunk));
  yield splitter.end();
}

class Splitter {
  private number = 0;
  private rest: Buffer[] = [];
  private restBytes = 0;
  private isTooLong = false;

  push(chunk: Buffer): readonly Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.keep(chunk.subarray(start, end));
      lines.push(...this.take());
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  end(): readonly Line[] {
    return this.restBytes === 0 && !this.isTooLong ? [] : this.take();
  }

  private keep(bytes: Buffer): void {
    this.restBytes += bytes.length;
    if (this.restBytes > MAX_LINE_BYTES) {
      this.rest = [];
      this.isTooLong = true;
    } else if (bytes.length > 0) this.rest.push(bytes);
  }

  private take(): readonly Line[] {
    this.number += 1;
    const [only] = this.rest;
    const bytes = this.rest.length === 1 && only ? only : Buffer.concat(this.rest);
    const line = { number: this.number, bytes: this.isTooLong ? undefined : bytes };
    this.rest = [];
    this.restBytes = 0;
    this.isTooLong = false;
    return line.bytes?.length === 0 ? [] : [line];
  }
}

/** By its first bytes: a stream's file extension can be any. */
async function* decompressed(object: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = object[Symbol.asyncIterator]();
  const first = await firstBytes(chunks);
  const whole = continued(first, chunks);
  if (!isGzip(first)) yield* whole;
  else yield* gunzipped(whole);
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { pipeline } = await import("node:stream/promises");
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const fed = pipeline(chunks, unzip);
  // Whatever breaks the pipeline ends the iteration below with the same error.
  fed.catch(() => undefined);
  yield* unzip as AsyncIterable<Uint8Array>;
  await fed;
}

/** At least two bytes, unless the object has fewer. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* continued(first: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

/** RFC 1952. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
