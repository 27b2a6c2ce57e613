/** A state of the model: the ledger as it is stored, what each process remembers, and what X and the bucket have seen. */
import type { Interval } from "../../src/ledger/intervals";
import { type Ledger, newLedger } from "../../src/ledger/ledger";
import { firstIdAt, type Id, lastIdBefore } from "../../src/posts/ids";

/**
 * Where a process is. "asking": its request can be sent at any moment. "lost": X's answer did not arrive. "delivering" and
 * "committing": it has a page.
 */
export type Stage =
  | "off"
  | "joined"
  | "waiting"
  | "reserving"
  | "reserved"
  | "asking"
  | "lost"
  | "refused"
  | "delivering"
  | "committing"
  | "leaving";

/** A page that may be read. */
export interface Purchase {
  readonly id: string;
  readonly query: string;
  readonly hole: Interval;
  readonly asked: Interval;
  readonly maxPosts: number;
  readonly reservedAtMs: number;
}

export interface Process {
  readonly stage: Stage;
  /** 0: it has not joined. */
  readonly fence: number;
  readonly startsLeft: number;
  /** Beats of others, as it has last seen them. */
  readonly seen: readonly { readonly fence: number; readonly beat: number; readonly isGone: boolean }[];
  /** It has written within a beat. */
  readonly isProven: boolean;
  readonly purchases: number;
  readonly purchase: Purchase | undefined;
  readonly page: readonly Id[] | undefined;
  /** It was dismissed after it had made sure that it was not. */
  readonly isLate: boolean;
  /** Its last write has been carried out, and it does not know. */
  readonly unanswered: Unanswered | undefined;
}

export interface Unanswered {
  /** What the process will be once it knows. */
  readonly after: Process;
  /** With which the write was made. */
  readonly beat: number;
}

export interface State {
  readonly nowMs: number;
  readonly ledger: Ledger;
  /** Who has written last; -1 where that is not asked. */
  readonly writer: number;
  readonly processes: readonly Process[];
  /** How often X has returned each post. */
  readonly reads: Readonly<Record<Id, number>>;
  /** X charges a post once per UTC day: those of today, and how many on the days before. */
  readonly billedToday: readonly Id[];
  readonly billedBefore: number;
  readonly bucket: readonly Id[];
  /** How often each post may be bought again, because something came between its purchase and its commit. */
  readonly excuses: Readonly<Record<Id, number>>;
  /** Crashes, lost answers and the like that can still happen. */
  readonly faultsLeft: number;
  readonly leasesLeft: number;
  readonly midnightsLeft: number;
}

/** What is explored. */
export interface Scope {
  readonly name: string;
  /** By query, oldest first, numbers of the posts. */
  readonly posts: Readonly<Record<string, readonly number[]>>;
  /** What each process collects: queries, with the numbers of the posts from and to which. */
  readonly processes: readonly (readonly {
    readonly query: string;
    readonly from: number;
    readonly to: number;
  }[])[];
  /** How often each process can be started. */
  readonly starts: readonly number[];
  readonly pageSize: number;
  /** Posts per billing cycle. */
  readonly limit: number;
  readonly faults: number;
  readonly leases: number;
  readonly midnights: number;
}

const HOUR_MS = 3_600_000;
/** Five minutes before midnight: a request is under way for at most 90 seconds. */
export const START_MS = Date.parse("2026-11-10T23:55:00Z");
const POSTS_MS = START_MS - 10 * HOUR_MS;

/** Posts are minutes apart, and so old that search finds no others. */
export function postId(number: number): Id {
  return firstIdAt(POSTS_MS + number * 60_000);
}

export function rangeOf({ from, to }: { readonly from: number; readonly to: number }): Interval {
  return {
    after: lastIdBefore(POSTS_MS + from * 60_000 - 1_000),
    through: lastIdBefore(POSTS_MS + to * 60_000 + 1_000),
  };
}

export const NOT_STARTED: Omit<Process, "startsLeft"> = {
  ...{ stage: "off", fence: 0, seen: [], isProven: false, purchases: 0 },
  ...{ purchase: undefined, page: undefined, isLate: false, unanswered: undefined },
};

export function initialState({ processes, starts, faults, leases, midnights }: Scope): State {
  return {
    nowMs: START_MS,
    ledger: newLedger(START_MS, 1),
    writer: -1,
    processes: processes.map((_tasks, n) => ({ ...NOT_STARTED, startsLeft: starts[n] ?? 1 })),
    ...{ reads: {}, billedToday: [], billedBefore: 0, bucket: [], excuses: {} },
    ...{ faultsLeft: faults, leasesLeft: leases, midnightsLeft: midnights },
  };
}

/** Key order of the members that are overwritten stays, so that equal states are equal texts. */
export function withProcess(state: State, n: number, process: Process): State {
  return { ...state, processes: state.processes.map((known, index) => (index === n ? process : known)) };
}

/** The posts may be bought once more. */
export function withExcuses(state: State, ids: readonly Id[]): State {
  return { ...state, excuses: counted(state.excuses, ids) };
}

export function counted(
  counts: Readonly<Record<Id, number>>,
  ids: readonly Id[],
): Readonly<Record<Id, number>> {
  const sums = { ...counts };
  for (const id of ids) sums[id] = (sums[id] ?? 0) + 1;
  // In one order, whichever came first.
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}
