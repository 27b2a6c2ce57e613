/** One query in the status: how far its coverage has come, and what this process has done for it. */
import { holesIn } from "../ledger/coverage";
import { coverageOf, type Ledger } from "../ledger/ledger";
import { timeOfId } from "../posts/ids";
import type { Counters } from "./counters";
import { type Stretch, stretchesOf } from "./stretches";

/** A query as it is configured. */
export interface WatchedQuery {
  readonly name: string;
  readonly query: string;
  /** Of its coverage. */
  readonly key: string;
}

export interface QueryStatus extends WatchedQuery {
  /** X had nothing newer when it was last asked, no hole is left to this process, and nothing hinders it. */
  readonly caughtUp: boolean;
  readonly counts: Counters;
  /** How long ago the newest moment is that has been read. */
  readonly lagSeconds?: number;
  /** Everything from the start of the query up to here is delivered or recorded as lost. */
  readonly completeUpToMs?: number;
  /** Holes between the start of the query and the newest post that is owned, those that are being bought included. */
  readonly holesOpen: number;
  readonly losses: readonly { readonly reason: string; readonly recordedAt: string }[];
  /** The coverage from the start of the query to now; only the latest MAX_STRETCHES. Empty: nothing is known. */
  readonly coverage: readonly Stretch[];
  /** How many older stretches `coverage` leaves out. */
  readonly olderStretches: number;
}

/** What this process remembers of a query. */
export interface QueryMemory {
  readonly counts: Counters;
  /** X had nothing newer, and no hole was left, and no posts have come since. */
  readonly isCaughtUp: boolean;
  /** The last time at which X had nothing newer and no hole was left. */
  readonly caughtUpMs: number | undefined;
}

/** More would be of no use on a page. */
export const MAX_STRETCHES = 100;

export function queryStatusOf(
  query: WatchedQuery,
  { counts, isCaughtUp, caughtUpMs }: QueryMemory,
  { ledger, nowMs }: { readonly ledger: Ledger | undefined; readonly nowMs: number },
): QueryStatus {
  const coverage = ledger && coverageOf(ledger, query.key);
  const { owned = [], lost = [], start } = coverage ?? {};
  const newest = owned.at(-1)?.through;
  // Above the newest post that is owned, nothing is known to be missing.
  const range = { after: start ?? owned[0]?.after ?? "0", through: newest ?? "0" };
  const holes = coverage === undefined ? [] : holesIn(coverage, range, false);
  const reachedMs = largest(newest === undefined ? undefined : timeOfId(newest), caughtUpMs);
  const stretches =
    ledger === undefined || coverage === undefined
      ? []
      : stretchesOf(coverage, { ledger, caughtUpMs, nowMs });
  const completeMs = holes[0] === undefined ? reachedMs : timeOfId(holes[0].after);
  return {
    ...query,
    caughtUp: isCaughtUp,
    counts,
    // Clocks differ: a post can seem to be from the future.
    ...(reachedMs === undefined ? {} : { lagSeconds: Math.max(0, nowMs - reachedMs) / 1_000 }),
    ...(completeMs === undefined ? {} : { completeUpToMs: completeMs }),
    holesOpen: holes.length,
    losses: lost.map(({ reason, recordedAt }) => ({ reason, recordedAt })),
    ...latestOf(stretches),
  };
}

/** The part of a timeline that a status holds. */
export function latestOf(stretches: readonly Stretch[]): Pick<QueryStatus, "coverage" | "olderStretches"> {
  return {
    coverage: stretches.slice(-MAX_STRETCHES),
    olderStretches: Math.max(0, stretches.length - MAX_STRETCHES),
  };
}

/** Of those that are known. */
export function largest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
