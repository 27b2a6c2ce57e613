/**
 * Search as a PostSource: one page a read, newest first. Pagination tokens live in memory only and are used while a hole
 * is read on from where its last page ended; after a restart, or when the page size changes, `until_id` continues.
 * (twitter-api-v2's own paginator is not used: it ends silently at rate-limit zero and on an empty page.)
 */
import { type Interval, isWithin } from "../../ledger/intervals";
import type { ReadLimits } from "../../ledger/limits";
import { SourceError } from "../../loop/errors";
import type { Page, PostSource, ReadRequest } from "../../loop/ports";
import { RECENT_SEARCH_MS } from "../../loop/task";
import {
  compareIds,
  firstIdAt,
  type Id,
  MAX_ID,
  newerId,
  nextId,
  previousId,
  timeOfId,
} from "../../posts/ids";
import type { XAnswer, XClient } from "../client";
import { type Meaning, meaningOf, refusal, XResponseError } from "../errors";
import { worstCase } from "../expansions";
import { dialects, type QueryParams } from "../fields";
import { parsePage, type SearchPage, spanOf } from "./page";

/** docs.x.com, "Search Posts": posts per page. */
export const ENDPOINTS = {
  recent: { path: "tweets/search/recent", maxPosts: 100 },
  all: { path: "tweets/search/all", maxPosts: 500 },
} as const;
export const MIN_POSTS = 10;
/** Refusals met in a row by asking differently, before one is taken as final. They cost nothing but requests. */
const MAX_MENDS = 8;
/** How far to stay from the oldest id that X names, which moves on with time; doubles with each refusal. */
const STALE_DISTANCE_MS = { base: 1_000, cap: 5 * 60_000 };
/** X's seven days are not exact: what lies so close to their beginning is not called lost. */
const WINDOW_TOLERANCE_MS = 5 * 60_000;
/** Pages in a row that bring nothing new, before X is given time. */
const MAX_FRUITLESS = 2;
const FRUITLESS_WAIT_MS = 60_000;

export interface SearchSourceOptions {
  readonly client: Pick<XClient, "get" | "now">;
  readonly query: string;
  readonly endpoint: keyof typeof ENDPOINTS;
  /** @default - all public post fields */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
}

/** Where X says that a hole goes on: valid only for that very hole and page size. */
interface Cursor {
  readonly hole: Interval;
  readonly params: QueryParams;
  readonly token: string;
}

/** What one page of this query can be, and the most that one post of it can cost. */
export function searchLimits(expansions: readonly string[], maxPosts: number): ReadLimits {
  const { posts, users } = worstCase(expansions);
  const included = { ...(posts > 0 && { includedPosts: posts }), ...(users > 0 && { includedUsers: users }) };
  return { minPosts: MIN_POSTS, maxPosts, perPost: { posts: 1, ...included } };
}

export class SearchSource implements PostSource {
  private readonly endpoint: (typeof ENDPOINTS)[keyof typeof ENDPOINTS];
  private readonly waysOfAsking: readonly QueryParams[];
  private way = 0;
  private cursor: Cursor | undefined;
  private pageSize: number;
  /** X no longer takes bounds below this id. */
  private floor: Id = "0";
  private staleRefusals = 0;
  /** Top of a hole that X has refused as a bound, because its clock has not reached it. */
  private futureTop: Id | undefined;
  private fruitless = 0;

  constructor(private readonly options: SearchSourceOptions) {
    this.endpoint = ENDPOINTS[options.endpoint];
    this.pageSize = this.endpoint.maxPosts;
    this.waysOfAsking = dialects(options.postFields, options.expansions);
  }

  get readLimits(): ReadLimits {
    return searchLimits(this.options.expansions, this.pageSize);
  }

  async read({ hole, maxPosts }: ReadRequest): Promise<Page> {
    this.refuseWhileFruitless();
    for (let mends = 0; ; mends += 1) {
      if (compareIds(this.floor, hole.through) >= 0) return this.emptyPage({ lost: hole });
      const params = this.paramsFor(hole, maxPosts);
      try {
        const answer = await this.ask(params);
        const page = parsePage(answer.body);
        this.pageSize = Math.min(this.endpoint.maxPosts, this.pageSize * 2);
        return this.pageOf({ hole, params }, page, answer);
      } catch (error) {
        const lost = this.mend(hole, error, mends);
        if (lost !== undefined) return this.emptyPage({ lost });
      }
    }
  }

  private ask(params: QueryParams): Promise<XAnswer> {
    return this.options.client.get(this.endpoint.path, { ...params, ...this.waysOfAsking[this.way] });
  }

  /** A token is used once: whatever becomes of it, `until_id` can continue. */
  private paramsFor(hole: Interval, maxPosts: number): QueryParams {
    const params = {
      query: this.options.query,
      max_results: String(maxPosts),
      ...this.sinceParam(hole),
      ...(hole.through === MAX_ID || hole.through === this.futureTop
        ? {}
        : { until_id: nextId(hole.through) }),
    };
    const { cursor } = this;
    this.cursor = undefined;
    // A hole that has grown downwards needs another since_id: with the old one X would say too early that it is filled.
    const goesOn =
      cursor?.hole.after === hole.after &&
      cursor.hole.through === hole.through &&
      cursor.params.max_results === params.max_results;
    return goesOn ? { ...cursor.params, next_token: cursor.token } : params;
  }

  /** Without since_id X returns its whole window: what is older than that would only be refused. */
  private sinceParam({ after }: Interval): QueryParams {
    const since = newerId(after, this.floor);
    const isWhole = since === "0" || (this.isRecent && compareIds(since, this.windowStart()) <= 0);
    return isWhole ? {} : { since_id: since };
  }

