import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { RequestFault } from "./request-fault";

/** An answer before it goes on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Encoded once: a page is 150 kB of text, and measuring it costs as much as encoding it. */
  readonly body: Buffer;
}

/** Enough pauses to meet every decoder's buffer, few enough to stay quick. */
const SPLITS = 8;
const HTML = Buffer.from("<!DOCTYPE html><html><body><h1>Over capacity</h1></body></html>");

/**
 * Meets a request that will get no answer of X's at all.
 * @returns true when the fault has dealt with the response.
 */
export function breakBeforeAnswer(fault: RequestFault | undefined, response: ServerResponse): boolean {
  if (fault?.kind === "hang") return true;
  if (fault?.kind === "reset") {
    response.socket?.resetAndDestroy();
    return true;
  }
  const answer = foreignAnswer(fault);
  if (answer !== undefined) send(response, answer);
  return answer !== undefined;
}

/** What is answered in X's place. */
function foreignAnswer(fault: RequestFault | undefined): Answer | undefined {
  const html = { "content-type": "text/html" };
  switch (fault?.kind) {
    case "non-json":
      return { status: fault.status ?? 503, headers: html, body: HTML };
    case "empty-body":
      return { status: fault.status ?? 401, headers: html, body: Buffer.alloc(0) };
    case "redirect":
      return { status: 302, headers: { location: "https://moved.invalid/2/" }, body: Buffer.alloc(0) };
    default:
      return undefined;
  }
}

/** True when a fault keeps the client from having the whole of a successful answer. */
export function cutsAnswer(fault: RequestFault | undefined): boolean {
  return fault?.kind === "truncated-body" || fault?.kind === "stalled-body";
}

/** Sends an answer the way the fault wants it, or simply. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  fault: RequestFault | undefined,
): Promise<void> {
  switch (fault?.kind) {
    case "slow":
      await pause(fault.milliseconds);
      return send(response, answer);
    case "truncated-body":
      return cut(response, answer, fault.share ?? 0.5);
    case "stalled-body":
      begin(response, answer).write(answer.body.subarray(0, answer.body.length / 2));
      return;
    case "compressed":
      return send(response, compressed(answer, fault.encoding));
    case "split-utf8":
      return sendSplit(response, answer);
    default:
      return send(response, answer);
  }
}

const COMPRESSORS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
const BYTE_ORDER_MARK = Buffer.from("\uFEFF");

function compressed({ headers, body, ...answer }: Answer, encoding: keyof typeof COMPRESSORS): Answer {
  const marked = Buffer.concat([BYTE_ORDER_MARK, body]);
  return {
    ...answer,
    headers: { ...headers, "content-encoding": encoding },
    body: COMPRESSORS[encoding](marked),
  };
}

/** Sends an answer as it is. */
export function send(response: ServerResponse, answer: Answer): void {
  begin(response, answer).end(answer.body);
}

function begin(response: ServerResponse, { status, headers, body }: Answer): ServerResponse {
  return response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
    ...headers,
  });
}

/** The announced length is never reached: the connection breaks once the first part is out. */
function cut(response: ServerResponse, answer: Answer, share: number): void {
  const bytes = answer.body;
  begin(response, answer).write(bytes.subarray(0, Math.floor(bytes.length * share)), () =>
    response.destroy(),
  );
}

async function sendSplit(response: ServerResponse, answer: Answer): Promise<void> {
  const bytes = answer.body;
  begin(response, answer);
  let sent = 0;
  for (const at of insideCharacters(bytes)) {
    response.write(bytes.subarray(sent, at));
    sent = at;
    await pause(2);
  }
  response.end(bytes.subarray(sent));
}

/** Positions between the bytes of one character, spread over the text. */
function insideCharacters(bytes: Buffer): number[] {
  const inside = [...bytes.keys()].filter((at) => ((bytes[at] ?? 0) & 0xc0) === 0x80);
  const step = Math.max(1, Math.floor(inside.length / SPLITS));
  return inside.filter((_, place) => place % step === 0);
}

/** Waits on the machine's own clock: slowness is the network's. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
