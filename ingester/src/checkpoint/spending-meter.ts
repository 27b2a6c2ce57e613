import { randomUUID } from "node:crypto";
import { CheckpointLostError } from "../errors";
import {
  type Clock,
  type LimitReached,
  NO_READS,
  type ReadLimits,
  type Reads,
  type Reservation,
  type SpendingMeter,
} from "../ports";
import { DEFAULT_CYCLE_DAY } from "./billing-cycle";
import { affordable, type SpendingLimits, useOfLimits } from "./limits";
import {
  adopted,
  freshMeter,
  type Holder,
  isReplaced,
  type MeterState,
  raised,
  reserved,
  settled,
  turned,
  withCycleDay,
} from "./meter";
import { type MeterSnapshot, snapshotOf } from "./meter-snapshot";
import { MeterConflictError, type MeterStore, type StoredMeter } from "./meter-store";
import { DEFAULT_PRICES, type Prices, plus, times } from "./money";

export interface SpendingMeterOptions {
  readonly store: MeterStore;
  readonly clock: Pick<Clock, "now">;
  /** The checkpoint this process holds. Make the first reservation only after acquiring it. */
  readonly checkpointKey: string;
  /** @default - nothing is limited; reads are metered all the same */
  readonly limits?: SpendingLimits;
  /** @default DEFAULT_PRICES */
  readonly prices?: Prices;
  /**
   * Day of the month on which X's billing cycle starts, 1 to 31.
   * @default - the stored day; 1 in a new meter
   */
  readonly cycleDay?: number;
}

/** So many processes cannot be writing one meter that nobody gets through; a store that always refuses is broken. */
const MAX_CONFLICTS = 1_000;

type Step = (state: MeterState, nowMs: number) => MeterState;
type Decision<T> = (state: MeterState) => { readonly state: MeterState; readonly result: T };

/**
 * The money meter over a store. A reservation is written before reserve() resolves; what is known to have changed
 * since (settlements) waits in memory for the next write, because losing it only makes the meter too careful.
 *
 * A crash leaves its last reservation in the store. The next process of the same checkpoint counts it as spent, in
 * full: nobody knows whether X answered.
 */
