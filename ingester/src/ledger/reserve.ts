/** Booking the worst case of what is about to be bought, as far as every limit leaves room for it. Pure. */
import { firstIdAt, type Id, olderId } from "../posts/ids";
import { type Account, askedInterval, PUSHED, withReservation } from "./account";
import { type Interval, isEmpty } from "./intervals";
import { type Accounts, type LimitUse, type ReadLimits, type Terms, usedOf, useOfLimits } from "./limits";
import { type Amounts, costInMicros, larger, postReads, times } from "./prices";
import { isSettled, type Reservation, type Risk, riskOf, settledTop } from "./risks";

/** A request that is to be made. */
export interface Purchase {
  /** Unique in the ledger. */
  readonly id: string;
  readonly key: string;
  /** As that of the reservation. */
  readonly part?: string;
  readonly fence: number;
  /** The hole whose newest posts are asked for. */
  readonly hole: Interval;
  readonly read: ReadLimits;
}

export interface Reserved {
  readonly accounts: Accounts;
  readonly reservation: Reservation;
  /** What the request asks for: the hole, without its newest minute where hardly anything is left of a limit. */
  readonly asked: Interval;
  readonly maxPosts: number;
}

/**
 * Books the worst case of a request for as many posts as every limit leaves, at most `read.maxPosts`; or says which
 * limit forbids even `read.minPosts`. A limit of this process is named first: it never renews.
 */
export function reserve(
  accounts: Accounts,
  purchase: Purchase,
  { terms, nowMs }: { readonly terms: Terms; readonly nowMs: number },
): Reserved | LimitUse {
  const whole = askedInterval(purchase.hole, nowMs);
  const offered = offer(accounts, whole, { purchase, terms, nowMs });
  if ("limit" in offered) return offered;
  const settledPart = { after: whole.after, through: olderId(whole.through, settledTop(nowMs)) };
  if (offered.isTight && offered.reserved.reservation.carried === undefined && !isEmpty(settledPart)) {
    const repeatable = offer(accounts, settledPart, { purchase, terms, nowMs });
    if (!("limit" in repeatable)) return { ...repeatable.reserved, asked: settledPart };
  }
  const hasNoTop = whole.through !== purchase.hole.through;
  return { ...offered.reserved, asked: hasNoTop ? purchase.hole : whole };
}

/**
 * With fewer pages left of a limit, a request leaves out the newest minute. Should its answer be lost, the same request
 * returns the same posts: it can be repeated as often as it gets lost, and the limit is still used up.
 */
const TIGHT_PAGES = 2;

interface Offer {
  readonly reserved: Omit<Reserved, "asked">;
  /** Should the answer be lost, the limit has no room for asking again what search may add to. */
  readonly isTight: boolean;
}

function offer(
  accounts: Accounts,
  interval: Interval,
  { purchase, terms, nowMs }: { readonly purchase: Purchase; readonly terms: Terms; readonly nowMs: number },
): Offer | LimitUse {
  const { budget, run } = accounts;
  const { id, fence, read } = purchase;
  const of = { key: purchase.key, ...(purchase.part !== undefined && { part: purchase.part }) };
  const find = (account: Account) =>
    terms.deduplicates ? riskOf(account, { ...of, interval }, nowMs) : undefined;
  const carried = { budget: find(budget), run: find(run) };
  const rooms = useOfLimits(accounts, terms).map((use) => {
    const isMonthly = use.renewsAtMs !== undefined;
    return { use, posts: roomIn(use, isMonthly ? carried.budget : carried.run, { purchase, terms }) };
  });
  const reached = rooms.find(({ posts }) => posts < read.minPosts);
  if (reached !== undefined) return reached.use;
  const maxPosts = Math.min(read.maxPosts, ...rooms.map(({ posts }) => posts));
  const amounts = times(read.perPost, maxPosts);
  const reservation = { id, ...of, fence, interval, atMs: nowMs, amounts };
  const monthly = withCarried(reservation, carried.budget);
  return {
    reserved: {
      accounts: {
        budget: { ...budget, ...withReservation(budget, monthly) },
        run: withReservation(run, withCarried(reservation, carried.run)),
      },
      reservation: monthly,
      maxPosts,
    },
    isTight: rooms.some(({ posts }) => posts < TIGHT_PAGES * maxPosts),
  };
}

function withCarried(reservation: Reservation, carried: Risk | undefined): Reservation {
  return carried === undefined ? reservation : { ...reservation, carried };
}

/** Posts that fit under a limit, when what is at risk for the same posts need not be paid for again. */
function roomIn(
  use: LimitUse,
  carried: Risk | undefined,
  { purchase, terms }: { readonly purchase: Purchase; readonly terms: Terms },
): number {
  const measure = (amounts: Amounts) =>
    use.unit === "posts" ? postReads(amounts) : costInMicros(amounts, terms.prices);
  const each = measure(purchase.read.perPost);
  if (each === 0) return Number.POSITIVE_INFINITY;
  const left = use.allowed - usedOf(use);
  if (carried === undefined) return Math.floor(left / each);
  const risk = measure(carried.amounts);
  const replacing = Math.floor((left + risk) / each);
  const most = measure(larger(carried.amounts, times(purchase.read.perPost, replacing)));
  const fits = most <= Math.max(left + risk, risk);
  return fits && isSettled(carried) ? replacing : Math.floor(left / each);
}

/** What X is about to send: it cannot be asked for less. */
export interface Pushing {
  /** Unique in the ledger. */
  readonly id: string;
  readonly key: string;
  readonly fence: number;
  /** Posts newer than this one may come. */
  readonly after: Id;
  readonly perPost: Amounts;
  /** Posts to reserve where the limits leave so many. */
  readonly least: number;
  /** As many as this are reserved where they are a small part of what the limits leave. @default - `least` */
  readonly wanted?: number;
  /** Of an earlier reservation, and still to come: reserved again whatever the limits leave by now. @default 0 */
  readonly kept?: number;
}

/** Part of what is left of a limit that may be reserved beyond what is needed: a crash puts it at risk. */
const SMALL_PART = 1 / 20;

/**
 * Reserves as much of what X may send as every limit leaves.
 * @returns how many posts have been reserved; 0 with the limit that leaves none
 */
export function reservePushed(
  accounts: Accounts,
  { least, wanted = least, kept = 0, perPost, after, ...of }: Pushing,
  { terms, nowMs }: { readonly terms: Terms; readonly nowMs: number },
): { readonly accounts: Accounts; readonly posts: number; readonly tightest: LimitUse | undefined } {
  const rooms = useOfLimits(accounts, terms).map((use) => {
    const each = use.unit === "posts" ? postReads(perPost) : costInMicros(perPost, terms.prices);
    return {
      use,
      posts: each === 0 ? Number.POSITIVE_INFINITY : Math.floor((use.allowed - usedOf(use)) / each),
    };
  });
  const tightest = rooms.toSorted((a, b) => a.posts - b.posts)[0];
  const room = tightest?.posts ?? Number.POSITIVE_INFINITY;
  const ahead = Math.max(least, Math.min(wanted, Math.floor(room * SMALL_PART)));
  const posts = Math.max(kept, 0, Math.min(ahead, room));
  const interval = { after, through: firstIdAt(nowMs) };
  const reservation = { ...of, part: PUSHED, interval, atMs: nowMs, amounts: times(perPost, posts) };
  const booked = (account: Account) => (posts === 0 ? account : withReservation(account, reservation));
  return {
    accounts: { budget: { ...accounts.budget, ...booked(accounts.budget) }, run: booked(accounts.run) },
    posts,
    tightest: tightest?.use,
  };
}
