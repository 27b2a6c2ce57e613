/** The coverage of one query as a timeline: what has been delivered, what is missing, and what becomes of it. */
import { type Coverage, holesIn, type LossReason } from "../ledger/coverage";
import { type Interval, type Intervals, intersect, isWithin, subtract, unite } from "../ledger/intervals";
import { type Ledger, workerOf } from "../ledger/ledger";
import { describeWorker } from "../loop/claim";
import { firstIdAt, type Id, newerId, timeOfId } from "../posts/ids";

export type StretchState =
  /** Everything that X returns has been delivered. */
  | "owned"
  /** Delivered as well; asked for again, because X may list a post up to 15 minutes late. */
  | "recent"
  /** Of a stream: filled by search, which finds other posts than the stream sends. */
  | "searched"
  /** Of a stream: it is connected, and posts of these last moments may still come. */
  | "heard"
  /** A request for its newest posts is under way, or its page is being delivered. */
  | "buying"
  | "hole"
  /** X can no longer return it. */
  | "lost"
  /** Newer than everything that has been read. */
  | "unread";

/** From `after` (exclusive) to `through` (inclusive), in ids and in epoch milliseconds. */
export interface Stretch {
  readonly state: StretchState;
  readonly after: Id;
  readonly through: Id;
  readonly fromMs: number;
  readonly toMs: number;
  /** Who buys it or has claimed it, or why it is lost. */
  readonly note?: string;
}

export interface StretchContext {
  readonly ledger: Ledger;
  /** The last time at which X had nothing newer. */
  readonly caughtUpMs: number | undefined;
  readonly nowMs: number;
}

export const LOSS_WORDS: Readonly<Record<LossReason, string>> = {
  search_window:
    "older than the 7 days that recent search reaches; backfill --full-archive can still buy these posts",
  details_dropped: "partly delivered; the ledger no longer keeps the details",
};

/** From where the query began to now, ascending, without gaps or overlaps. */
export function stretchesOf(coverage: Coverage, context: StretchContext): readonly Stretch[] {
  const { ledger, caughtUpMs, nowMs } = context;
  const { owned, lost } = coverage;
  const newest = owned.at(-1)?.through;
  const start = coverage.start ?? owned[0]?.after;
  if (start === undefined) return [];
  const range = { after: start, through: newerId(firstIdAt(nowMs), newest ?? "0") };
  const missing = holesIn(coverage, range, false);
  const bought = intersect(missing, requestsFor(coverage, ledger));
  const edge = newerId(start, newest ?? "0");
  const reached = newerId(edge, caughtUpMs === undefined ? "0" : firstIdAt(caughtUpMs));
  const open = subtract(missing, bought);
  const within = (after: Id, through: Id) => intersect(open, unite({ after, through }));
  const claimant = (piece: Interval) => claimantOf(piece, coverage, ledger);
  return [
    ...owned.map((piece) => stretch("owned", piece)),
    ...lost.map((piece) => stretch("lost", piece, LOSS_WORDS[piece.reason])),
    ...bought.map((piece) => stretch("buying", piece, claimant(piece))),
    ...within(start, edge).map((piece) => stretch("hole", piece, claimant(piece))),
    ...within(edge, reached).map((piece) => stretch("recent", piece)),
    ...within(reached, range.through).map((piece) => stretch("unread", piece)),
  ].sort((a, b) => a.fromMs - b.fromMs);
}

/** What requests under way, by any worker, ask for. */
function requestsFor({ key }: Coverage, { budget }: Ledger): Intervals {
  return unite(...budget.reservations.filter((one) => one.key === key).map(({ interval }) => interval));
}

function claimantOf({ through }: Interval, { claims }: Coverage, ledger: Ledger): string | undefined {
  const claim = claims.find((one) => isWithin(one, through));
  const worker = claim && workerOf(ledger, claim.fence);
  return worker && describeWorker(worker);
}

function stretch(state: StretchState, { after, through }: Interval, note?: string): Stretch {
  const times = { fromMs: timeOfId(after), toMs: timeOfId(through) };
  return { state, after, through, ...times, ...(note === undefined ? {} : { note }) };
}
