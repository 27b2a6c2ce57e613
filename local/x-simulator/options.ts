import type { Clock } from "../support/clock";
import { systemClock } from "../support/clock";
import type { MatchingOption } from "./query/matching";
import type { LateIndexing } from "./query/search-index";
import type { RateLimits } from "./rate-limit";
import type { DeliveryDelay } from "./stream/publisher";
import type { Segment } from "./timeline";
import { DEFAULT_PROJECT_CAP } from "./usage";
import type { VocabularyOption } from "./vocabulary";

/** How to set up a simulator. */
export interface XSimulatorOptions {
  /** Decides ids and contents: the same seed and segments give the same posts. @default 1 */
  readonly seed?: number;
  /** When posts were written, oldest first. @default - `posts` posts over the last day */
  readonly segments?: readonly Segment[];
  /** How many posts there are when no segments are given. @default 2000 */
  readonly posts?: number;
  /** Which words requests may use; with `both`, answers come in the words of the request. @default "both" */
  readonly vocabulary?: VocabularyOption;
  /** Bearer tokens that get a 401; every other token is accepted. @default ["invalid"] */
  readonly invalidTokens?: readonly string[];
  /** Replaces X's limits for some endpoints; `"off"` never refuses. @default - X's limits */
  readonly rateLimits?: Partial<RateLimits> | "off";
  /** How long a post stays invisible after it was written; X's is about 30 s. @default 0 */
  readonly indexingLagMs?: number;
  /** Posts that search finds later than the stream sends them. @default - none */
  readonly lateIndexing?: LateIndexing;
  /** How queries and rules select posts. @default "all" */
  readonly matching?: MatchingOption;
  /** Share of posts that are reposts, 0 to 1: the stream sends them, search does not find them. @default 0 */
  readonly repostShare?: number;
  /** How long pagination tokens work. @default - without an end */
  readonly tokenLifetimeMs?: number;
  /** Whether the next page is made while the client handles this one, so that it takes less of the client's time. @default false */
  readonly readsAhead?: boolean;
  /** Post reads in a billing cycle; beyond it searches get a 429 UsageCapExceeded. @default 3000000 */
  readonly projectCap?: number;
  /** Day of the month the billing cycle turns. @default 1; with `priorUsage` the day ten days before now */
  readonly capResetDay?: number;
  /** Post reads of this cycle before the simulator started. @default 0 */
  readonly priorUsage?: number;
  /** How long after it was written a post reaches the stream. @default - at once, in order */
  readonly deliveryDelay?: DeliveryDelay;
  /** How often the stream sends an empty line. @default 20000 */
  readonly heartbeatMs?: number;
  /** How long until a change of rules acts on the stream; X's is about 20 s. @default 0 */
  readonly ruleLagMs?: number;
  /** Streams an app may have at a time. @default 1 */
  readonly maxConnections?: number;
  /** How long X counts a stream after its connection has ended. @default 0 */
  readonly ghostMs?: number;
  /** Bytes a client may leave unread before its stream is ended. @default 16777216 */
  readonly maxBufferedBytes?: number;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** The ingester does not believe X's figure on the first day of a cycle. */
const BELIEVED_AFTER_MS = 10 * DAY_MS;

/** Completes the options. */
export function withDefaults(options: XSimulatorOptions): Required<XSimulatorOptions> {
  const clock = options.clock ?? systemClock;
  const posts = options.posts ?? 2000;
  const nowMs = clock.now();
  return {
    seed: 1,
    segments: posts > 0 ? [{ count: posts, fromMs: nowMs - DAY_MS, toMs: nowMs }] : [],
    posts,
    vocabulary: "both",
    invalidTokens: ["invalid"],
    rateLimits: {},
    indexingLagMs: 0,
    lateIndexing: { share: 0, lagMs: 0 },
    matching: "all",
    repostShare: 0,
    deliveryDelay: { minMs: 0, maxMs: 0 },
    heartbeatMs: 20_000,
    ruleLagMs: 0,
    maxConnections: 1,
    ghostMs: 0,
    maxBufferedBytes: 16 * 1024 * 1024,
    tokenLifetimeMs: Number.POSITIVE_INFINITY,
    readsAhead: false,
    projectCap: DEFAULT_PROJECT_CAP,
    capResetDay: (options.priorUsage ?? 0) > 0 ? new Date(nowMs - BELIEVED_AFTER_MS).getUTCDate() : 1,
    priorUsage: 0,
    ...options,
    clock,
  };
}