export class StoredSpendingMeter implements SpendingMeter {
  private readonly holder: Holder;
  private readonly limits: SpendingLimits;
  private readonly prices: Prices;
  private readonly open = new Set<Reservation>();
  private stored: StoredMeter | undefined;
  /** What happened since the last write. Repeated on top of whatever another process has written meanwhile. */
  private pending: Step[] = [];
  private hasReserved = false;
  /** Set while not even X's smallest page fits under a monthly limit: until then nothing is bought. */
  private exhaustedUntilMs: number | undefined;
  private run = NO_READS;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SpendingMeterOptions) {
    this.holder = { key: options.checkpointKey, session: randomUUID() };
    this.limits = options.limits ?? {};
    this.prices = options.prices ?? DEFAULT_PRICES;
    if (options.cycleDay !== undefined) this.setCycleDay(options.cycleDay);
  }

  /** @throws CheckpointLostError when a later process of the same checkpoint uses the meter */
  reserve(limits: ReadLimits): Promise<Reservation | LimitReached> {
    return this.exclusively(async () => {
      const decide: Decision<Reservation | LimitReached> = (state) => this.decide(state, limits);
      let outcome = await this.update(decide);
      // Another process may have settled for less since this one last looked.
      if ("limit" in outcome) {
        this.stored = undefined;
        outcome = await this.update(decide);
      }
      this.hasReserved = true;
      this.exhaustedUntilMs = "limit" in outcome ? outcome.renewsAtMs : undefined;
      if ("limit" in outcome) return outcome;
      this.open.add(outcome);
      this.run = plus(this.run, outcome.reads);
      return outcome;
    });
  }

  /** @param billed what X returned, which may be more than was reserved */
  settle(reservation: Reservation, billed: Reads | "unknown"): void {
    if (!this.open.delete(reservation)) throw new Error("A reservation can be settled once, got it twice.");
    const settlement = {
      reserved: reservation.reads,
      billed: billed === "unknown" ? reservation.reads : billed,
    };
    this.run = plus(plus(this.run, times(settlement.reserved, -1)), settlement.billed);
    this.pending.push((state) => settled(state, this.holder, settlement));
  }

  /** Persists settlements and the like; reserves and adopts nothing. */
  flush(): Promise<void> {
    return this.exclusively(async () => {
      if (this.pending.length > 0) await this.update((state) => ({ state, result: undefined }));
    });
  }

  /** Takes over X's own count of posts in this cycle where it is higher. Persisted with the next write. */
  raise(postsUsed: number): void {
    this.pending.push((state, nowMs) => raised(state, postsUsed, nowMs));
  }

  /** Takes over the day on which X's cycle starts. Persisted with the next write. */
  setCycleDay(day: number): void {
    this.pending.push((state, nowMs) => withCycleDay(state, day, nowMs));
  }

  /** Where the meter stands, from what this process knows; refresh() first to see other processes. */
  snapshot(): MeterSnapshot {
    const usage = { meter: this.current(), run: this.run };
    const snapshot = snapshotOf(usage, useOfLimits(this.limits, usage, this.prices), this.prices);
    // What is left cannot be spent: an alarm at 100 percent must hear of it.
    return this.isExhausted()
      ? { ...snapshot, usedPercent: Math.max(100, snapshot.usedPercent ?? 0) }
      : snapshot;
  }

  private isExhausted(): boolean {
    return this.exhaustedUntilMs !== undefined && this.options.clock.now() < this.exhaustedUntilMs;
  }

  /** Loads what other processes have stored since. */
  refresh(): Promise<void> {
    return this.exclusively(async () => {
      this.stored = await this.options.store.load();
    });
  }

  private decide(before: MeterState, limits: ReadLimits) {
    if (this.hasReserved && isReplaced(before, this.holder)) throw replaced(this.holder);
    const state = adopted(before, this.holder);
    const uses = useOfLimits(this.limits, { meter: state, run: this.run }, this.prices);
    const posts = affordable(uses, limits, this.prices);
    if (typeof posts !== "number") return { state, result: posts };
    const result: Reservation = { maxPosts: posts, reads: times(limits.worstCasePerPost, posts) };
    return { state: reserved(state, this.holder, result.reads), result };
  }

  /** Applies a decision to the stored state and persists it; again from the start when another process was faster. */
  private async update<T>(decide: Decision<T>): Promise<T> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      this.stored ??= await this.options.store.load();
      const steps = this.pending.length;
      const { state, result } = decide(this.current());
      if (state === this.stored?.state || (await this.write(state, steps))) return result;
    }
    throw new Error(`The money meter could not be written: ${MAX_CONFLICTS} conflicts in a row.`);
  }

  /** @returns false when another process has written in the meantime */
  private async write(state: MeterState, steps: number): Promise<boolean> {
    try {
      const version = await this.options.store.save(state, this.stored?.version);
      this.stored = { state, version };
      this.pending.splice(0, steps);
      return true;
    } catch (error) {
      if (!(error instanceof MeterConflictError)) throw error;
      this.stored = undefined;
      return false;
    }
  }

  private current(): MeterState {
    const nowMs = this.options.clock.now();
    const day = this.options.cycleDay ?? DEFAULT_CYCLE_DAY;
    const state = turned(this.stored?.state ?? freshMeter(nowMs, day), nowMs);
    return this.pending.reduce((sum, step) => step(sum, nowMs), state);
  }

  /** One after the other, so that no two calls spend the same room. */
  private exclusively<T>(action: () => Promise<T>): Promise<T> {
    const result = this.queue.then(action);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

function replaced(holder: Holder): CheckpointLostError {
  return new CheckpointLostError(
    `Another ingester has taken over the checkpoint ${holder.key}: it already reserves money for it. This one buys nothing more.`,
  );
}
