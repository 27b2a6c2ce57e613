import type { Clock } from "../support/clock";
import type { PostTest } from "./query/matching";
import type { SearchIndex } from "./query/search-index";
import { readPageToken, writeToken } from "./requests/page-token";
import { ParameterReader } from "./requests/parameter-reader";
import { checkQuery } from "./requests/query";
import {
  fingerprintOf,
  readToken,
  readWindow,
  type SearchEndpointName,
  WINDOW_PARAMETERS,
  type WindowBounds,
} from "./requests/search-request";
import { firstIdAt, timeOfId } from "./snowflake";
import type { Timeline } from "./timeline";
import { inVocabulary, type VocabularyOption } from "./vocabulary";
import { type IndexRange, RECENT_DAYS, visibleRange } from "./window";

const GRANULARITY_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
type Granularity = keyof typeof GRANULARITY_MS;

/** Full-archive counts come in pages of 31 days; X looks back 30 days when no start is given. */
const PAGE_MS = 31 * GRANULARITY_MS.day;
const DEFAULT_REACH_DAYS = { recent: RECENT_DAYS, all: 30 } as const;

/** What counting needs. */
export interface CountsProps {
  readonly timeline: Timeline;
  readonly index: SearchIndex;
  readonly clock: Clock;
  readonly vocabulary: VocabularyOption;
  readonly tokenLifetimeMs: number;
}

/** One bucket of time; both ends in milliseconds since the epoch, the end exclusive. */
interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
}

/** The posts to count: those of a range that the query finds; undefined: all. */
interface CountedRange extends IndexRange {
  readonly test: PostTest | undefined;
}

/** Answers `GET /2/tweets/counts/recent` and `/all`: oldest bucket first. */
export class Counts {
  constructor(private readonly props: CountsProps) {}

  /**
   * One page of buckets, as JSON.
   * @throws XProblem (400) when the request is not one X would accept.
   */
  answer(parameters: URLSearchParams, endpoint: SearchEndpointName): string {
    const reader = new ParameterReader(parameters);
    reader.checkNames([...WINDOW_PARAMETERS, "granularity", "search_count.fields"]);
    checkQuery(reader, endpoint);
    const bounds = readWindow(reader);
    const token = readToken(reader);
    const [granularity = "hour"] = reader.list("granularity", Object.keys(GRANULARITY_MS)) as Granularity[];
    reader.finish();
    const nowMs = this.props.clock.now();
    const range = visibleRange(this.props.timeline, bounds, { endpoint, nowMs, indexingLagMs: 0 });
    const span = spanOf(bounds, { endpoint, nowMs });
    const fingerprint = fingerprintOf(parameters);
    const page = this.page(span, { endpoint, token, fingerprint });
    const buckets = bucketsOf(page, GRANULARITY_MS[granularity]);
    const test = this.props.index.testOf(parameters.get("query") ?? "", nowMs);
    return this.write(
      buckets,
      { ...range, test },
      page.startMs > span.startMs ? this.token(page.startMs, fingerprint) : undefined,
    );
  }

  /** Newest stretch first: the token continues below it. */
  private page(
    span: Bucket,
    request: { readonly endpoint: string; readonly token: string | undefined; readonly fingerprint: string },
  ): Bucket {
    if (request.endpoint === "recent") return span;
    const check = {
      fingerprint: request.fingerprint,
      nowMs: this.props.clock.now(),
      lifetimeMs: this.props.tokenLifetimeMs,
    };
    const endMs =
      request.token === undefined ? span.endMs : timeOfId(readPageToken(request.token, check).below);
    return { startMs: Math.max(span.startMs, endMs - PAGE_MS), endMs };
  }

  private token(belowMs: number, fingerprint: string): string {
    return writeToken({ below: firstIdAt(belowMs), fingerprint, issuedMs: this.props.clock.now() });
  }

  private write(buckets: readonly Bucket[], range: CountedRange, nextToken: string | undefined): string {
    const vocabulary = this.props.vocabulary === "tweet" ? "tweet" : "post";
    const counts = buckets.map((bucket) => this.count(bucket, range));
    const total = counts.reduce((sum, count) => sum + count, 0);
    return JSON.stringify({
      data: buckets.map(({ startMs, endMs }, place) => ({
        start: new Date(startMs).toISOString(),
        end: new Date(endMs).toISOString(),
        [inVocabulary("post_count", vocabulary)]: counts[place],
      })),
      meta: {
        [inVocabulary("total_post_count", vocabulary)]: total,
        ...(nextToken === undefined ? {} : { next_token: nextToken }),
      },
    });
  }

  private count({ startMs, endMs }: Bucket, range: CountedRange): number {
    const from = Math.max(range.from, this.props.timeline.countBelow(firstIdAt(startMs)));
    const to = Math.min(range.to, this.props.timeline.countBelow(firstIdAt(endMs)));
    return this.props.index.count({ from, to }, range.test);
  }
}

function spanOf(
  bounds: WindowBounds,
  horizon: { readonly endpoint: SearchEndpointName; readonly nowMs: number },
): Bucket {
  const endMs = bounds.endMs ?? (bounds.untilId === undefined ? horizon.nowMs : timeOfId(bounds.untilId));
  const reach = DEFAULT_REACH_DAYS[horizon.endpoint] * GRANULARITY_MS.day;
  const startMs =
    bounds.startMs ?? (bounds.sinceId === undefined ? horizon.nowMs - reach : timeOfId(bounds.sinceId));
  return { startMs: Math.min(startMs, endMs), endMs };
}

/** Whole units of time between the ends, which themselves may be broken. */
function bucketsOf({ startMs, endMs }: Bucket, unitMs: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let start = startMs; start < endMs; ) {
    const end = Math.min(endMs, (Math.floor(start / unitMs) + 1) * unitMs);
    buckets.push({ startMs: start, endMs: end });
    start = end;
  }
  return buckets;
}
