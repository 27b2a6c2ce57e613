/**
 * A worker's membership in the ledger: it beats while it lives, writes only while it has not been dismissed, and
 * dismisses workers that are gone (gone-workers.ts).
 */

import type { Loss } from "../ledger/coverage";
import { fitted, lossesSince } from "../ledger/fitted";
import {
  coverageOf,
  type Ledger,
  MAX_WORKERS,
  type ProcessIdentity,
  type Worker,
  withBeat,
  withoutTheWorkers,
  withWorker,
  workerOf,
} from "../ledger/ledger";
import { plural } from "../runtime/words";
import { ConfigError, DismissedError, HeldError, type IngesterError, StoppedError } from "./errors";
import { GoneWorkers, type GoneWorkersOptions } from "./gone-workers";
import type { LedgerAccess, Step } from "./ledger-access";

export interface MembershipOptions extends GoneWorkersOptions {
  readonly access: LedgerAccess;
  readonly process: ProcessIdentity;
  /** What this worker does, for people. */
  readonly command: string;
  /** Read no more. */
  readonly stop: AbortSignal;
  /** The process is about to end: nothing can be written any more. */
  readonly abort: AbortSignal;
  /**
   * Called for what is dropped of queries that a step has left alone, because the ledger would grow too large. What a
   * step changes is reported by its caller.
   */
  readonly lost?: (key: string, loss: Loss) => void;
  /** @default LEASE */
  readonly lease?: Lease;
}

export interface Lease {
  /** Milliseconds without a beat after which a worker counts as gone. */
  readonly leaseMs: number;
  /** Milliseconds between beats; at most a third of the lease. */
  readonly beatMs: number;
  /** Milliseconds between looks at the beat of a worker that is in the way. */
  readonly lookMs: number;
}

/** A replacement takes over within a minute; three beats fit in a lease, so that one lost answer does not cost it. */
export const LEASE: Lease = { leaseMs: 30_000, beatMs: 10_000, lookMs: 1_000 };

/** When something was true, on two clocks: one stands still while a machine sleeps, the other can be set back. */
interface Moment {
  readonly elapsed: number;
  readonly now: number;
}

type Losses = ReturnType<typeof lossesSince>;

export class Membership {
  private readonly loss = new AbortController();
  private readonly ending = new AbortController();
  private readonly goneWorkers: GoneWorkers;
  private joinedAs: number | undefined;
  /** When it joined, as the ledger shows it. */
  private since = "";
  /** The highest beat that this worker has written. */
  private written = 0;
  private provenAt: Moment = { elapsed: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY };

  constructor(private readonly options: MembershipOptions) {
    this.goneWorkers = new GoneWorkers(options);
  }

  /** Aborts when another process has dismissed this worker, or the ledger that it joined is gone. */
  get lost(): AbortSignal {
    return this.loss.signal;
  }

  get fence(): number {
    if (this.joinedAs === undefined) throw new Error("The worker has not joined the ledger.");
    return this.joinedAs;
  }

  get ledger(): Ledger {
    return this.options.access.ledger;
  }

  /** Enters the ledger and begins to beat. @throws HeldError when the ledger has no room for another worker */
  async join(): Promise<void> {
    const { access, clock, process, command, stop } = this.options;
    const { workers } = await access.refresh(stop);
    if (workers.length >= MAX_WORKERS) await this.makeRoom(workers.map(({ fence }) => fence));
    const { leaseMs } = this.lease;
    const asked = this.moment();
    const since = new Date(clock.now()).toISOString();
    this.since = since;
    this.joinedAs = await access.once((before, nowMs) => {
      const ledger = withWorker(this.withoutGone(before, nowMs), {
        leaseSeconds: leaseMs / 1_000,
        command,
        since,
        process,
      });
      return { ledger, result: ledger.fence };
    }, stop);
    this.provenAt = asked;
    void this.beatRegularly();
  }

  /**
   * Applies a step as this worker; writing it shows that the worker lives.
   * @param onWritten as that of LedgerAccess
   * @throws DismissedError; ConfigError when the ledger is gone
   */
  async update<T>(step: Step<T>, signal = this.options.abort, onWritten?: (result: T) => void): Promise<T> {
    const asked = this.moment();
    let tried: { readonly beat: number; readonly result: T; readonly dropped: Losses } | undefined;
    const asWorker: Step<T> = (before, nowMs) => {
      this.requireLedger(before);
      const standing = this.withoutGone(before, nowMs);
      if (workerOf(standing, this.fence) === undefined) throw this.dismissed();
      // Only this worker moves its beat: a write with that beat was carried out, and its answer got lost.
      if (tried !== undefined && this.beatIn(standing) === tried.beat)
        return { ledger: before, result: tried.result };
      const change = step(standing, nowMs);
      tried = undefined;
      if (change.ledger === before) return change;
      const fitting = fitted(change.ledger, nowMs);
      const ledger = withBeat(fitting, this.fence);
      const dropped = lossesSince(standing, fitting).filter(
        ({ key }) => coverageOf(change.ledger, key) === coverageOf(standing, key),
      );
      tried = { beat: this.beatIn(ledger), result: change.result, dropped };
      return { ledger, result: change.result };
    };
    const result = await this.options.access.update(asWorker, signal, onWritten);
    if (tried !== undefined) {
      this.provenAt = asked;
      this.written = Math.max(this.written, tried.beat);
      for (const { key, loss } of tried.dropped) this.options.lost?.(key, loss);
    }
    return result;
  }

