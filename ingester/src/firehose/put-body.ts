/**
 * The body of PutRecordBatch (JSON 1.1), written here since the SDK makes base64 a character at a time, in JavaScript,
 * and in memory that it doubles again and again. The request is the SDK's.
 */

const ENTRY = { start: '{"Data":"', end: '"}' };
/** Encoded at once: a multiple of 3, and small enough for V8's young generation, so that memory does not grow. */
const PIECE_BYTES = 48 * 1_024;

/**
 * @param memory of an earlier body, which is lost; used where it is large enough. @default - new memory
 * @returns a body that has its memory (`body.buffer`) for itself
 * @example putBody("tweet_stream", [Buffer.from("{}\n")])
 */
export function putBody(
  streamName: string,
  records: readonly Uint8Array[],
  memory?: ArrayBufferLike,
): Buffer {
  const start = `{"DeliveryStreamName":${JSON.stringify(streamName)},"Records":[`;
  const end = "]}";
  const perEntry = ENTRY.start.length + ENTRY.end.length + 1;
  const bytes = records.reduce((sum, { length }) => sum + perEntry + base64Length(length), 0);
  const size = Buffer.byteLength(start) + bytes + end.length;
  const body =
    memory !== undefined && memory.byteLength >= size ? Buffer.from(memory) : Buffer.allocUnsafeSlow(size);
  let at = body.write(start);
  for (const [index, record] of records.entries()) {
    at += body.write(index === 0 ? ENTRY.start : `,${ENTRY.start}`, at, "latin1");
    at = writeBase64(body, at, asBuffer(record));
    at += body.write(ENTRY.end, at, "latin1");
  }
  at += body.write(end, at, "latin1");
  return body.subarray(0, at);
}

/** @returns the end of what was written */
function writeBase64(body: Buffer, start: number, record: Buffer): number {
  let at = start;
  for (let from = 0; from < record.length; from += PIECE_BYTES) {
    at += body.write(
      record.toString("base64", from, Math.min(record.length, from + PIECE_BYTES)),
      at,
      "latin1",
    );
  }
  return at;
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
