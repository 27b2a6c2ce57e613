/** What X would bill, as it can be read while or after a run. */
export interface LedgerReport {
  /** Requests by endpoint and status, for example `{"search/recent 200": 20}`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Posts in `data`, every return counted. */
  readonly posts: number;
  /** Different posts in `data`. */
  readonly distinctPosts: number;
  /** Posts returned more than once: what was bought again. */
  readonly repeatedPosts: number;
  /** Posts in answers that were cut before the client could have all of them. */
  readonly cutPosts: number;
  /** Posts and users in `includes`, every return counted. */
  readonly includedPosts: number;
  readonly includedUsers: number;
  /** Sum and maximum of `max_results` over all successful searches: the most they could have cost. */
  readonly postsAskedFor: number;
  readonly maxResultsAsked: number;
  /** Successful counts requests, which are billed per request. */
  readonly countsRequests: number;
}

/** One successful search. */
export interface BilledPage {
  /** Indexes of the posts in `data`, the end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly maxResults: number;
  readonly includedPosts: number;
  readonly includedUsers: number;
  /** True when the answer was cut short on purpose. */
  readonly cut: boolean;
}

/**
 * Writes down what X would bill: every post, included post and included user in a successful answer, also
 * when the connection breaks in the middle of it. One bit a post, so that a million cost 125 kB.
 */
export class Ledger {
  private returned = new Uint8Array(1024);
  private readonly repeats = new Map<number, number>();
  private readonly requests = new Map<string, number>();
  private readonly counts = {
    posts: 0,
    distinctPosts: 0,
    cutPosts: 0,
    includedPosts: 0,
    includedUsers: 0,
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

  /** Bills a page. */
  bill(page: BilledPage): void {
    for (let index = page.from; index < page.to; index += 1) this.billPost(index);
    this.counts.posts += page.to - page.from;
    if (page.cut) this.counts.cutPosts += page.to - page.from;
    this.counts.includedPosts += page.includedPosts;
    this.counts.includedUsers += page.includedUsers;
    this.counts.postsAskedFor += page.maxResults;
    this.counts.maxResultsAsked = Math.max(this.counts.maxResultsAsked, page.maxResults);
  }

  /** How often a post has been returned. */
  timesReturned(index: number): number {
    return this.has(index) ? (this.repeats.get(index) ?? 1) : 0;
  }

  /** The indexes of all posts returned at least once, ascending. */
  *returnedIndexes(): Generator<number> {
    for (let index = 0; index < this.returned.length * 8; index += 1) {
      if (this.has(index)) yield index;
    }
  }

  /** Posts returned more than once: index and how often. */
  repeated(): ReadonlyMap<number, number> {
    return this.repeats;
  }

  report(): LedgerReport {
    return { requests: Object.fromEntries(this.requests), repeatedPosts: this.repeats.size, ...this.counts };
  }

  private billPost(index: number): void {
    if (this.has(index)) {
      this.repeats.set(index, (this.repeats.get(index) ?? 1) + 1);
      return;
    }
    this.reserve(index);
    this.returned[index >> 3] = (this.returned[index >> 3] ?? 0) | (1 << (index & 7));
    this.counts.distinctPosts += 1;
  }

  private has(index: number): boolean {
    return ((this.returned[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  private reserve(index: number): void {
    if (index >> 3 < this.returned.length) return;
    const larger = new Uint8Array(Math.max(this.returned.length * 2, (index >> 3) + 1));
    larger.set(this.returned);
    this.returned = larger;
  }
}
