/**
 * Search as a PostSource: one page per read, newest first. Pagination tokens live in memory only and are used while
 * the loop goes on where the last page ended; after a restart, or when the page size changes, `until_id` continues.
 * (twitter-api-v2's own paginator is not used: it ends silently at rate-limit zero and on an empty page.)
 */
import type { SearchConfig } from "../config-x";
import { SourceError } from "../errors";
import { worstCase } from "../expansions";
import type { Clock, PostPage, PostSource, ReadLimits } from "../ports";
import { NO_READS } from "../ports";
import { afterPage, afterStaleSince, afterStaleUntil, boundsOf, laterId, type Position } from "../window";
import { classify, headerNumber, rateLimited, refusal, resetTime } from "./classify";
import { type XAnswer, type XClient, XResponseError } from "./client";
import { dialects, type QueryParams } from "./fields";
import { parsePage, type SearchPage } from "./page";

/** docs.x.com, "Search Posts": posts per page, and time between requests. */
export const ENDPOINTS = {
  recent: { path: "tweets/search/recent", maxPosts: 100, spacingMs: 0 },
  all: { path: "tweets/search/all", maxPosts: 500, spacingMs: 1_000 },
} as const;
const MIN_POSTS = 10;
/** Refusals met in a row by asking differently, before one is taken as final. They cost nothing but requests. */
const MAX_MENDS = 8;
/** How far behind X's oldest `since_id` to stay, once it has turned out to move; doubles with each refusal. */
const STALE_DISTANCE_MS = { base: 1_000, cap: 5 * 60_000 };

export interface SearchSourceOptions {
  readonly client: Pick<XClient, "get">;
  readonly clock: Clock;
  readonly search: Pick<SearchConfig, "query" | "postFields" | "expansions">;
  readonly endpoint: keyof typeof ENDPOINTS;
  /** Caught up as soon as the first window is closed, however it began (a backfill). */
  readonly singleWindow?: boolean;
}

/** The page that may follow: valid only for the very position and size it was answered with. */
interface Cursor {
  readonly position: Position;
  readonly maxPosts: number;
  readonly request: QueryParams;
  readonly token: string;
}

