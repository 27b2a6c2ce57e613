import type { Clock } from "../support/clock";
import type { XFault } from "./faults/kinds";
import type { BilledPage } from "./ledger";
import { type Includes, writeIncludes } from "./posts/includes";
import { PageWriter } from "./posts/page-writer";
import type { PostGenerator } from "./posts/post-generator";
import { Selections } from "./posts/selections";
import type { FoundPosts, SearchIndex } from "./query/search-index";
import { readPageToken, writeToken } from "./requests/page-token";
import { readSearchRequest, type SearchEndpointName, type SearchRequest } from "./requests/search-request";
import type { Timeline } from "./timeline";
import type { Vocabulary, VocabularyOption } from "./vocabulary";
import { type IndexRange, visibleRange } from "./window";

/** What searching needs. */
export interface SearchProps {
  readonly timeline: Timeline;
  readonly generator: PostGenerator;
  readonly index: SearchIndex;
  readonly clock: Clock;
  readonly vocabulary: VocabularyOption;
  /** Posts younger than this are not found yet. */
  readonly indexingLagMs: number;
  /** Older pagination tokens are refused. */
  readonly tokenLifetimeMs: number;
  readonly readsAhead: boolean;
}

/** A page ready to be sent, and what it costs. */
export interface SearchAnswer {
  readonly body: Buffer;
  readonly bill: Omit<BilledPage, "cut" | "source">;
}

const OVERSIZE_BYTES = 1_200_000;

/** Answers searches: newest first, a page at a time. */
export class Search {
  private readonly selections = new Selections();
  private readonly writer: PageWriter;

  constructor(private readonly props: SearchProps) {
    this.writer = new PageWriter(props.generator);
  }

  /**
   * One page.
   * @param fault changes what is on the page; other faults have no effect here.
   * @throws XProblem (400) when the request is not one X would accept.
   */
  answer(parameters: URLSearchParams, endpoint: SearchEndpointName, fault: XFault | undefined): SearchAnswer {
    const request = readSearchRequest(parameters, endpoint, this.props.vocabulary);
    const range = this.rangeOf(request);
    const test = this.props.index.testOf(request.query, this.props.clock.now()) ?? (() => true);
    const page = this.props.index.newest(range, pageSize(request, fault), test);
    const selection = this.selections.of(request);
    const { indexes } = page;
    const posts = this.writer.write(indexes, selection);
    const includes = writeIncludes(this.props.generator, indexes, { ...request, selection });
    const hasMore = page.restTo > range.from || fault?.kind === "empty-page";
    if (hasMore && this.props.readsAhead) {
      const next = this.props.index.newest({ ...range, to: page.restTo }, request.maxResults, test);
      this.writer.prepare(next.indexes, selection);
    }
    const meta = this.meta(page, hasMore ? this.nextToken(request, page) : undefined);
    return {
      body: assemble(
        withOversize(posts, fault),
        includes,
        `${partialErrors(fault, request.vocabulary)},"meta":${meta}`,
      ),
      bill: {
        posts: indexes,
        maxResults: request.maxResults,
        includedPosts: includes.posts,
        includedUsers: includes.users,
      },
    };
  }

  /** Everything the request has still to see; its newest posts make the page. */
  private rangeOf(request: SearchRequest): IndexRange {
    const { timeline, clock, indexingLagMs, tokenLifetimeMs } = this.props;
    const nowMs = clock.now();
    const range = visibleRange(timeline, request.window, {
      endpoint: request.endpoint,
      nowMs,
      indexingLagMs,
    });
    if (request.token === undefined) return range;
    const { fingerprint } = request;
    const token = readPageToken(request.token, { fingerprint, nowMs, lifetimeMs: tokenLifetimeMs });
    const to = Math.min(range.to, timeline.countBelow(token.below));
    return { from: Math.min(range.from, to), to };
  }

  private nextToken(request: SearchRequest, { restTo }: FoundPosts): string {
    const { timeline, clock } = this.props;
    const below = restTo < timeline.size ? timeline.idAt(restTo) : 2n ** 63n;
    return writeToken({ below, fingerprint: request.fingerprint, issuedMs: clock.now() });
  }

  private meta({ indexes }: FoundPosts, nextToken: string | undefined): string {
    const { timeline } = this.props;
    const [newest, oldest] = [indexes[0], indexes.at(-1)];
    return JSON.stringify({
      ...(newest !== undefined && oldest !== undefined
        ? { newest_id: timeline.idAt(newest).toString(), oldest_id: timeline.idAt(oldest).toString() }
        : {}),
      result_count: indexes.length,
      ...(nextToken === undefined ? {} : { next_token: nextToken }),
    });
  }
}

function pageSize(request: SearchRequest, fault: XFault | undefined): number {
  if (fault?.kind === "empty-page") return 0;
  return fault?.kind === "short-page" ? Math.min(fault.count, request.maxResults) : request.maxResults;
}

/** X leaves `data` out when there is nothing in it. */
function assemble(posts: Buffer, includes: Includes, rest: string): Buffer {
  const others = `${includes.json}${rest}`;
  if (posts.length === 0) return Buffer.from(`{${others.slice(1)}}`);
  return Buffer.concat([Buffer.from('{"data":['), posts, Buffer.from(`]${others}}`)]);
}

/** A long-form article makes the first post too large for one Firehose record. */
function withOversize(posts: Buffer, fault: XFault | undefined): Buffer {
  if (fault?.kind !== "oversize-post" || posts.length === 0) return posts;
  const article = JSON.stringify({ plain_text: "x".repeat(fault.bytes ?? OVERSIZE_BYTES) });
  return Buffer.concat([Buffer.from(`{"article":${article},`), posts.subarray(1)]);
}

function partialErrors(fault: XFault | undefined, vocabulary: Vocabulary): string {
  if (fault?.kind !== "partial-errors") return "";
  const error = {
    value: "1500000000000000001",
    detail: "Could not find user with referenced_posts.author_id: [1500000000000000001].",
    title: "Not Found Error",
    resource_type: vocabulary === "tweet" ? "tweet" : "post",
    parameter: "referenced_posts.author_id",
    resource_id: "1500000000000000001",
    type: "https://api.twitter.com/2/problems/resource-not-found",
  };
  return `,"errors":[${JSON.stringify(error)}]`;
}
