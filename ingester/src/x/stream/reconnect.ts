/**
 * When to connect again: docs.x.com, "Handling disconnections". Pure but for its memory; times in milliseconds of a
 * clock that only goes forward.
 */
import type { ConnectLimit } from "../../loop/events";

/** Why a connection ended, or could not be made. */
export type Disconnection =
  /** It had brought posts, or had lasted long enough to count as working. */
  | "closed"
  /** No connection, a reset, silence, or an answer of 200 that ended before it brought anything. */
  | "network"
  /** X refused with another status than 429, or announced the end in the stream. */
  | "refused"
  /** 429. */
  | "limited";

interface Backoff {
  /** The wait after the n-th failure in a row, n from 1. */
  readonly waitMs: (failures: number) => number;
  readonly longestMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const BACKOFFS: Readonly<Record<Disconnection, Backoff>> = {
  closed: { waitMs: () => 0, longestMs: 0 },
  network: { waitMs: (failures) => (failures - 1) * 250, longestMs: 16 * SECOND_MS },
  refused: { waitMs: (failures) => 5 * SECOND_MS * 2 ** (failures - 1), longestMs: 320 * SECOND_MS },
  limited: { waitMs: (failures) => MINUTE_MS * 2 ** (failures - 1), longestMs: 16 * MINUTE_MS },
};

/** docs.x.com, "Rate limits": 50 connects in 15 minutes. The difference is for restarts and for people. */
export const CONNECT_LIMIT: ConnectLimit = { connects: 45, connectsByX: 50, windowMs: 15 * MINUTE_MS };

export class Reconnects {
  private failures = 0;
  private lastKind: Disconnection = "closed";
  /** When connections were attempted, oldest first; at most CONNECT_LIMIT.connects of them. */
  private readonly attempts: number[] = [];

  /** To be called when a connection is attempted. */
  noteAttempt(elapsedMs: number): void {
    this.attempts.push(elapsedMs);
    if (this.attempts.length > CONNECT_LIMIT.connects) this.attempts.shift();
  }

  /**
   * @param retryAfterMs what X says in headers; never shortens the wait
   * @returns milliseconds until the next attempt
   */
  waitAfter(kind: Disconnection, elapsedMs: number, retryAfterMs = 0): number {
    this.failures = kind === this.lastKind && kind !== "closed" ? this.failures + 1 : 1;
    this.lastKind = kind;
    const { waitMs, longestMs } = BACKOFFS[kind];
    const wait = Math.min(waitMs(this.failures), longestMs);
    return Math.max(wait, retryAfterMs, this.untilAllowed(elapsedMs));
  }

  private untilAllowed(elapsedMs: number): number {
    const oldest = this.attempts[0];
    if (oldest === undefined || this.attempts.length < CONNECT_LIMIT.connects) return 0;
    return Math.max(0, oldest + CONNECT_LIMIT.windowMs - elapsedMs);
  }
}
