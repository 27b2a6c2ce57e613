/**
 * X as a function of its posts and the time: search that answers newest first with tokens, bounds and seven days, and a
 * filtered stream. It bills as X does, a post once per UTC day, and counts reads apart.
 */
import { cycleAt } from "../../src/ledger/billing-cycle";
import { SourceError } from "../../src/loop/errors";
import { compareIds, firstIdAt, type Id, MAX_ID, timeOfId } from "../../src/posts/ids";
import type { XAnswer } from "../../src/x/client";
import { XResponseError } from "../../src/x/errors";
import { SimulatedStream } from "./simulated-stream";
import type { VirtualClock } from "./virtual-clock";

export interface SimulatedPost {
  readonly id: Id;
  readonly madeMs: number;
  /** When search begins to find it. */
  readonly foundMs: number;
  /** Which query finds it. */
  readonly query: string;
}

export const searchFaults = [
  /** The answer is made and billed, and never arrives. */
  "lost",
  /** The request does not arrive; the client cannot know that. */
  "reset",
  "503",
  "429",
  /** A page of HTML from something between. */
  "html",
  "expired token",
  "empty page",
  "short page",
  /** Every second post, oldest first; the others come with the token. */
  "unsorted",
  /** A post comes twice on the page. */
  "repeated post",
  /** The token means nothing: the first page again. */
  "ignored token",
] as const;
export type SearchFault = (typeof searchFaults)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const USAGE_LAG_MS = 20 * MINUTE_MS;
const DAY_MS = 86_400_000;
const WINDOW_MS = 7 * DAY_MS;

export class SimulatedX {
  readonly posts: SimulatedPost[] = [];
  /** How often each post was returned. */
  readonly reads = new Map<Id, number>();
  readonly stream: SimulatedStream;
  /** Searches that were answered and reached into the newest minute: others find more. */
  readonly openSearches: { readonly query: string; readonly atMs: number }[] = [];
  /** Requests for counts. */
  readonly countsBilledAt: number[] = [];
  /** Of the project. */
  usageOf = { cycleDay: 1, othersPerHour: 0 };
  private readonly bills: { readonly atMs: number; readonly posts: number }[] = [];
  private readonly billedByDay = new Map<number, Set<Id>>();
  /** What tokens leave out that do not say where to go on. */
  private readonly given = new Map<string, ReadonlySet<Id>>();
  private sequence = 0;

  constructor(private readonly clock: VirtualClock) {
    this.stream = new SimulatedStream(clock, (ids) => this.bill(ids));
  }

  /** Makes a post now. @param delayMs until search finds it */
  post(query: string, delayMs: number): void {
    this.make({ query, madeMs: this.clock.nowMs, foundMs: this.clock.nowMs + delayMs });
  }

  /** A post of the past. */
  postAt(query: string, ms: number): void {
    this.make({ query, madeMs: ms, foundMs: ms });
  }

  /** What X bills: each post once per UTC day. @param fromMs the first day's start; everything unless it is given */
  billedSince(fromMs = 0): number {
    let billed = 0;
    for (const [day, ids] of this.billedByDay) if (day * DAY_MS >= fromMs) billed += ids.size;
    return billed;
  }

  get billed(): number {
    return this.billedSince();
  }

  get returnedIds(): Iterable<Id> {
    return this.reads.keys();
  }

  /** @throws XResponseError, SourceError as the client would */
  search(path: string, params: Readonly<Record<string, string>>, fault: SearchFault | undefined): XAnswer {
    throwRefusal(path, fault);
    if (fault === "expired token" && params.next_token !== undefined)
      throw badRequest(path, "next_token", "expired");
    const found = this.found(path, fault === "ignored token" ? withoutToken(params) : params);
    const isUnsorted = fault === "unsorted" && found.length > 2;
    const next = isUnsorted ? found.filter((_id, n) => n % 2 === 0) : found;
    const size = fault === "empty page" ? 0 : fault === "short page" ? 3 : Number(params.max_results);
    const page = next.slice(0, size);
    this.bill(page);
    const atMs = this.clock.nowMs;
    if (timeOfId(params.until_id ?? MAX_ID) > atMs - MINUTE_MS)
      this.openSearches.push({ query: params.query ?? "", atMs });
    if (fault === "lost") throw broken();
    const token = isUnsorted ? this.tokenAfter(page, params) : (page.at(-1) ?? params.next_token ?? "top");
    const shown = isUnsorted
      ? page.toReversed()
      : fault === "repeated post"
        ? [...page.slice(0, 1), ...page]
        : page;
    const meta = { result_count: shown.length, ...(found.length > page.length ? { next_token: token } : {}) };
    return {
      body: { ...(shown.length > 0 ? { data: shown.map((id) => ({ id, text: id })) } : {}), meta },
      headers: {},
      receivedAtMs: this.clock.nowMs,
    };
  }

