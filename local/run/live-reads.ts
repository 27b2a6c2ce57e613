import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { LoopbackServer } from "../support/loopback-server";
import type { Reads } from "./reads";

/** Headers that belong to one connection, not to what is carried over it. */
const HOP_HEADERS: readonly string[] = ["host", "connection", "keep-alive", "accept-encoding"];

/**
 * Stands between the ingester and the real X on this machine and writes down every post X returned, so
 * that a live run can be checked against something other than the ingester's own word. Answers pass
 * unchanged; nothing is kept but ids.
 * @param upstream X's base URL.
 */
export async function startLiveReads(upstream: string): Promise<Reads> {
  const recorder = new Recorder();
  const server = new LoopbackServer((request, response) => pass(upstream, { request, response, recorder }));
  const { url } = await server.listen();
  return {
    url,
    name: "the X API",
    posts: () => recorder.ids.size,
    repeated: () => recorder.repeated,
    requests: () => recorder.requests,
    ids: () => recorder.ids,
    close: () => server.close(),
  };
}

/** What X has returned. */
class Recorder {
  readonly ids = new Set<bigint>();
  repeated = 0;
  requests = 0;

  /** Notes the posts of a complete answer. Anything but a page of posts has none. */
  note(body: string): void {
    for (const id of postIds(body)) {
      if (this.ids.has(id)) this.repeated += 1;
      this.ids.add(id);
    }
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly recorder: Recorder;
}

function pass(upstream: string, { request, response, recorder }: Exchange): void {
  recorder.requests += 1;
  const target = new URL(`${upstream.replace(/\/$/, "")}${request.url ?? "/"}`);
  const open = target.protocol === "http:" ? httpRequest : httpsRequest;
  const outgoing = open(target, { method: request.method ?? "GET", headers: endToEnd(request) }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutHopHeaders(answer.headers));
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () =>
      recorder.note(answer.statusCode === 200 ? Buffer.concat(chunks).toString("utf8") : ""),
    );
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  // The ingester meets the failure as if it had spoken to X itself: a broken connection.
  outgoing.on("error", () => response.destroy());
  response.on("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
}

/** Without `accept-encoding`, X answers uncompressed and its answers can be read on the way. */
function endToEnd(request: IncomingMessage): Record<string, string | string[]> {
  return withoutHopHeaders(request.headers);
}

function withoutHopHeaders(headers: IncomingMessage["headers"]): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !HOP_HEADERS.includes(name),
  );
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}

function postIds(body: string): bigint[] {
  try {
    const { data } = JSON.parse(body) as { data?: unknown };
    const posts = Array.isArray(data) ? (data as { id?: unknown }[]) : [];
    return posts
      .map((post) => String(post.id))
      .filter((id) => /^\d{1,19}$/.test(id))
      .map(BigInt);
  } catch {
    return [];
  }
}