  private get isRecent(): boolean {
    return this.options.endpoint === "recent";
  }

  private windowStart(): Id {
    return firstIdAt(this.options.client.now() - RECENT_SEARCH_MS);
  }

  private pageOf(
    { hole, params }: { readonly hole: Interval; readonly params: QueryParams },
    page: SearchPage,
    { receivedAtMs }: XAnswer,
  ): Page {
    const filled = page.nextToken === undefined && page.complete;
    const lost = this.lostOf(hole, filled);
    const inside = spanOf(page.posts.map(({ id }) => id).filter((id) => isWithin(hole, id)));
    const end = lost?.through ?? hole.after;
    const after = filled ? end : inside === undefined ? undefined : previousId(inside.oldest);
    const covers = after === undefined ? undefined : { after, through: hole.through };
    this.noteProgress(page, filled || inside !== undefined);
    if (page.nextToken !== undefined && this.fruitless === 0) {
      const { next_token: _used, ...first } = params;
      const rest = { after: hole.after, through: after ?? hole.through };
      this.cursor = { hole: rest, params: first, token: page.nextToken };
    }
    const { posts, unidentified, includes, billed, partialErrors } = page;
    const source = `search/${this.options.endpoint}` as const;
    const received_at = new Date(receivedAtMs).toISOString();
    const provenance = { source, query: this.options.query, received_at };
    return {
      ...{ posts, unidentified, includes, billed, partialErrors },
      ...{ provenance, receivedAtMs, covers, lost, filled },
    };
  }

  /** What of the hole X no longer reached when it said that there is nothing more. */
  private lostOf({ after, through }: Interval, filled: boolean): Interval | undefined {
    const edge = filled && this.isRecent ? newerId(this.floor, this.windowStart()) : this.floor;
    if (compareIds(edge, after) <= 0 || timeOfId(edge) - timeOfId(after) < WINDOW_TOLERANCE_MS)
      return undefined;
    return { after, through: compareIds(edge, through) < 0 ? edge : through };
  }

  private emptyPage({ lost }: { readonly lost: Interval }): Page {
    const receivedAtMs = this.options.client.now();
    const received_at = new Date(receivedAtMs).toISOString();
    const provenance = {
      source: `search/${this.options.endpoint}`,
      query: this.options.query,
      received_at,
    } as const;
    return {
      ...{ posts: [], includes: {}, billed: {}, partialErrors: 0 },
      ...{ provenance, receivedAtMs, covers: undefined, lost, filled: true },
    };
  }

  /**
   * Meets a refusal that costs nothing, so that asking again makes sense.
   * @returns what turned out to be lost, to be asked for no more
   * @throws what cannot be mended
   */
  private mend(hole: Interval, error: unknown, mends: number): Interval | undefined {
    if (!(error instanceof XResponseError)) throw this.noteFailure(error);
    const meaning = meaningOf(error.failure, this.options.client.now());
    if (meaning.type === "error") throw this.noteFailure(meaning.error);
    if (mends >= MAX_MENDS || !this.isMended(hole, meaning)) throw refusal(error.failure);
    return meaning.type === "stale_until" ? hole : undefined;
  }

  private isMended(hole: Interval, meaning: Exclude<Meaning, { readonly type: "error" }>): boolean {
    switch (meaning.type) {
      case "stale_since":
        this.raiseFloor(meaning.oldestSinceId);
        return true;
      case "stale_until":
        return hole.through !== MAX_ID;
      case "refused_bound":
        this.futureTop = hole.through;
        return isYoung(hole.through, this.options.client.now());
      case "refused_token":
        return true;
      case "refused_fields":
        this.way += 1;
        return this.way < this.waysOfAsking.length;
    }
  }

  /**
   * X names the id of the moment seven days ago, and that moment moves on: by the next request its own proposal may be
   * stale. So every further refusal keeps more distance, or a hole that takes hours would be refused at every page.
   */
  private raiseFloor(namedId: Id): void {
    const { base, cap } = STALE_DISTANCE_MS;
    const distanceMs = this.staleRefusals === 0 ? 0 : Math.min(base * 2 ** (this.staleRefusals - 1), cap);
    this.staleRefusals += 1;
    this.floor = newerId(this.floor, firstIdAt(timeOfId(namedId) + distanceMs));
  }

  /** Less money at stake while answers get lost, and less work for an archive search that times out. */
  private noteFailure(error: unknown): unknown {
    const isCostly =
      error instanceof SourceError && error.kind === "transient" && (error.mayBeBilled || !this.isRecent);
    if (isCostly) this.pageSize = Math.max(MIN_POSTS, Math.floor(this.pageSize / 2));
    return error;
  }

  private noteProgress({ posts }: SearchPage, isProgress: boolean): void {
    this.fruitless = isProgress || posts.length === 0 ? 0 : this.fruitless + 1;
  }

  /** Posts outside the hole are paid for like others: X gets time before it is asked for such a page again. */
  private refuseWhileFruitless(): void {
    if (this.fruitless < MAX_FRUITLESS) return;
    this.fruitless = MAX_FRUITLESS - 1;
    throw new SourceError(
      "X answers with posts that were not asked for, and with none that were: pages in no order, or bounds that it ignores.",
      { kind: "transient", retryAtMs: this.options.client.now() + FRUITLESS_WAIT_MS },
    );
  }
}

/** X's clock and ours agree to the minute: an older bound cannot lie in its future. */
function isYoung(id: Id, nowMs: number): boolean {
  return compareIds(id, firstIdAt(nowMs - 60_000)) > 0;
}
