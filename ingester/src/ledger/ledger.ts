/**
 * The ledger: everything that must be remembered for one X account, in one small document. It is plain JSON; every
 * change is a pure function from one ledger to the next, written by compare-and-swap (store/).
 */
import { withoutWorkers } from "./account";
import { type Budget, newBudget } from "./budget";
import { type Coverage, newCoverage, withoutClaims } from "./coverage";
import type { Days } from "./days";

/** Raised only when an older ingester could no longer read the document. */
export const LEDGER_FORMAT = 2;

export interface Ledger {
  readonly format: typeof LEDGER_FORMAT;
  /** The last fence that was given out. */
  readonly fence: number;
  /** Living workers, and those whose end has not been noticed yet. */
  readonly workers: readonly Worker[];
  readonly coverage: readonly Coverage[];
  readonly budget: Budget;
  /** What was billed and delivered on each day. @default - nothing was delivered by an ingester that records it */
  readonly days?: Days;
  /** The latest writes of processes that were not listed as workers, oldest first. @default - none */
  readonly receipts?: readonly string[];
}

/** A process that buys. */
export interface Worker {
  /** Unique and growing: a worker that was dismissed can never write again. */
  readonly fence: number;
  /** Moves while the worker lives. */
  readonly beat: number;
  /** A beat that does not move for this long has lost its worker. */
  readonly leaseSeconds: number;
  /** Such as `run` or `backfill`. */
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
  readonly process: ProcessIdentity;
}

/** Which process this is, in a way that survives the reuse of its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process; absent where there is no /proc. */
  readonly startTicks?: string;
  readonly host: HostIdentity;
}

/** Processes with equal hosts can see each other's pids, if a boot id shows that it is the same machine. */
export interface HostIdentity {
  readonly name: string;
  /** Of Linux or macOS. Absent elsewhere. */
  readonly bootId?: string;
  /** Containers have their own. Absent where there is no /proc. */
  readonly pidNamespace?: string;
}

/** Own bounds, far above what one account needs; together with those of coverage they keep the document small. */
export const MAX_WORKERS = 32;
export const MAX_QUERIES = 64;
export const MAX_RECEIPTS = 32;
/** An item of DynamoDB holds 400 KB, attribute names and the key included. */
export const MAX_LEDGER_BYTES = 380_000;

export function newLedger(nowMs: number, cycleDay: number): Ledger {
  return { format: LEDGER_FORMAT, fence: 0, workers: [], coverage: [], budget: newBudget(nowMs, cycleDay) };
}

export function coverageOf(ledger: Ledger, key: string): Coverage | undefined {
  return ledger.coverage.find((candidate) => candidate.key === key);
}

/** The ledger with this coverage in the place of the one with the same key. */
export function withCoverage(ledger: Ledger, coverage: Coverage): Ledger {
  const isKnown = ledger.coverage.some(({ key }) => key === coverage.key);
  return {
    ...ledger,
    coverage: isKnown
      ? ledger.coverage.map((known) => (known.key === coverage.key ? coverage : known))
      : [...ledger.coverage, coverage],
  };
}

/** The coverage of a query, a new one where there is none. */
export function coverageFor(ledger: Ledger, key: string, query: string): Coverage {
  return coverageOf(ledger, key) ?? newCoverage(key, query);
}

/** The ledger with a sign that this write was carried out. */
export function withReceipt(ledger: Ledger, receipt: string): Ledger {
  return { ...ledger, receipts: [...(ledger.receipts ?? []), receipt].slice(-MAX_RECEIPTS) };
}

export function workerOf(ledger: Ledger, fence: number): Worker | undefined {
  return ledger.workers.find((worker) => worker.fence === fence);
}

/** The ledger with a new worker, which has its highest fence. */
export function withWorker(ledger: Ledger, worker: Omit<Worker, "fence" | "beat">): Ledger {
  const fence = ledger.fence + 1;
  return { ...ledger, fence, workers: [...ledger.workers, { ...worker, fence, beat: 0 }] };
}

/** The worker shows that it lives. */
export function withBeat(ledger: Ledger, fence: number): Ledger {
  return {
    ...ledger,
    workers: ledger.workers.map((worker) =>
      worker.fence === fence ? { ...worker, beat: worker.beat + 1 } : worker,
    ),
  };
}

/**
 * Workers leave or are dismissed: their claims are free, the outcome of their requests is unknown.
 * @param nowMs by X's clock
 */
export function withoutTheWorkers(ledger: Ledger, fences: readonly number[], nowMs: number): Ledger {
  if (fences.length === 0) return ledger;
  return {
    ...ledger,
    workers: ledger.workers.filter(({ fence }) => !fences.includes(fence)),
    coverage: ledger.coverage.map((coverage) => withoutClaims(coverage, fences)),
    budget: { ...ledger.budget, ...withoutWorkers(ledger.budget, fences, nowMs) },
  };
}
