/**
 * An account of what has been bought: reserve the worst case, read, settle by what came. An answer that never arrived
 * may have been billed and stays at risk. X charges a post once per UTC day, so asking again for the same posts on that
 * day replaces the amount at risk instead of adding to it. Pure; times in epoch milliseconds of X's clock.
 */
import { compareIds, firstIdAt, type Id, olderId } from "../posts/ids";
import { type Interval, isEmpty, isWithin } from "./intervals";
import { type Amounts, larger, plus, times } from "./prices";

export interface Account {
  /** Settled, by query or command. */
  readonly spent: readonly Spending[];
  /** Worst cases of requests that are under way. */
  readonly reservations: readonly Reservation[];
  /** What answers that never arrived may have cost. */
  readonly risks: readonly Risk[];
}

export interface Spending {
  /** Key of a query's coverage, or the name of a command. */
  readonly key: string;
  readonly amounts: Amounts;
}

/** A request for the newest posts of an interval. */
export interface Reservation {
  /** Unique in the ledger. */
  readonly id: string;
  readonly key: string;
  /** Worker that made it. */
  readonly fence: number;
  readonly interval: Interval;
  /** The request has no upper bound: posts made after `atMs` can come, too. */
  readonly isOpen?: true;
  readonly atMs: number;
  readonly amounts: Amounts;
  /** At risk for the same posts: this request replaces it. */
  readonly carried?: Risk;
}

export interface Risk {
  readonly key: string;
  /** Its newest posts may have been billed. Absent once their UTC day is over: they would be charged again. */
  readonly interval?: Interval;
  /** The request had no upper bound: asking again returns posts that were made meanwhile, too. */
  readonly isOpen?: true;
  /** When the request was made. */
  readonly atMs: number;
  readonly amounts: Amounts;
}

/** What became of a request. */
export type Settlement =
  | {
      readonly type: "billed";
      readonly amounts: Amounts;
      readonly ids: readonly Id[];
      /** Everything above it, up to the interval's top, has now been read. */
      readonly downTo: Id;
    }
  /** X refused it, or never received it. */
  | { readonly type: "nothing" }
  /** X may have billed it, at `atMs` at the latest. */
  | { readonly type: "unknown"; readonly atMs: number };

export const NEW_ACCOUNT: Account = { spent: [], reservations: [], risks: [] };

/**
 * X may index a post so long after it was made, and out of order. Above this age a search repeated on the same interval
 * returns the same posts (docs.x.com: search finds posts after about 30 s).
 */
export const INDEXING_MS = 60_000;
/** A request can be billed so long after it was sent: two at most one day apart may fall on different days. */
const STRADDLE_MS = 90_000;
const DAY_MS = 86_400_000;

/** The interval a request asks for: nothing newer than now can come. */
export function askedInterval({ after, through }: Interval, nowMs: number): Interval {
  const newest = firstIdAt(nowMs);
  return { after, through: compareIds(through, newest) > 0 ? newest : through };
}

/** The amount at risk that a request for this interval would replace. */
export function riskOf(account: Account, key: string, interval: Interval, nowMs: number): Risk | undefined {
  return account.risks.find(
    (risk) =>
      risk.key === key &&
      risk.interval?.through === interval.through &&
      dayOf(risk.atMs) === dayOf(nowMs) &&
      dayOf(risk.atMs) === dayOf(nowMs + STRADDLE_MS),
  );
}

/** What a reservation can cost at most, the amount at risk that it replaces included. */
export function weightOf({ amounts, carried }: Reservation): Amounts {
  if (carried === undefined) return amounts;
  return carried.isOpen ? plus(amounts, carried.amounts) : larger(amounts, carried.amounts);
}

export function withReservation(account: Account, reservation: Reservation): Account {
  return {
    ...account,
    reservations: [...account.reservations, reservation],
    risks: account.risks.filter((risk) => risk !== reservation.carried),
  };
}

/** The account after the outcome of a request; the same account when it does not know the reservation. */
export function settled(account: Account, id: string, settlement: Settlement): Account {
  const reservation = account.reservations.find((candidate) => candidate.id === id);
  if (reservation === undefined) return account;
  const reservations = account.reservations.filter((candidate) => candidate !== reservation);
  const spent =
    settlement.type === "billed"
      ? withSpent(account.spent, reservation.key, settlement.amounts)
      : account.spent;
  const risk = riskAfter(reservation, settlement);
  return { spent, reservations, risks: risk === undefined ? account.risks : [...account.risks, risk] };
}

/** Requests of workers that are gone have an unknown outcome. */
export function withoutWorkers(account: Account, fences: readonly number[], nowMs: number): Account {
  let rest = account;
  for (const { id, fence } of account.reservations) {
    if (fences.includes(fence)) rest = settled(rest, id, { type: "unknown", atMs: nowMs });
  }
  return rest;
}

/** Adds something settled. */
export function withSpent(spent: readonly Spending[], key: string, amounts: Amounts): readonly Spending[] {
  const known = spent.find((entry) => entry.key === key);
  const total = plus(known?.amounts ?? {}, amounts);
  if (known === undefined)
    return Object.keys(total).length === 0 ? spent : [...spent, { key, amounts: total }];
  return spent.map((entry) => (entry === known ? { key, amounts: total } : entry));
}

function riskAfter(
  { key, interval, isOpen, atMs, amounts, carried }: Reservation,
  settlement: Settlement,
): Risk | undefined {
  switch (settlement.type) {
    case "nothing":
      return carried;
    case "billed":
      return carried && reducedRisk(carried, settlement.ids, settlement.downTo);
    case "unknown":
      if (carried?.interval === undefined) {
        if (isOpen === undefined) return { key, interval, atMs, amounts };
        const through = firstIdAt(Math.max(atMs, settlement.atMs));
        return { key, interval: { after: interval.after, through }, isOpen, atMs, amounts };
      }
      return {
        ...carried,
        interval: { after: olderId(interval.after, carried.interval.after), through: interval.through },
        amounts: larger(amounts, carried.amounts),
      };
  }
}

/**
 * Posts of the interval that have now been read were the ones at risk, from the newest down; only those that could be
 * found when the lost request was made count.
 */
function reducedRisk(risk: Risk, ids: readonly Id[], downTo: Id): Risk | undefined {
  const { interval } = risk;
  const rest = interval && { after: interval.after, through: olderId(interval.through, downTo) };
  const found = firstIdAt(risk.atMs - INDEXING_MS);
  const explained = ids.filter(
    (id) => compareIds(id, found) <= 0 && (!interval || isWithin(interval, id)),
  ).length;
  const posts = risk.amounts.posts ?? 0;
  const left = Math.max(0, posts - explained);
  if (left === 0 || rest === undefined || isEmpty(rest)) return undefined;
  const share = times(risk.amounts, left / posts);
  const amounts = Object.fromEntries(Object.entries(share).map(([kind, count]) => [kind, Math.ceil(count)]));
  const { isOpen, ...known } = risk;
  const isStillOpen = isOpen && compareIds(rest.through, firstIdAt(risk.atMs)) > 0;
  return { ...known, ...(isStillOpen && { isOpen }), interval: rest, amounts };
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

/** Settled amounts of all keys. */
export function totalSpent({ spent }: Account): Amounts {
  return plus(...spent.map(({ amounts }) => amounts));
}

export function totalAtRisk({ risks }: Account): Amounts {
  return plus(...risks.map(({ amounts }) => amounts));
}

/** The most that requests under way can cost. */
export function totalReserved({ reservations }: Account): Amounts {
  return plus(...reservations.map(weightOf));
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