  /**
   * Proves that this worker has not been dismissed, unless it has been proven within a beat: nothing may be bought
   * without that.
   * @throws DismissedError; StoppedError when a stop is requested before the store has answered
   */
  async confirm(): Promise<void> {
    this.loss.signal.throwIfAborted();
    if (this.ageOf(this.provenAt) >= this.lease.beatMs) await this.beat(this.options.stop);
  }

  /** Looks at what other processes have written. */
  refresh(): Promise<Ledger> {
    return this.options.access.refresh(this.options.stop);
  }

  /** Other workers that are not known to be gone. */
  others(ledger: Ledger): readonly Worker[] {
    const gone = this.goneWorkers.in(ledger, this.joinedAs);
    return ledger.workers.filter(({ fence }) => fence !== this.joinedAs && !gone.includes(fence));
  }

  /**
   * Waits until each of these workers is known to live or to be gone.
   * @returns those that live
   */
  async livingAmong(fences: readonly number[]): Promise<readonly Worker[]> {
    const first = new Map(this.ledger.workers.map(({ fence, beat }) => [fence, beat]));
    for (;;) {
      const candidates = this.others(this.ledger).filter(({ fence }) => fences.includes(fence));
      const lives = ({ fence, beat, process }: Worker) =>
        this.options.isRunning(process) === true || first.get(fence) !== beat;
      if (candidates.every(lives)) return candidates;
      await this.options.clock.sleep(this.lease.lookMs, this.options.stop);
      if (this.options.stop.aborted)
        throw new StoppedError("Stopped while waiting to learn whether another worker lives.");
      await this.refresh();
    }
  }

  /** Frees the worker's claims, so that the next one starts at once. Does nothing when it has not joined. */
  async leave(): Promise<void> {
    this.ending.abort();
    const fence = this.joinedAs;
    if (fence === undefined || this.lost.aborted) return;
    await this.options.access.update((ledger, nowMs) => {
      this.requireLedger(ledger);
      return { ledger: withoutTheWorkers(ledger, [fence], nowMs), result: undefined };
    }, this.options.abort);
  }

  /** Workers that were killed and were in the way of none are still listed. */
  private async makeRoom(fences: readonly number[]): Promise<void> {
    const living = await this.livingAmong(fences);
    if (living.length < MAX_WORKERS) return;
    throw new HeldError(
      `${plural(living.length, "worker")} use this ledger, which is the most it can list. Stop one, or use another ledger.`,
    );
  }

  private get lease(): Lease {
    return this.options.lease ?? LEASE;
  }

  private async beatRegularly(): Promise<void> {
    const { clock } = this.options;
    while (!this.ending.signal.aborted && !this.lost.aborted) {
      await clock.sleep(this.lease.beatMs, this.ending.signal);
      const isDue = this.ageOf(this.provenAt) >= this.lease.beatMs * 0.9;
      if (!this.ending.signal.aborted && isDue) await this.beat(this.ending.signal).catch(() => undefined);
    }
  }

  private beat(signal: AbortSignal): Promise<void> {
    return this.update((ledger) => ({ ledger: { ...ledger }, result: undefined }), signal);
  }

  private beatIn(ledger: Ledger): number {
    return workerOf(ledger, this.fence)?.beat ?? -1;
  }

  private withoutGone(ledger: Ledger, nowMs: number): Ledger {
    return withoutTheWorkers(ledger, this.goneWorkers.in(ledger, this.joinedAs), nowMs);
  }

  /**
   * A ledger that lacks a write of this worker was begun anew, or restored from a backup: fences and beats only grow, and
   * a dismissal leaves the fence as it is.
   */
  private requireLedger(ledger: Ledger): void {
    const own = workerOf(ledger, this.fence);
    const isOwn = own === undefined || (own.since === this.since && own.beat >= this.written);
    if (ledger.fence >= this.fence && isOwn) return;
    throw this.losing(
      new ConfigError([
        "The ledger is gone, or an older one is in its place (CHECKPOINT_FILE or CHECKPOINT_TABLE). This process buys nothing more. " +
          "Put the ledger back before you start again: without it, posts are bought again, and what was spent is not counted.",
      ]),
    );
  }

  private dismissed(): IngesterError {
    return this.losing(
      new DismissedError(
        "Another process has dismissed this worker from the ledger, because it showed no sign of life for its whole lease. " +
          "It buys nothing more; start it again.",
      ),
    );
  }

  private losing(error: IngesterError): IngesterError {
    this.loss.abort(error);
    return error;
  }

  private moment(): Moment {
    const { clock } = this.options;
    return { elapsed: clock.elapsed(), now: clock.now() };
  }

  private ageOf({ elapsed, now }: Moment): number {
    const { clock } = this.options;
    return Math.max(clock.elapsed() - elapsed, clock.now() - now);
  }
}
