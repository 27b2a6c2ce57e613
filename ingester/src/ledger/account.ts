/**
 * An account of what has been bought: reserve the worst case, read, settle by what came. An answer that never arrived
 * may have been billed and stays at risk. Pure; times in epoch milliseconds of X's clock.
 */
import { compareIds, firstIdAt } from "../posts/ids";
import type { Interval } from "./intervals";
import { type Amounts, larger, plus } from "./prices";
import { isSettled, type Reservation, type Risk, risksAfter, type Settlement } from "./risks";

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

/** The part of a reservation for what X sends without being asked again. */
export const PUSHED = "pushed";

export const NEW_ACCOUNT: Account = { spent: [], reservations: [], risks: [] };

/** The interval a request asks for: nothing newer than now can come. */
export function askedInterval({ after, through }: Interval, nowMs: number): Interval {
  const newest = firstIdAt(nowMs);
  return { after, through: compareIds(through, newest) > 0 ? newest : through };
}

/** What a reservation can cost at most, the amount at risk that it replaces included. */
export function weightOf({ amounts, carried }: Pick<Reservation, "amounts" | "carried">): Amounts {
  if (carried === undefined) return amounts;
  return isSettled(carried) ? larger(amounts, carried.amounts) : plus(amounts, carried.amounts);
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
  return { spent, reservations, risks: [...account.risks, ...risksAfter(reservation, settlement)] };
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
