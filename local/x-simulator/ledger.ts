import { BitSet } from "../support/bit-set";

/** What X would bill, as it can be read while or after a run. */
export interface LedgerReport {
  /** Requests by endpoint and status, for example `{"search/recent 200": 20}`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Posts in `data`, every return counted: reads, not money. */
  readonly posts: number;
  /** What X charges for: each post in `data` once per UTC day. */
  readonly billedPosts: number;
  /** Different posts in `data`. */
  readonly distinctPosts: number;
  /** Posts returned more than once: what was bought again. */
  readonly repeatedPosts: number;
  /** Posts sent by the stream, every time counted; they are part of `posts`. */
  readonly streamedPosts: number;
  /** Posts in answers that were cut before the client could have all of them. */
  readonly cutPosts: number;
  /** Posts and users in `includes`, every return counted. */
  readonly includedPosts: number;
  readonly includedUsers: number;
  /** Those that X charges for: each once per UTC day, and a post not again beside `data`. */
  readonly billedIncludedPosts: number;
  readonly billedIncludedUsers: number;
  /** Sum and maximum of `max_results` over all successful searches: the most they could have cost. */
  readonly postsAskedFor: number;
  readonly maxResultsAsked: number;
  /** Successful counts requests, which are billed per request. */
  readonly countsRequests: number;
}

/** Where a post was bought. */
export type BillSource = "search" | "stream";

/** One successful search, or one record of the stream. */
export interface BilledPage {
  readonly source: BillSource;
  /** Indexes of the posts in `data`. */
  readonly posts: readonly number[];
  /** `max_results` of a search; 0 for the stream, which is asked for no number. */
  readonly maxResults: number;
  /** Indexes of the posts and users in `includes`. */
  readonly includedPosts: readonly number[];
  readonly includedUsers: readonly number[];
  /** True when the answer was cut short on purpose. */
  readonly cut: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Writes down what X would bill, every post, included post and included user in a successful answer or on the stream, also when the
 * connection breaks in the middle of it. X charges a post once per UTC day; how often it was read is counted apart.
 */
export class Ledger {
  private readonly returned = new BitSet();
  private readonly returnedBy: Readonly<Record<BillSource, BitSet>> = {
    search: new BitSet(),
    stream: new BitSet(),
  };
  private readonly postsOn = new Map<number, BitSet>();
  private readonly usersOn = new Map<number, BitSet>();
  private readonly repeats = new Map<number, number>();
  private readonly requests = new Map<string, number>();
  private readonly counts = {
    posts: 0,
    billedPosts: 0,
    distinctPosts: 0,
    streamedPosts: 0,
    cutPosts: 0,
    includedPosts: 0,
    includedUsers: 0,
    billedIncludedPosts: 0,
    billedIncludedUsers: 0,
    postsAskedFor: 0,
    maxResultsAsked: 0,
    countsRequests: 0,
  };

  /** Notes an answer, successful or not. @param endpoint for example `search/recent`. */
  countRequest(endpoint: string, status: number): void {
    const key = `${endpoint} ${status}`;
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
    if (endpoint.startsWith("counts/") && status === 200) this.counts.countsRequests += 1;
  }

  /** Bills a page. @param nowMs decides the UTC day */
  bill(page: BilledPage, nowMs: number): void {
    const day = Math.floor(nowMs / DAY_MS);
    const posts = setOf(this.postsOn, day);
    const users = setOf(this.usersOn, day);
    const returnedBy = this.returnedBy[page.source];
    for (const index of page.posts) {
      returnedBy.add(index);
      if (posts.add(index)) this.counts.billedPosts += 1;
      if (this.returned.add(index)) this.counts.distinctPosts += 1;
      else this.repeats.set(index, (this.repeats.get(index) ?? 1) + 1);
    }
    for (const index of page.includedPosts) if (posts.add(index)) this.counts.billedIncludedPosts += 1;
    for (const index of page.includedUsers) if (users.add(index)) this.counts.billedIncludedUsers += 1;
    this.counts.posts += page.posts.length;
    if (page.source === "stream") this.counts.streamedPosts += page.posts.length;
    if (page.cut) this.counts.cutPosts += page.posts.length;
    this.counts.includedPosts += page.includedPosts.length;
    this.counts.includedUsers += page.includedUsers.length;
    this.counts.postsAskedFor += page.maxResults;
    this.counts.maxResultsAsked = Math.max(this.counts.maxResultsAsked, page.maxResults);
  }

  /** Posts that X has charged for so far. */
  get billedPosts(): number {
    return this.counts.billedPosts;
  }

  /** How often a post has been returned. */
  timesReturned(index: number): number {
    return this.returned.has(index) ? (this.repeats.get(index) ?? 1) : 0;
  }

  /** The indexes of all posts returned at least once, ascending. @param source only those that were bought there */
  returnedIndexes(source?: BillSource): Iterable<number> {
    return source === undefined ? this.returned : this.returnedBy[source];
  }

  /** Posts returned more than once: index and how often. */
  repeated(): ReadonlyMap<number, number> {
    return this.repeats;
  }

  report(): LedgerReport {
    return { requests: Object.fromEntries(this.requests), repeatedPosts: this.repeats.size, ...this.counts };
  }
}

function setOf(sets: Map<number, BitSet>, day: number): BitSet {
  const known = sets.get(day) ?? new BitSet();
  sets.set(day, known);
  return known;
}
