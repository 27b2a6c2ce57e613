/**
 * The arithmetic of the money meter, pure. A meter's state is what has been spent in the current billing cycle plus
 * what has been reserved and not settled yet; both count against the limits, so a read whose outcome nobody knows is
 * never bought a second time with the same money.
 */
import { NO_READS, type Reads } from "../ports";
import { type BillingCycle, cycleAt } from "./billing-cycle";
import { plus, postReads, times } from "./money";

/** Reservations of one ingester that are not settled. */
export interface Outstanding {
  /** The process that made them; a later process of the same checkpoint has another one. */
  readonly session: string;
  readonly reads: Reads;
  /** Start of the cycle in which the last reservation was made. */
  readonly cycleStartMs: number;
}

/** What a meter store keeps: plain JSON. */
export interface MeterState {
  readonly cycle: BillingCycle;
  /** When this meter saw a cycle end; undefined in its first cycle. */
  readonly turnedAtMs?: number;
  readonly spent: Reads;
  /** By checkpoint key: at most one living ingester holds a checkpoint. */
  readonly outstanding: Readonly<Record<string, Outstanding>>;
}

/** Which ingester a reservation belongs to. */
export interface Holder {
  readonly key: string;
  readonly session: string;
}

/** X's own count lags, and for a while after the turn it may still be that of the cycle before. */
export const USAGE_SETTLING_MS = 24 * 60 * 60 * 1000;

export function freshMeter(nowMs: number, day: number): MeterState {
  return { cycle: cycleAt(nowMs, day), spent: NO_READS, outstanding: {} };
}

/** Spent plus reserved: what the limits are compared with. */
export function committed(state: MeterState): Reads {
  return plus(state.spent, outstandingReads(state));
}

export function outstandingReads(state: MeterState): Reads {
  return Object.values(state.outstanding).reduce((sum, entry) => plus(sum, entry.reads), NO_READS);
}

/**
 * The state in the cycle that holds `nowMs`; the same object while the cycle lasts. A new cycle starts with nothing
 * spent. Reservations stay: X may bill them after the turn, so they count in the cycle that settles them. Only those
 * that were old before the ended cycle began are dropped, their ingester is long gone.
 */
export function turned(state: MeterState, nowMs: number): MeterState {
  if (nowMs < state.cycle.endMs) return state;
  const living = Object.entries(state.outstanding).filter(
    ([, entry]) => entry.cycleStartMs >= state.cycle.startMs && !isNothing(entry.reads),
  );
  return {
    ...freshMeter(nowMs, state.cycle.day),
    turnedAtMs: nowMs,
    outstanding: Object.fromEntries(living),
  };
}

/** Another reset day moves the end of the running cycle. What has been spent stays until that end. */
export function withCycleDay(state: MeterState, day: number, nowMs: number): MeterState {
  if (day === state.cycle.day) return state;
  const cycle = cycleAt(nowMs, day);
  const untouched = isNothing(committed(state));
  return { ...state, cycle: untouched ? cycle : { ...cycle, startMs: state.cycle.startMs } };
}

/** True when a later process of the same checkpoint has taken the place of this one. */
export function isReplaced(state: MeterState, holder: Holder): boolean {
  const entry = state.outstanding[holder.key];
  return entry !== undefined && entry.session !== holder.session;
}

/** What a former process of this checkpoint had reserved has an unknown outcome: it becomes spent, in full. */
export function adopted(state: MeterState, holder: Holder): MeterState {
  const entry = state.outstanding[holder.key];
  if (entry === undefined || entry.session === holder.session) return state;
  const spent = plus(state.spent, entry.reads);
  return withOutstanding({ ...state, spent }, holder, NO_READS);
}

export function reserved(state: MeterState, holder: Holder, reads: Reads): MeterState {
  return withOutstanding(state, holder, plus(state.outstanding[holder.key]?.reads ?? NO_READS, reads));
}

/**
 * Replaces a reservation by what was billed, which may be more than was reserved. When another process has adopted
 * the reservation, it is spent already: only what goes beyond it is added.
 */
export function settled(state: MeterState, holder: Holder, { reserved, billed }: Settlement): MeterState {
  const entry = state.outstanding[holder.key];
  if (entry === undefined || entry.session !== holder.session) {
    return { ...state, spent: plus(state.spent, beyond(billed, reserved)) };
  }
  const left = atLeastNothing(plus(entry.reads, times(reserved, -1)));
  const outstanding = { ...state.outstanding, [holder.key]: { ...entry, reads: left } };
  return { ...state, spent: plus(state.spent, billed), outstanding };
}

export interface Settlement {
  readonly reserved: Reads;
  readonly billed: Reads;
}

/**
 * X's own count of the posts read in this cycle. It may raise the meter, never lower it: it lags. For a day after a
 * turn it is not believed, since it may still be the count of the cycle before.
 */
export function raised(state: MeterState, postsUsed: number, nowMs: number): MeterState {
  const isFreshlyTurned = state.turnedAtMs !== undefined && nowMs < state.turnedAtMs + USAGE_SETTLING_MS;
  const missing = postsUsed - postReads(state.spent);
  if (isFreshlyTurned || missing <= 0) return state;
  return { ...state, spent: { ...state.spent, posts: state.spent.posts + missing } };
}

function withOutstanding(state: MeterState, { key, session }: Holder, reads: Reads): MeterState {
  const entry: Outstanding = { session, reads, cycleStartMs: state.cycle.startMs };
  return { ...state, outstanding: { ...state.outstanding, [key]: entry } };
}

function beyond(billed: Reads, reservation: Reads): Reads {
  return atLeastNothing(plus(billed, times(reservation, -1)));
}

function atLeastNothing(reads: Reads): Reads {
  return {
    posts: Math.max(0, reads.posts),
    includedPosts: Math.max(0, reads.includedPosts),
    includedUsers: Math.max(0, reads.includedUsers),
  };
}

function isNothing(reads: Reads): boolean {
  return reads.posts === 0 && reads.includedPosts === 0 && reads.includedUsers === 0;
}
