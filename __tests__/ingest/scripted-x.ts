/** A small X that answers searches honestly, and whose answers a script can replace or spoil, one request at a time. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { firstIdAt } from "../../local/x-simulator/snowflake";

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Posts that X bills. @default - those in the body of a success */
  readonly billed?: number;
}

export interface Asked {
  readonly path: string;
  readonly params: URLSearchParams;
  readonly authorization: string | undefined;
  readonly atMs: number;
}

/** @param honest what X would answer @returns what it answers instead; undefined: nothing ever */
export type Script = (honest: ScriptedAnswer, asked: Asked, count: number) => ScriptedAnswer | undefined;

const HONEST: Script = (answer) => answer;

export interface ScriptedXOptions {
  /** Posts, one a minute, the newest made `newestMs` ago. */
  readonly posts: number;
  /** X's clock minus this machine's. */
  readonly clockOffsetMs?: number;
  /** For searches alone; usage and counts are answered honestly. */
  readonly script?: Script;
}

export class ScriptedX {
  readonly searches: Asked[] = [];
  /** Ids of the honest posts, newest first. */
  readonly ids: string[];
  /** Posts in successful answers. */
  bought = 0;
  url = "";
  script: Script;
  private server: Server | undefined;

  constructor(private readonly options: ScriptedXOptions) {
    const { posts, script = HONEST } = options;
    this.ids = Array.from({ length: posts }, (_, n) => firstIdAt(this.now() - (n + 1) * 60_000).toString());
    this.script = script;
  }

  now(): number {
    return Date.now() + (this.options.clockOffsetMs ?? 0);
  }

  async listen(): Promise<this> {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://x");
      const { authorization } = request.headers;
      const asked = { path: url.pathname, params: url.searchParams, authorization, atMs: Date.now() };
      const answer = this.answer(asked);
      if (answer === undefined) return;
      response.writeHead(answer.status, {
        "content-type": "application/json",
        date: new Date(this.now()).toUTCString(),
        ...answer.headers,
      });
      response.end(answer.body);
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => (this.server === undefined ? done(undefined) : this.server.close(done)));
  }

  private answer(asked: Asked): ScriptedAnswer | undefined {
    if (!asked.path.includes("/search/")) return page({ data: { project_usage: "0", cap_reset_day: 1 } });
    const answer = this.script(this.search(asked.params), asked, this.searches.length);
    this.searches.push(asked);
    if (answer?.status === 200) this.bought += answer.billed ?? postsIn(answer.body);
    return answer;
  }

  private search(params: URLSearchParams): ScriptedAnswer {
    const { since, until, from, size } = boundsOf(params);
    const found = this.ids.filter((id) => BigInt(id) > since && BigInt(id) < until);
    const next = from + size < found.length ? { next_token: String(from + size) } : {};
    return pageOf(found.slice(from, from + size), next);
  }
}

/** A page of posts with these ids. */
export function pageOf(ids: readonly string[], meta: object = {}): ScriptedAnswer {
  const data = ids.map((id) => ({
    id,
    text: `post ${id}`,
    author_id: "7",
    created_at: "2026-11-23T12:00:00.000Z",
  }));
  return page({ ...(data.length > 0 && { data }), meta: { result_count: data.length, ...meta } });
}

export function page(body: object): ScriptedAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

/** A refusal in X's own form. */
export function problem(status: number, title: string, more: object = {}): ScriptedAnswer {
  const body = { title, type: "about:blank", status, detail: title, ...more };
  return { status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(body) };
}

/** What a CDN or a proxy answers in X's place. */
export function foreign(
  status: number,
  body = "<html><head><title>Attention Required!</title></head></html>",
): ScriptedAnswer {
  return { status, headers: { "content-type": "text/html" }, body };
}

function boundsOf(params: URLSearchParams) {
  return {
    since: BigInt(params.get("since_id") ?? 0),
    until: BigInt(params.get("until_id") ?? 2n ** 63n),
    from: Number(params.get("next_token") ?? 0),
    size: Number(params.get("max_results") ?? 10),
  };
}

/** The same answer under an encoding. */
export function encoded(answer: ScriptedAnswer, encoding: string, body: Buffer): ScriptedAnswer {
  return {
    ...answer,
    headers: { ...answer.headers, "content-encoding": encoding },
    body,
    billed: postsIn(answer.body),
  };
}

function postsIn(body: string | Buffer): number {
  const text = body.toString();
  return text.startsWith("{") ? ((JSON.parse(text) as { data?: readonly unknown[] }).data?.length ?? 0) : 0;
}
