/**
 * Coverage: what has been bought and delivered of one query, as intervals of post ids. What is left to buy of a range
 * are its holes; every command does the same with them: it fills a hole from its top. Pure.
 */
import { compareIds, firstIdAt, type Id, newerId, olderId } from "../posts/ids";
import { type Interval, type Intervals, intersect, isEmpty, isWithin, subtract, unite } from "./intervals";
import type { StreamState } from "./stream-state";

export interface Coverage {
  /** Identity: the delivery stream and the query's text, or CHECKPOINT_KEY. */
  readonly key: string;
  /** The query as X is asked, for people. */
  readonly query: string;
  /** `run` collects posts after this id; absent until it has run. */
  readonly start?: Id;
  /** Every post that X returns here has been delivered. */
  readonly owned: Intervals;
  /** X can no longer return these. Ascending, disjoint from each other and from `owned`. */
  readonly lost: readonly Loss[];
  /** What living workers are buying. No two of them overlap. */
  readonly claims: readonly Claim[];
  /** Of the filtered stream. @default - a query of search */
  readonly stream?: StreamState;
}

export type LossReason =
  /** Older than the seven days of recent search; full-archive search can still return it. */
  | "search_window"
  /** Partly delivered: the details were dropped, because the ledger must stay small. */
  | "details_dropped";

export interface Loss extends Interval {
  readonly reason: LossReason;
  /** ISO 8601. */
  readonly recordedAt: string;
}

/** An interval that the worker with this fence is buying. */
export interface Claim extends Interval {
  readonly fence: number;
}

/**
 * Own bounds. Intervals merge, so a query normally has a handful; a capped `run` every hour on a query that has more
 * posts than its cap leaves a hole each time, which is lost after seven days: 168 of them at a time. With many such
 * queries the ledger's own bound comes first: fitted.ts.
 */
export const MAX_OWNED = 400;
export const MAX_LOST = 200;

export function newCoverage(key: string, query: string): Coverage {
  return { key, query, owned: [], lost: [], claims: [] };
}

/**
 * What is left to buy of a range, claimed or not, ascending.
 * @param archive full-archive search returns what recent search no longer can
 */
export function holesIn(coverage: Coverage, range: Interval, archive: boolean): Intervals {
  const unreachable = coverage.lost.filter(({ reason }) => !archive || reason === "details_dropped");
  return subtract(unite(range), unite(...coverage.owned, ...unreachable));
}

export function claimsOf(coverage: Coverage, fence: number): Intervals {
  return unite(...coverage.claims.filter((claim) => claim.fence === fence));
}

export function claimsOfOthers(coverage: Coverage, fence: number): readonly Claim[] {
  return coverage.claims.filter((claim) => claim.fence !== fence);
}

/** What others are buying of a range. */
export function heldByOthers(coverage: Coverage, fence: number, range: Interval): Intervals {
  return intersect(unite(range), unite(...claimsOfOthers(coverage, fence)));
}

/** What one worker collects: a range, in which it claims every hole that no other worker has claimed. */
export interface Target {
  readonly range: Interval;
  readonly archive: boolean;
}

/** The coverage in which the worker claims all free holes of its target, and nothing else. */
export function withClaims(coverage: Coverage, fence: number, { range, archive }: Target): Coverage {
  const others = claimsOfOthers(coverage, fence);
  const free = subtract(holesIn(coverage, range, archive), unite(...others));
  return { ...coverage, claims: [...others, ...free.map((hole) => ({ ...hole, fence }))] };
}

/** The coverage without the claims of these workers. */
export function withoutClaims(coverage: Coverage, fences: readonly number[]): Coverage {
  const claims = coverage.claims.filter(({ fence }) => !fences.includes(fence));
  return claims.length === coverage.claims.length ? coverage : { ...coverage, claims };
}

/** What has been learnt about a hole. */
export interface Progress {
  /** Delivered, and therefore owned. */
  readonly covers: Interval | undefined;
  /** X said that it can no longer return this. */
  readonly lost: Interval | undefined;
}

/**
 * Search may find a post only some time after it was made, so the newest moments of an answer are not complete. This is
 * far more than X needs (about 30 s): what is not owned yet is asked for again, and posts that came are not.
 */
