/**
 * X's search as a function of its posts and the time: newest first, tokens, bounds, seven days. It bills as X does, a
 * post once per UTC day, and counts reads apart.
 */
import { SourceError } from "../../src/loop/errors";
import { compareIds, firstIdAt, type Id, timeOfId } from "../../src/posts/ids";
import type { XAnswer } from "../../src/x/client";
import { XResponseError } from "../../src/x/errors";
import type { VirtualClock } from "./virtual-clock";

export interface SimulatedPost {
  readonly id: Id;
  /** When search begins to find it. */
  readonly foundMs: number;
  /** Which queries find it. */
  readonly query: string;
}

export type SearchFault =
  /** The answer is made and billed, and never arrives. */
  | "lost"
  /** The request does not arrive; the client cannot know that. */
  | "reset"
  | "503"
  | "429"
  | "expired token"
  | "empty page"
  | "short page";

const DAY_MS = 86_400_000;
const WINDOW_MS = 7 * DAY_MS;

export class SimulatedX {
  readonly posts: SimulatedPost[] = [];
  /** How often each post was returned. */
  readonly reads = new Map<Id, number>();
  private readonly billedByDay = new Set<string>();
  private sequence = 0;

  constructor(private readonly clock: VirtualClock) {}

  /** Makes a post now. @param delayMs until search finds it */
  post(query: string, delayMs: number): void {
    this.sequence += 1;
    const id = (BigInt(firstIdAt(this.clock.nowMs)) + BigInt(this.sequence % 4_000)).toString();
    this.posts.push({ id, foundMs: this.clock.nowMs + delayMs, query });
  }

  /** A post of the past. */
  postAt(query: string, ms: number): void {
    this.sequence += 1;
    const id = (BigInt(firstIdAt(ms)) + BigInt(this.sequence % 4_000)).toString();
    this.posts.push({ id, foundMs: ms, query });
  }

  /** What X bills: each post once per UTC day. */
  get billed(): number {
    return this.billedByDay.size;
  }

  get returnedIds(): Iterable<Id> {
    return this.reads.keys();
  }

  /** @throws XResponseError, SourceError as the client would */
  search(path: string, params: Readonly<Record<string, string>>, fault: SearchFault | undefined): XAnswer {
    if (fault === "503" || fault === "429") throw refusal(path, fault === "503" ? 503 : 429);
    if (fault === "reset") throw broken();
    if (fault === "expired token" && params.next_token !== undefined)
      throw badRequest(path, "next_token", "expired");
    const found = this.found(path, params);
    const size = fault === "empty page" ? 0 : fault === "short page" ? 3 : Number(params.max_results);
    const page = found.slice(0, size);
    this.bill(page);
    if (fault === "lost") throw broken();
    const last = page.at(-1);
    const hasMore = found.length > page.length;
    const token = last ?? params.next_token ?? "top";
    const meta = { result_count: page.length, ...(hasMore ? { next_token: token } : {}) };
    return {
      body: { ...(page.length > 0 ? { data: page.map((id) => ({ id, text: id })) } : {}), meta },
      headers: {},
      receivedAtMs: this.clock.nowMs,
    };
  }

  /** Ids that the request still has to see, newest first. */
  private found(path: string, params: Readonly<Record<string, string>>): readonly Id[] {
    const nowMs = this.clock.nowMs;
    const oldest = path.endsWith("/recent") ? firstIdAt(nowMs - WINDOW_MS) : "0";
    const { since_id = "0", until_id, next_token, query } = params;
    if (since_id !== "0" && compareIds(since_id, oldest) < 0) {
      throw badRequest(path, "since_id", `Please use a 'since_id' that is larger than ${oldest}`);
    }
    if (until_id !== undefined && compareIds(until_id, oldest) < 0) {
      throw badRequest(path, "until_id", `'until_id' must be a tweet id created after ${timeOfId(oldest)}`);
    }
    const isBelow = (id: Id, bound: string | undefined) =>
      bound === undefined || bound === "top" || compareIds(id, bound) < 0;
    return this.posts
      .filter(
        (post) =>
          post.query === query &&
          post.foundMs <= nowMs &&
          compareIds(post.id, oldest) >= 0 &&
          compareIds(post.id, since_id) > 0 &&
          isBelow(post.id, until_id) &&
          isBelow(post.id, next_token),
      )
      .map(({ id }) => id)
      .sort((a, b) => compareIds(b, a));
  }

  private bill(ids: readonly Id[]): void {
    for (const id of ids) {
      this.reads.set(id, (this.reads.get(id) ?? 0) + 1);
      this.billedByDay.add(`${Math.floor(this.clock.nowMs / DAY_MS)} ${id}`);
    }
  }
}

function broken(): SourceError {
  return new SourceError("the connection broke", { kind: "transient", mayBeBilled: true });
}

function refusal(path: string, status: number): XResponseError {
  return new XResponseError({ status, body: { title: "x" }, headers: { "retry-after": "5" }, path });
}

function badRequest(path: string, parameter: string, message: string): XResponseError {
  const body = { title: "Invalid Request", errors: [{ parameters: { [parameter]: ["x"] }, message }] };
  return new XResponseError({ status: 400, body, headers: {}, path });
}
