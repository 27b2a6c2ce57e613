/** One query in the status: how far its coverage has come, and what this process has done for it. */
import { holesIn } from "../ledger/coverage";
import type { Interval, Intervals } from "../ledger/intervals";
import { coverageOf, type Ledger } from "../ledger/ledger";
import { type Id, timeOfId } from "../posts/ids";
import type { Counters } from "./counters";

/** A query as it is configured. */
export interface WatchedQuery {
  readonly name: string;
  readonly query: string;
  /** Of its coverage. */
  readonly key: string;
}

/** From (exclusive) and to (inclusive), in ids and in epoch milliseconds. */
export interface Span {
  readonly after: Id;
  readonly through: Id;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface QueryStatus extends WatchedQuery {
  /** X had nothing newer when it was last asked, and no hole is left. */
  readonly caughtUp: boolean;
  readonly counts: Counters;
  /** How long ago the newest moment is that has been read. */
  readonly lagSeconds?: number;
  /** Everything from the start of the query up to here is delivered or recorded as lost. */
  readonly completeUpToMs?: number;
  /** Ascending, the latest MAX_SPANS of each kind. */
  readonly owned: readonly Span[];
  readonly holes: readonly Span[];
  readonly lost: readonly (Span & { readonly reason: string; readonly recordedAt: string })[];
}

/** What this process remembers of a query. */
export interface QueryMemory {
  readonly counts: Counters;
  /** The last time at which X had nothing newer and no hole was left; undefined while it has something. */
  readonly caughtUpMs: number | undefined;
}

/** More would be of no use on a page. */
const MAX_SPANS = 50;

export function queryStatusOf(
  query: WatchedQuery,
  { counts, caughtUpMs }: QueryMemory,
  { ledger, nowMs }: { readonly ledger: Ledger | undefined; readonly nowMs: number },
): QueryStatus {
  const coverage = ledger && coverageOf(ledger, query.key);
  const { owned = [], lost = [] } = coverage ?? {};
  const holes = coverage === undefined ? [] : holesIn(coverage, rangeOf(owned, coverage.start), false);
  const newest = owned.at(-1)?.through;
  const reachedMs = latest(newest === undefined ? undefined : timeOfId(newest), caughtUpMs);
  const completeMs = holes[0] === undefined ? reachedMs : timeOfId(holes[0].after);
  return {
    ...query,
    caughtUp: caughtUpMs !== undefined,
    counts,
    // Clocks differ: a post can seem to be from the future.
    ...(reachedMs === undefined ? {} : { lagSeconds: Math.max(0, nowMs - reachedMs) / 1_000 }),
    ...(completeMs === undefined ? {} : { completeUpToMs: completeMs }),
    owned: owned.slice(-MAX_SPANS).map(spanOf),
    holes: holes.slice(-MAX_SPANS).map(spanOf),
    lost: lost
      .slice(-MAX_SPANS)
      .map(({ reason, recordedAt, ...loss }) => ({ ...spanOf(loss), reason, recordedAt })),
  };
}

/** From where the query began to the newest post that is owned: above that, nothing is known to be missing. */
function rangeOf(owned: Intervals, start: Id | undefined): Interval {
  return { after: start ?? owned[0]?.after ?? "0", through: owned.at(-1)?.through ?? "0" };
}

function spanOf({ after, through }: Interval): Span {
  return { after, through, fromMs: timeOfId(after), toMs: timeOfId(through) };
}

export function latest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
