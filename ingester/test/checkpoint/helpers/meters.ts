import type { MeterState } from "../../../src/checkpoint/meter";
import { MeterConflictError, type MeterStore, type StoredMeter } from "../../../src/checkpoint/meter-store";
import { type SpendingMeterOptions, StoredSpendingMeter } from "../../../src/checkpoint/spending-meter";
import type { LimitReached, ReadLimits, Reads, Reservation } from "../../../src/ports";

/** A clock that stands where a test puts it. */
export class ManualClock {
  constructor(public nowMs: number) {}
  now = (): number => this.nowMs;
}

/** A store in memory that yields between any two steps, so that processes sharing it overlap. */
export class MemoryMeterStore implements MeterStore {
  stored: StoredMeter | undefined;
  /** What the next writes fail with. */
  failures: Error[] = [];

  async load(): Promise<StoredMeter | undefined> {
    await tick();
    return this.stored;
  }

  async save(state: MeterState, expectedVersion: number | undefined): Promise<number> {
    await tick();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    if (this.stored?.version !== expectedVersion) throw new MeterConflictError();
    // Through JSON, as every real store does.
    this.stored = { state: JSON.parse(JSON.stringify(state)), version: (expectedVersion ?? 0) + 1 };
    await tick();
    return this.stored.version;
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const PLAIN: Reads = { posts: 1, includedPosts: 0, includedUsers: 0 };
/** Every post brings its author and up to two referenced posts. */
export const EXPANDED: Reads = { posts: 1, includedPosts: 2, includedUsers: 1 };

export function reads(posts: number, includedPosts = 0, includedUsers = 0): Reads {
  return { posts, includedPosts, includedUsers };
}

export function pages(worstCasePerPost: Reads = PLAIN): ReadLimits {
  return { minPosts: 10, maxPosts: 100, worstCasePerPost };
}

export const NOVEMBER_23 = Date.UTC(2026, 10, 23, 12);
export const DECEMBER_1 = Date.UTC(2026, 11, 1);

export function meterOn(store: MeterStore, options: Partial<SpendingMeterOptions> = {}): StoredSpendingMeter {
  return new StoredSpendingMeter({
    store,
    clock: new ManualClock(NOVEMBER_23),
    checkpointKey: "search:cats",
    ...options,
  });
}

/** The reservation, where a test knows that no limit is reached. */
export function granted(outcome: Reservation | LimitReached): Reservation {
  if ("limit" in outcome) throw new Error(`Expected a reservation, but ${outcome.limit} was reached.`);
  return outcome;
}
