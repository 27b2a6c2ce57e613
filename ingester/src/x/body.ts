/**
 * The text of an answer. A server may compress a body although the request did not ask for it, and a proxy may decompress
 * it and keep the header. A body that cannot be decoded and begins like JSON is used unchanged (RFC 9110, section 12.5.3).
 */
import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";

/** The codings that requests accept: node:zlib decodes all of them. */
export const ACCEPT_ENCODING = "gzip, deflate, br";

/**
 * Our own bound for one answer, before and after decompression, so that no answer can use up the memory of the task. A page
 * of 100 posts with every field has about 0.3 MB, one of 500 very long posts with all their references about 20 MB.
 */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

type Decoder = (data: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gunzipAsync: Decoder = promisify(gunzip);
const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["gzip", gunzipAsync],
  ["x-gzip", gunzipAsync],
  ["br", promisify(brotliDecompress) as Decoder],
  ["deflate", inflateEither],
]);

/**
 * The bytes of an answer's text.
 * @param encoding the header `content-encoding`: codings in the order in which they were applied
 * @param maxBytes of the decoded text. @default MAX_BODY_BYTES
 * @throws RangeError (code ERR_BUFFER_TOO_LARGE) above maxBytes; Error for a coding that is not known or broken data
 */
export async function decodedBody(
  data: Buffer,
  encoding: string | undefined,
  maxBytes = MAX_BODY_BYTES,
): Promise<Buffer> {
  const codings = (encoding ?? "").toLowerCase().split(",");
  let decoded = data;
  for (const coding of codings.map((name) => name.trim()).reverse()) {
    if (coding !== "" && coding !== "identity") decoded = await decode(decoded, coding, maxBytes);
  }
  return isGzip(decoded) ? gunzipAsync(decoded, { maxOutputLength: maxBytes }) : decoded;
}

/** Text without its byte order mark; U+FFFD takes the place of bytes that are no UTF-8. */
export function textOf(decoded: Buffer): string {
  return withoutMark(decoded.toString("utf8"));
}

/** An escape that stands for a character outside of ASCII. Text that holds such words matches, too, which changes nothing. */
const WIDE_ESCAPE = /\\u(?!00[0-7])/;

/**
 * JSON in the form `bytes` (posts/text-form.ts).
 * @returns undefined where they would not be the text's: broken UTF-8, a byte order mark, escaped characters
 */
export function bytesOf(data: Buffer): string | undefined {
  if (data[0] === BYTE_ORDER_MARK || !isUtf8(data)) return undefined;
  const text = data.toString("latin1");
  return text.includes("\\u") && WIDE_ESCAPE.test(text) ? undefined : text;
}

/** The first byte of the mark, which no JSON begins with. */
const BYTE_ORDER_MARK = 0xef;

async function decode(data: Buffer, coding: string, maxOutputLength: number): Promise<Buffer> {
  try {
    const decoder = DECODERS.get(coding);
    if (decoder === undefined) throw new Error(`the content encoding "${coding}" is not known`);
    return await decoder(data, { maxOutputLength });
  } catch (error) {
    if (looksPlain(data)) return data;
    throw error;
  }
}

/** `deflate` means zlib's format; some servers send the data without its header (RFC 9110, section 8.4.1.2). */
async function inflateEither(data: Buffer, options: { readonly maxOutputLength: number }): Promise<Buffer> {
  const isZlib = data.length >= 2 && data.readUInt16BE(0) % 31 === 0 && (data.readUInt8(0) & 0x0f) === 8;
  return isZlib ? promisify(inflate)(data, options) : promisify(inflateRaw)(data, options);
}

function isGzip(data: Buffer): boolean {
  return data.length >= 2 && data.readUInt16BE(0) === 0x1f8b;
}

/** The beginning of a JSON object, with or without a byte order mark. */
function looksPlain(data: Buffer): boolean {
  return /^\uFEFF?\s*\{\s*["}]/.test(data.toString("utf8", 0, 64));
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
