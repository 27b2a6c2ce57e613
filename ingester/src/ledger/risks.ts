/**
 * What answers that never arrived may have cost. X charges a post once per UTC day, so asking again for the same posts on
 * that day replaces the amount at risk instead of adding to it. Pure; times in epoch milliseconds of X's clock.
 */
import { compareIds, firstIdAt, type Id, olderId } from "../posts/ids";
import { type Interval, isEmpty, isWithin, subtract } from "./intervals";
import { type Amounts, larger, plus, times } from "./prices";

/** A request for the newest posts of an interval. */
export interface Reservation {
  /** Unique in the ledger. */
  readonly id: string;
  readonly key: string;
  /** Which posts of the interval are asked for, such as those of one rule; PUSHED: X sends them. @default - all */
  readonly part?: string;
  /** Worker that made it. */
  readonly fence: number;
  readonly interval: Interval;
  readonly atMs: number;
  readonly amounts: Amounts;
  /** At risk for the same posts: this request replaces it, where it is settled. */
  readonly carried?: Risk;
}

export interface Risk {
  readonly key: string;
  /** As that of the reservation. */
  readonly part?: string;
  /** Its newest posts may have been billed. Absent once their UTC day is over: they would be charged again. */
  readonly interval?: Interval;
  /** When the request was made; the latest of several. */
  readonly atMs: number;
  readonly amounts: Amounts;
}

interface Billed {
  readonly type: "billed";
  readonly amounts: Amounts;
  readonly ids: readonly Id[];
  /** Everything above it, up to the interval's top, has now been read. */
  readonly downTo: Id;
}

/** What became of a request. */
export type Settlement =
  | Billed
  /** X refused it, or never received it. */
  | { readonly type: "nothing" }
  /** X may have billed it, at `atMs` at the latest. */
  | { readonly type: "unknown"; readonly atMs: number };

/**
 * X may index a post so long after it was made, and out of order. Above this age a search repeated on the same interval
 * returns the same posts (docs.x.com: search finds posts after about 30 s).
 */
export const INDEXING_MS = 60_000;
/**
 * A reservation may count on posts that X charges once per UTC day, and is made anew when it is older than this: the
 * process has stood still, or the store has.
 */
export const RESERVED_FOR_MS = 30_000;
/** The longest that a request may take. */
export const MAX_REQUEST_MS = 60_000;
/** A request can be billed so long after it was reserved: two at most one day apart may fall on different days. */
const STRADDLE_MS = RESERVED_FOR_MS + MAX_REQUEST_MS;
const DAY_MS = 86_400_000;

/** The amount at risk that a request for this interval would replace. */
export function riskOf(
  { risks }: { readonly risks: readonly Risk[] },
  { key, part, interval }: Pick<Reservation, "key" | "part" | "interval">,
  nowMs: number,
): Risk | undefined {
  return risks.find(
    (risk) =>
      risk.key === key &&
      risk.part === part &&
      risk.interval?.through === interval.through &&
      dayOf(risk.atMs) === dayOf(nowMs) &&
      dayOf(risk.atMs) === dayOf(nowMs + STRADDLE_MS),
  );
}

/**
 * Whether the same request returns the same posts as the one that was lost. Of younger posts, others can have come into
 * search meanwhile, and both answers may be billed.
 */
export function isSettled({ interval, atMs }: Pick<Risk, "interval" | "atMs">): boolean {
  return interval !== undefined && compareIds(interval.through, settledTop(atMs)) <= 0;
}

/** Search finds no further posts up to this one. */
export function settledTop(nowMs: number): Id {
  return firstIdAt(nowMs - INDEXING_MS);
}

/** What stays at risk of a request with this outcome. */
export function risksAfter(reservation: Reservation, settlement: Settlement): readonly Risk[] {
  const { carried } = reservation;
  switch (settlement.type) {
    case "nothing":
      return carried === undefined ? [] : [carried];
    case "billed":
      return carried === undefined ? [] : reducedRisk(carried, settlement);
    case "unknown":
      return [unknownRisk(reservation, settlement.atMs)];
  }
}

function unknownRisk(reservation: Reservation, failedAtMs: number): Risk {
  const { interval, atMs, amounts, carried } = reservation;
  const of = { key: reservation.key, ...(reservation.part !== undefined && { part: reservation.part }) };
  if (carried?.interval !== undefined) {
    const after = olderId(interval.after, carried.interval.after);
    return { ...carried, interval: { ...interval, after }, amounts: larger(amounts, carried.amounts) };
  }
  // Without an upper bound, posts that were made while the request was on its way can have come, too.
  const isOpen = interval.through === firstIdAt(atMs);
  const through = isOpen ? firstIdAt(Math.max(atMs, failedAtMs)) : interval.through;
  return { ...of, interval: { after: interval.after, through }, atMs, amounts };
}

/**
 * Posts of the interval that have now been read were the ones at risk, from the newest down; only those that could be
 * found when the lost request was made count.
 */
function reducedRisk(risk: Risk, { ids, downTo }: Billed): readonly Risk[] {
  const { interval } = risk;
  const rest = interval && { after: interval.after, through: olderId(interval.through, downTo) };
  const found = firstIdAt(risk.atMs - INDEXING_MS);
  const explained = ids.filter(
    (id) => compareIds(id, found) <= 0 && (!interval || isWithin(interval, id)),
  ).length;
  const posts = risk.amounts.posts ?? 0;
  const left = Math.max(0, posts - explained);
  if (left === 0 || rest === undefined || isEmpty(rest)) return [];
  const share = times(risk.amounts, left / posts);
  const amounts = Object.fromEntries(Object.entries(share).map(([kind, count]) => [kind, Math.ceil(count)]));
  return [{ ...risk, interval: rest, amounts }];
}

/**
 * Everything of the interval has been read, by whatever requests: what was billed in it today has been charged once. Only
 * where X charges a post once per UTC day.
 */
export function withoutRisksIn<A extends { readonly risks: readonly Risk[] }>(
  account: A,
  { key, interval, nowMs }: { readonly key: string; readonly interval: Interval; readonly nowMs: number },
): A {
  const isRead = (risk: Risk) =>
    risk.key === key &&
    risk.interval !== undefined &&
    dayOf(risk.atMs) === dayOf(nowMs) &&
    subtract([risk.interval], [interval]).length === 0;
  return { ...account, risks: account.risks.filter((risk) => !isRead(risk)) };
}

/** Risks of days that are over become one amount per key: nothing can replace them any more. */
export function withOldRisksMerged(risks: readonly Risk[], nowMs: number): readonly Risk[] {
  const isOld = ({ interval, atMs }: Risk) => interval === undefined || dayOf(atMs) !== dayOf(nowMs);
  const old = risks.filter(isOld);
  if (old.every(({ interval }) => interval === undefined)) return risks;
  const keys = [...new Set(old.map(({ key }) => key))];
  const merged = keys.map((key): Risk => {
    const ofKey = old.filter((risk) => risk.key === key);
    return {
      key,
      atMs: Math.max(...ofKey.map(({ atMs }) => atMs)),
      amounts: plus(...ofKey.map(({ amounts }) => amounts)),
    };
  });
  return [...merged, ...risks.filter((risk) => !isOld(risk))];
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
