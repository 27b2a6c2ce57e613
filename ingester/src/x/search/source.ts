/**
 * Search as a PostSource: each read returns one page, newest posts first. Page tokens are kept in memory only, and are used
 * while the next read continues below the last page. After a restart, or with another page size, `until_id` continues.
 * (twitter-api-v2's own paginator is not used: it ends silently at rate-limit zero and on an empty page.)
 */
import type { Interval } from "../../ledger/intervals";
import type { ReadLimits } from "../../ledger/limits";
import { SourceError } from "../../loop/errors";
import type { Observer } from "../../loop/events";
import type { Page, PostSource, ReadRequest } from "../../loop/ports";
import { RECENT_SEARCH_MS } from "../../loop/task";
import { compareIds, firstIdAt, type Id, MAX_ID, newerId, nextId, timeOfId } from "../../posts/ids";
import type { XAnswer, XClient } from "../client";
import { type Meaning, meaningOf, refusal, XResponseError } from "../errors";
import { worstCase } from "../expansions";
import type { QueryParams } from "../fields";
import { Asking } from "./asking";
import { parsePage, type SearchPage } from "./page";
import { type PageRequest, Paging } from "./paging";

/** docs.x.com, "Search Posts": posts per page. */
export const ENDPOINTS = {
  recent: { path: "tweets/search/recent", maxPosts: 100 },
  all: { path: "tweets/search/all", maxPosts: 500 },
} as const;
export const MIN_POSTS = 10;
/** X's changelog of 2021-06-30: full-archive search refuses more while context_annotations are asked for. */
const MAX_ANNOTATED_POSTS = 100;
/**
 * So many refusals of bounds and tokens in a row are repaired by changed requests; the next one is final. None is
 * billed.
 */
const MAX_REPAIRS = 8;
/** Distance to the oldest id that X states, which grows with time. Doubled with each refusal. */
const STALE_DISTANCE_MS = { base: 1_000, cap: 5 * 60_000 };
/** X's seven days are not exact: an interval so close to their beginning is not recorded as lost. */
const WINDOW_TOLERANCE_MS = 5 * 60_000;
const STALLED =
  "X's pages bring nothing new: they repeat, have no order, or ignore the bounds that were asked for.";

export interface SearchSourceOptions {
  readonly client: Pick<XClient, "get" | "now">;
  readonly query: string;
  readonly endpoint: keyof typeof ENDPOINTS;
  /** @default - all public post fields */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
  readonly observe: Observer;
}

/** The sizes that a page can have, and the most that one post can cost. */
export function searchLimits(expansions: readonly string[], maxPosts: number): ReadLimits {
  const { posts, users } = worstCase(expansions);
  const included = { ...(posts > 0 && { includedPosts: posts }), ...(users > 0 && { includedUsers: users }) };
  return { minPosts: MIN_POSTS, maxPosts, perPost: { posts: 1, ...included } };
}

export class SearchSource implements PostSource {
  private readonly endpoint: (typeof ENDPOINTS)[keyof typeof ENDPOINTS];
  private readonly asking: Asking;
  private readonly paging = new Paging();
  private pageSize: number;
  /** X no longer accepts bounds below this id. */
  private floor: Id = "0";
  private staleRefusals = 0;
  /** Top of a hole that X has refused as a bound, because it is in the future by X's clock. */
  private futureTop: Id | undefined;
  /** The last page had nothing new. Until a page has, the smallest pages are bought. */
  private isStalled = false;

  constructor(private readonly options: SearchSourceOptions) {
    const { endpoint, postFields, expansions, observe } = options;
    this.endpoint = ENDPOINTS[endpoint];
    this.pageSize = this.endpoint.maxPosts;
    const onChange = (message: string) => observe({ type: "request_changed", message });
    this.asking = new Asking({ postFields, expansions, onChange });
  }

  get readLimits(): ReadLimits {
    return searchLimits(
      this.options.expansions,
      this.isStalled ? MIN_POSTS : Math.min(this.pageSize, this.largestPage),
    );
  }

  async read({ hole, maxPosts }: ReadRequest): Promise<Page> {
    for (let repairs = 0; ; ) {
      if (compareIds(this.floor, hole.through) >= 0) return this.emptyPage({ lost: hole });
      const request = this.paging.request(hole, this.paramsFor(hole, maxPosts));
      try {
        const answer = await this.ask(request);
        const page = parsePage(answer.body, answer.form);
        this.pageSize = Math.min(this.endpoint.maxPosts, this.pageSize * 2);
        this.asking.answered(page.posts);
        return this.pageOf(request, page, answer);
      } catch (error) {
        const repaired = this.repair(hole, error, repairs);
        if (repaired.end !== undefined) return this.emptyPage(repaired.end);
        repairs += repaired.cost;
      }
    }
  }

  private get largestPage(): number {
    const isAnnotated = !this.isRecent && this.asking.asksFor("context_annotations");
    return isAnnotated ? MAX_ANNOTATED_POSTS : this.endpoint.maxPosts;
  }