export class SearchSource implements PostSource {
  private readonly endpoint: (typeof ENDPOINTS)[keyof typeof ENDPOINTS];
  private readonly waysOfAsking: readonly QueryParams[];
  private way = 0;
  private cursor: Cursor | undefined;
  /** The window being read was opened by this process, not resumed from a checkpoint. */
  private openedHere = false;
  private pageSize: number;
  private blockedUntilMs = 0;
  private mends = 0;
  private staleRefusals = 0;
  private lastRequestMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: SearchSourceOptions) {
    this.endpoint = ENDPOINTS[options.endpoint];
    this.pageSize = this.endpoint.maxPosts;
    this.waysOfAsking = dialects(options.search.postFields, options.search.expansions);
  }

  get readLimits(): ReadLimits {
    const { posts, users } = worstCase(this.options.search.expansions);
    const worstCasePerPost = { posts: 1, includedPosts: posts, includedUsers: users };
    return { minPosts: MIN_POSTS, maxPosts: this.pageSize, worstCasePerPost };
  }

  async read(position: Position, maxPosts: number): Promise<PostPage> {
    this.refuseWhileBlocked();
    if (position.window === undefined) this.openedHere = true;
    const request = this.requestFor(position, maxPosts);
    const requestedAtMs = this.options.clock.now();
    try {
      const answer = await this.get(request);
      const page = parsePage(answer.body);
      this.noteSuccess(answer);
      return this.pageAfter({ position, maxPosts, request, requestedAtMs }, page, answer);
    } catch (error) {
      return this.mend(position, error);
    }
  }

  private requestFor(position: Position, maxPosts: number): QueryParams {
    const { cursor } = this;
    this.cursor = undefined;
    if (cursor?.position === position && cursor.maxPosts === maxPosts) {
      return { ...cursor.request, next_token: cursor.token };
    }
    const { sinceId, untilId } = boundsOf(position);
    return {
      query: this.options.search.query,
      max_results: String(maxPosts),
      ...(sinceId === undefined ? {} : { since_id: sinceId }),
      ...(untilId === undefined ? {} : { until_id: untilId }),
    };
  }

  private async get(request: QueryParams): Promise<XAnswer> {
    const { clock, client } = this.options;
    const wait = this.lastRequestMs + this.endpoint.spacingMs - clock.now();
    if (wait > 0) await clock.sleep(wait, NEVER);
    this.lastRequestMs = clock.now();
    return client.get(this.endpoint.path, { ...request, ...this.waysOfAsking[this.way] });
  }

  private pageAfter(asked: Asked, page: SearchPage, answer: XAnswer): PostPage {
    const { position, maxPosts, request } = asked;
    const last = page.nextToken === undefined && page.complete;
    const closed = afterPage(position, page.span, last);
    const caughtUp = last && (this.openedHere || this.options.singleWindow === true);
    if (last) this.openedHere = false;
    const next = caughtUp ? { ...closed, caughtUpAtMs: asked.requestedAtMs } : closed;
    if (page.nextToken !== undefined) {
      const { next_token: _used, ...first } = request;
      this.cursor = { position: next, maxPosts, request: first, token: page.nextToken };
    }
    return {
      posts: page.posts,
      includes: page.includes,
      billed: page.billed,
      receivedAtMs: answer.receivedAtMs,
      position: next,
      caughtUp,
      partialErrors: page.partialErrors,
    };
  }

  /** Failures that cost nothing and can be mended become an empty page with the position to go on from. */
  private mend(position: Position, error: unknown): PostPage {
    if (!(error instanceof XResponseError)) throw this.noteFailure(error);
    const nowMs = this.options.clock.now();
    const verdict = classify(error.failure, nowMs);
    if (verdict.type !== "error") this.mends += 1;
    if (this.mends > MAX_MENDS) throw refusal(error.failure);
    switch (verdict.type) {
      case "stale_since":
        return this.emptyPage(this.clamped(position, verdict.oldestSinceId));
      case "stale_until":
        if (position.window === undefined) throw refusal(error.failure);
        return this.emptyPage(afterStaleUntil(position, nowMs));
      case "refused_token":
        // Tokens expire; without a cursor the next request continues with until_id.
        return this.emptyPage(position);
      case "refused_fields":
        return this.nextWayOfAsking(position, error);
      case "error":
        throw this.noteFailure(verdict.error);
    }
  }

  /**
   * X names the id of the moment seven days ago, and that moment moves on: by the next request its own proposal may be
   * stale. So every further refusal keeps more distance, or a window that takes hours would be refused at every page.
   */
  private clamped(position: Position, namedId: string): Position {
    const { base, cap } = STALE_DISTANCE_MS;
    const distanceMs = this.staleRefusals === 0 ? 0 : Math.min(base * 2 ** (this.staleRefusals - 1), cap);
    this.staleRefusals += 1;
    return afterStaleSince(position, laterId(namedId, distanceMs), this.options.clock.now());
  }

  private nextWayOfAsking(position: Position, error: XResponseError): PostPage {
    if (this.way + 1 >= this.waysOfAsking.length) throw refusal(error.failure);
    this.way += 1;
    return this.emptyPage(position);
  }

  private emptyPage(position: Position): PostPage {
    const receivedAtMs = this.options.clock.now();
    return {
      posts: [],
      includes: {},
      billed: NO_READS,
      receivedAtMs,
      position,
      caughtUp: false,
      partialErrors: 0,
    };
  }

  /** Remaining 0 after a success: the next request would only be refused. */
  private noteSuccess({ headers }: XAnswer): void {
    this.mends = 0;
    this.pageSize = Math.min(this.endpoint.maxPosts, this.pageSize * 2);
    if (headerNumber(headers, "x-rate-limit-remaining") !== 0) return;
    this.blockedUntilMs = resetTime(headers) ?? 0;
  }

  /** Less money at stake while answers get lost, and less work for an archive search that times out. */
  private noteFailure(error: unknown): unknown {
    const costly =
      error instanceof SourceError &&
      error.kind === "transient" &&
      (error.mayBeBilled || this.options.endpoint === "all");
    if (costly) this.pageSize = Math.max(MIN_POSTS, Math.floor(this.pageSize / 2));
    return error;
  }

  private refuseWhileBlocked(): void {
    const nowMs = this.options.clock.now();
    if (this.blockedUntilMs <= nowMs) return;
    const error = rateLimited(this.endpoint.path, this.blockedUntilMs, nowMs);
    this.blockedUntilMs = 0;
    throw error;
  }
}

interface Asked {
  readonly position: Position;
  readonly maxPosts: number;
  readonly request: QueryParams;
  readonly requestedAtMs: number;
}

/** Waits of a second are not worth interrupting. */
const NEVER = new AbortController().signal;
