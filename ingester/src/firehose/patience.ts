import type { Clock } from "../loop/ports";
import { type Backoff, fullJitter } from "../runtime/retry";
import type { FirehoseFailure } from "./api";
import { isLasting } from "./errors";

/** Overload and broken connections pass by themselves. */
export const PASSING_BACKOFF: Backoff = { baseMs: 100, capMs: 30_000 };
/** A person has to act; asking more often does not help, and a minute after they did everything flows again. */
export const REFUSED_BACKOFF: Backoff = { baseMs: 1_000, capMs: 60_000 };

export interface PatienceOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /**
   * How long to go on after failures that do not pass by themselves, in milliseconds.
   * @default - without end: these posts are already billed, and restarting would bill them again
   */
  readonly giveUpAfterMs?: number | undefined;
}

/** How long to wait after each failure of one delivery, and when to stop waiting. */
export class Patience {
  private attempts = 0;
  private lastingSinceMs: number | undefined;

  constructor(private readonly options: PatienceOptions) {}

  /** Something was taken: start over. */
  progressed(): void {
    this.attempts = 0;
    this.lastingSinceMs = undefined;
  }

  /** Counts a failure. @returns how often in a row, and for how long to wait; undefined to give up */
  failed(failure: FirehoseFailure): { readonly attempt: number; readonly waitMs: number } | undefined {
    this.attempts += 1;
    const lasts = isLasting(failure);
    const leftMs = lasts ? this.leftMs() : Number.POSITIVE_INFINITY;
    if (leftMs <= 0) return undefined;
    const backoff = lasts ? REFUSED_BACKOFF : PASSING_BACKOFF;
    const waitMs = Math.min(fullJitter(this.attempts, backoff, this.options.random), leftMs);
    return { attempt: this.attempts, waitMs };
  }

  private leftMs(): number {
    const { clock, giveUpAfterMs = Number.POSITIVE_INFINITY } = this.options;
    this.lastingSinceMs ??= clock.elapsed();
    return this.lastingSinceMs + giveUpAfterMs - clock.elapsed();
  }
}