  private ask({ params, cursor }: PageRequest): Promise<XAnswer> {
    const token = cursor === undefined ? {} : { next_token: cursor.token };
    const all = { ...params, ...token, ...this.asking.params };
    return this.options.client.get(this.endpoint.path, all, { form: "bytes" });
  }

  private paramsFor(hole: Interval, maxPosts: number): QueryParams {
    const isOpen = hole.through === MAX_ID || hole.through === this.futureTop;
    return {
      query: this.options.query,
      max_results: String(maxPosts),
      ...this.sinceParam(hole),
      ...(isOpen ? {} : { until_id: nextId(hole.through) }),
    };
  }

  /** Without since_id X returns its whole window. X refuses an older since_id. */
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

  private pageOf(request: PageRequest, page: SearchPage, { receivedAtMs }: XAnswer): Page {
    const { hole } = request;
    const { after, filled, fresh, isStalled } = this.paging.note(request, page);
    this.isStalled = isStalled;
    const lost = this.lostOf(hole, filled);
    const end = filled ? (lost?.through ?? hole.after) : after;
    const covers = end === undefined ? undefined : { after: end, through: hole.through };
    const { posts, includes, form, billed, partialErrors } = page;
    return {
      ...{ posts, fresh, includes, form, billed, partialErrors, receivedAtMs, covers, lost, filled },
      provenance: this.provenance(receivedAtMs),
      ...(isStalled ? { stalled: STALLED } : {}),
    };
  }

  /** The part of the hole that was already outside X's window when X sent the last page. */
  private lostOf({ after, through }: Interval, filled: boolean): Interval | undefined {
    const edge = filled && this.isRecent ? newerId(this.floor, this.windowStart()) : this.floor;
    if (compareIds(edge, after) <= 0 || timeOfId(edge) - timeOfId(after) < WINDOW_TOLERANCE_MS)
      return undefined;
    return { after, through: compareIds(edge, through) < 0 ? edge : through };
  }

  /** A page without posts, for a result that needed no answer. */
  private emptyPage({ lost }: { readonly lost: Interval | undefined }): Page {
    const receivedAtMs = this.options.client.now();
    return {
      ...{ posts: [], fresh: [], includes: {}, billed: {}, partialErrors: 0 },
      ...{ receivedAtMs, covers: undefined, lost, filled: true },
      provenance: this.provenance(receivedAtMs),
    };
  }

  private provenance(receivedAtMs: number): Page["provenance"] {
    const received_at = new Date(receivedAtMs).toISOString();
    return { source: `search/${this.options.endpoint}`, query: this.options.query, received_at };
  }

  /**
   * Changes the request after a refusal, which is not billed.
   * @throws SourceError if no changed request can help
   */
  private repair(hole: Interval, error: unknown, repairs: number): Repaired {
    if (!(error instanceof XResponseError)) throw this.noteFailure(error);
    const meaning = meaningOf(error.failure, this.options.client.now());
    if (meaning.type === "error") throw this.noteFailure(meaning.error);
    if (meaning.type === "refused_fields") {
      this.asking.refused(error.failure, meaning.refused);
      return { cost: 0 };
    }
    const repaired = repairs < MAX_REPAIRS ? this.repairBound(hole, meaning) : undefined;
    if (repaired === undefined) throw refusal(error.failure);
    return repaired;
  }

  /** @returns undefined when asking again would not help */
  private repairBound(hole: Interval, meaning: BoundMeaning): Repaired | undefined {
    const nowMs = this.options.client.now();
    switch (meaning.type) {
      case "stale_since":
        this.raiseFloor(meaning.oldestSinceId);
        return AGAIN;
      case "stale_until":
        return hole.through === MAX_ID ? undefined : { ...AGAIN, end: { lost: hole } };
      case "refused_bound":
        // A hole that begins in the future by X's clock has no posts.
        if (isYoung(hole.after, nowMs)) return { ...AGAIN, end: { lost: undefined } };
        if (!isYoung(hole.through, nowMs) || this.futureTop === hole.through) return undefined;
        this.futureTop = hole.through;
        return AGAIN;
      case "refused_token":
        return AGAIN;
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

  /** Smaller pages put less money at risk while answers get lost, and help an archive search that times out. */
  private noteFailure(error: unknown): unknown {
    const isCostly =
      error instanceof SourceError && error.kind === "transient" && (error.mayBeBilled || !this.isRecent);
    if (isCostly) this.pageSize = Math.max(MIN_POSTS, Math.floor(this.pageSize / 2));
    return error;
  }
}

type BoundMeaning = Exclude<Meaning, { readonly type: "error" | "refused_fields" }>;

interface Repaired {
  /** How much it counts towards MAX_REPAIRS. */
  readonly cost: number;
  /** The request is not needed any more. */
  readonly end?: { readonly lost: Interval | undefined };
}

const AGAIN: Repaired = { cost: 1 };

/** X's clock and ours agree to the minute: an older bound cannot lie in its future. */
function isYoung(id: Id, nowMs: number): boolean {
  return compareIds(id, firstIdAt(nowMs - 60_000)) > 0;
}
