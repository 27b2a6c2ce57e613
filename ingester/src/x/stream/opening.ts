/**
 * Opens a response that does not end. It uses Node's own request: the stream reader of twitter-api-v2 damages characters
 * that are split across chunks, and reconnects on its own. Every connection resolves the host name again, as X asks.
 */
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, constants as zlib } from "node:zlib";
import { agentFor } from "../../runtime/network/proxy";
import { type Headers, type RawAnswer, REQUEST_HEADERS, TransportError } from "../transport";

export interface Opening {
  /** Base URL, without a slash at its end. */
  readonly apiUrl: string;
  readonly bearerToken: string;
  /** Such as `tweets/search/stream`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** From connecting to the headers of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A response whose bytes flow. */
export interface Opened {
  readonly headers: Headers;
  /** Bytes as X sent them, decompressed. Errors of the connection are its errors. */
  readonly body: Readable;
  /** Called with each chunk that has arrived, before it is decompressed. */
  onBytes(listener: (bytes: number) => void): void;
  /** Whether the answer was received to its end, so that no more bytes can arrive. */
  isComplete(): boolean;
  close(): void;
}

/** A refusal, read to its end because its body has the reason. */
export type OpeningOutcome = { readonly opened: Opened } | { readonly refused: RawAnswer };

/** Refusals are short. */
const MAX_REFUSAL_BYTES = 1024 * 1024;

/** @throws TransportError when no answer came in time, or a refusal broke off */
export async function openStream(opening: Opening): Promise<OpeningOutcome> {
  const { timeoutMs, signal } = opening;
  const attempt = new Attempt(opening);
  const deadline = setTimeout(() => attempt.end("timed_out"), timeoutMs);
  const stop = () => attempt.end("broken");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await attempt.outcome;
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener("abort", stop);
  }
}

/** One request, up to the headers of a stream or the last byte of a refusal. */
class Attempt {
  readonly outcome: Promise<OpeningOutcome>;
  private readonly request: ClientRequest;
  private response: IncomingMessage | undefined;
  private reject: (reason: TransportError) => void = () => undefined;

  constructor({ apiUrl, bearerToken, path, params }: Opening) {
    const url = new URL(`${apiUrl}/2/${path}`);
    url.search = new URLSearchParams(params).toString();
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const headers = { ...REQUEST_HEADERS, authorization: `Bearer ${bearerToken}` };
    // Plain http is allowed for this machine only, and uses no proxy.
    const agent = url.protocol === "https:" ? agentFor(apiUrl, { keepAlive: false }) : undefined;
    this.request = send(url, { headers, agent });
    const ended = new Promise<never>((_resolve, reject) => {
      this.reject = reject;
    });
    this.outcome = Promise.race([this.answered(), ended]);
    this.request.end();
  }

  /** Ends it in whatever state it is: a request that has no connection yet, or whose refusal stalls, says nothing. */
  end(failure: "timed_out" | "broken"): void {
    this.reject(new TransportError(failure, failure, this.response?.statusCode));
    this.request.destroy();
  }

  private async answered(): Promise<OpeningOutcome> {
    const response = await this.responded();
    this.response = response;
    if (response.statusCode === 200 && !isPage(response)) return { opened: opened(response) };
    return { refused: await refusal(response) };
  }

  private responded(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this.request.once("response", resolve);
      this.request.on("error", (error: NodeJS.ErrnoException) => {
        reject(new TransportError("broken", error.code ?? error.message, undefined, { cause: error }));
      });
    });
  }
}

/** Whether a proxy or CDN answered with a page of its own; its status can be any. */
function isPage({ headers }: IncomingMessage): boolean {
  return /^\s*text\/html\b/i.test(headers["content-type"] ?? "");
}

async function refusal(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_REFUSAL_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new TransportError("broken", code ?? message, response.statusCode, { cause });
  }
  return { status: response.statusCode ?? 0, headers: response.headers, data: Buffer.concat(chunks) };
}

function opened(response: IncomingMessage): Opened {
  const body = decoded(response);
  return {
    headers: response.headers,
    body,
    onBytes: (listener) => void response.on("data", (chunk: Buffer) => listener(chunk.length)),
    isComplete: () => response.complete,
    close: () => {
      response.destroy();
      body.destroy();
    },
  };
}

/** Passes every message on when it arrives, before the compressed block is full. */
function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase();
  const decoder = decoderOf(encoding);
  if (decoder === undefined) return response;
  response.on("error", (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

function decoderOf(encoding: string | undefined) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip({ flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH });
    case "deflate":
      return createInflate({ flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH });
    case "br":
      return createBrotliDecompress({ flush: zlib.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}