export const SEARCHABLE_MS = 15 * 60_000;

/** The part of an interval up to the newest post that came, or up to a time at which X is sure to find every post. */
export function searchablePart(covers: Interval, ids: readonly Id[], nowMs: number): Interval | undefined {
  const reached = ids.filter((id) => isWithin(covers, id)).reduce(newerId, firstIdAt(nowMs - SEARCHABLE_MS));
  const part = { after: covers.after, through: olderId(covers.through, reached) };
  return isEmpty(part) ? undefined : part;
}

/** The coverage after a page has been delivered. */
export function advanced(coverage: Coverage, { covers, lost }: Progress, nowMs: number): Coverage {
  const owned = covers === undefined ? coverage.owned : unite(...coverage.owned, covers);
  const known = withoutOwned(coverage.lost, owned);
  const news = lost === undefined ? [] : lossesIn(lost, { owned, known, nowMs });
  return bounded({ ...coverage, owned, lost: sorted([...known, ...news]) }, nowMs);
}

/** The coverage with a part of it that X can no longer return. */
export function lostFrom(coverage: Coverage, lost: Interval, nowMs: number): Coverage {
  return advanced(coverage, { covers: undefined, lost }, nowMs);
}

/** The coverage with an interval of which only that it is partly delivered is known. */
export function dropped(coverage: Coverage, { after, through }: Interval, nowMs: number): Coverage {
  const recordedAt = new Date(nowMs).toISOString();
  const loss = { after, through, reason: "details_dropped" as const, recordedAt };
  return { ...coverage, lost: sorted([...coverage.lost, loss]) };
}

/** Losses of the second that the first does not know, to be reported once each. */
export function newLosses(before: Coverage | undefined, after: Coverage): readonly Loss[] {
  const known = before?.lost ?? [];
  return after.lost.filter((loss) =>
    loss.reason === "details_dropped"
      ? !known.some(({ reason }) => reason === "details_dropped")
      : subtract([loss], unite(...known)).length > 0,
  );
}

/** The new losses of a range: what is neither owned nor known to be lost. */
function lossesIn(
  lost: Interval,
  {
    owned,
    known,
    nowMs,
  }: { readonly owned: Intervals; readonly known: readonly Loss[]; readonly nowMs: number },
): readonly Loss[] {
  const recordedAt = new Date(nowMs).toISOString();
  return subtract(unite(lost), unite(...owned, ...known)).map((interval) => ({
    ...interval,
    reason: "search_window" as const,
    recordedAt,
  }));
}

/** Full-archive search can deliver what was lost. */
function withoutOwned(lost: readonly Loss[], owned: Intervals): readonly Loss[] {
  return lost.flatMap((loss) => subtract([loss], owned).map((rest) => ({ ...loss, ...rest })));
}

function sorted<T extends Interval>(pieces: readonly T[]): readonly T[] {
  return [...pieces].sort((a, b) => compareIds(a.after, b.after));
}

/** Drops the details of the oldest part until the bounds hold. */
function bounded(coverage: Coverage, nowMs: number): Coverage {
  let result = coverage;
  while (result.owned.length > MAX_OWNED || result.lost.length > MAX_LOST) result = folded(result, nowMs);
  return result;
}

/** Whether there are details to drop. */
export function canFold({ owned, lost }: Coverage): boolean {
  return owned.length + lost.length >= 2;
}

/** The two oldest pieces, and what lies between them, become one of which only that it is partly delivered is known. */
export function folded({ owned, lost, claims, ...coverage }: Coverage, nowMs: number): Coverage {
  const [first, second] = sorted([...owned, ...lost]);
  if (first === undefined || second === undefined) throw new Error("Two pieces at least are over a bound.");
  const fold = { after: first.after, through: second.through };
  const isOutside = (piece: Interval) => piece !== first && piece !== second;
  const recordedAt = new Date(nowMs).toISOString();
  return {
    ...coverage,
    owned: owned.filter(isOutside),
    lost: [{ ...fold, reason: "details_dropped", recordedAt }, ...lost.filter(isOutside)],
    claims: claims.flatMap((claim) => subtract([claim], [fold]).map((rest) => ({ ...claim, ...rest }))),
  };
}