  /** Counts are billed per request. @throws XResponseError, SourceError as the client would */
  counts(path: string, { query }: Readonly<Record<string, string>>, fault: SearchFault | undefined): XAnswer {
    throwRefusal(path, fault);
    this.countsBilledAt.push(this.clock.nowMs);
    if (fault === "lost") throw broken();
    const post_count = this.posts.filter((post) => post.query === query).length;
    const bucket = {
      start: new Date(0).toISOString(),
      end: new Date(this.clock.nowMs).toISOString(),
      post_count,
    };
    return { body: { data: [bucket], meta: {} }, headers: {}, receivedAtMs: this.clock.nowMs };
  }

  /** X's figure for the whole project. It lags, and after a turn of the cycle it is still that of the cycle before. */
  usage(): XAnswer {
    const { cycleDay, othersPerHour } = this.usageOf;
    const untilMs = this.clock.nowMs - USAGE_LAG_MS;
    const { startMs } = cycleAt(untilMs, cycleDay);
    const own = this.bills.filter(({ atMs }) => atMs >= startMs && atMs <= untilMs);
    const others = Math.floor(((untilMs - startMs) / HOUR_MS) * othersPerHour);
    const project_usage = String(own.reduce((sum, { posts }) => sum + posts, others));
    const headers = { date: new Date(this.clock.nowMs).toUTCString() };
    const data = { project_usage, project_cap: "3000000", cap_reset_day: cycleDay };
    return { body: { data }, headers, receivedAtMs: this.clock.nowMs };
  }

  private make(post: Omit<SimulatedPost, "id">): void {
    this.sequence += 1;
    const id = (BigInt(firstIdAt(post.madeMs)) + BigInt(this.sequence % 4_000)).toString();
    this.posts.push({ ...post, id });
    if (post.madeMs === this.clock.nowMs) this.stream.made(id, post.query);
  }

  private tokenAfter(page: readonly Id[], { next_token }: Readonly<Record<string, string>>): string {
    const token = `without-${this.given.size}`;
    this.given.set(token, new Set([...page, ...(this.given.get(next_token ?? "") ?? [])]));
    return token;
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
    const given = this.given.get(next_token ?? "");
    const isAfterToken = (id: Id) =>
      next_token === undefined ||
      next_token === "top" ||
      given !== undefined ||
      compareIds(id, next_token) < 0;
    return this.posts
      .filter(
        (post) =>
          post.query === query &&
          post.foundMs <= nowMs &&
          compareIds(post.id, oldest) >= 0 &&
          compareIds(post.id, since_id) > 0 &&
          (until_id === undefined || compareIds(post.id, until_id) < 0) &&
          isAfterToken(post.id) &&
          given?.has(post.id) !== true,
      )
      .map(({ id }) => id)
      .sort((a, b) => compareIds(b, a));
  }

  private bill(ids: readonly Id[]): void {
    const day = Math.floor(this.clock.nowMs / DAY_MS);
    const today = this.billedByDay.get(day) ?? new Set<Id>();
    this.billedByDay.set(day, today);
    const before = today.size;
    for (const id of ids) {
      this.reads.set(id, (this.reads.get(id) ?? 0) + 1);
      today.add(id);
    }
    this.bills.push({ atMs: this.clock.nowMs, posts: today.size - before });
  }
}

/** @throws what the client throws where X does not answer with a page, and bills nothing */
function throwRefusal(path: string, fault: SearchFault | undefined): void {
  if (fault === "503" || fault === "429") throw refusal(path, fault === "503" ? 503 : 429);
  if (fault === "html") throw new XResponseError({ status: 502, body: "<html>", headers: {}, path });
  if (fault === "reset") throw broken();
}

function withoutToken({ next_token: _token, ...rest }: Readonly<Record<string, string>>) {
  return rest;
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
