/**
 * The time up to which the process has received everything that X sent on a connection. It follows from the posts and
 * pauses in the bytes, not from the time of reading: without a pause, bytes may have waited in the socket of a process that
 * is slower than X. Pure; elapsed milliseconds of a clock that only goes forward, and epoch milliseconds by X's clock.
 */

/**
 * How often the process notes that it runs. Bytes that it reads after it stood still (a busy machine, a paused container)
 * can have arrived at any time before, so they do not show how far X has sent. What did not fit into the socket meanwhile
 * waits at X and follows when the process reads again: at once, or by TCP's timers seconds later. After the time given here
 * all of it has come.
 */
export const PULSE = { everyMs: 1_000, missedMs: 3_000, catchUpMs: 30_000 } as const;
/**
 * Posts are sent within 7 s (docs.x.com), and a hole begins 10 s before what has been heard: a post says that X has sent
 * what was made 3 s after it, at most. After a pause nothing had waited.
 */
const HEARD = { afterPostMs: 3_000, pauseMs: 1_000 } as const;

export class Hearing {
  /** When the last byte came, elapsed. */
  lastByteAt: number;
  /** When the last byte was received, by X's clock. */
  receivedMs: number;
  private pulseAt: number;
  private caughtUpAt = Number.NEGATIVE_INFINITY;
  private through: number;
  /** When bytes came after a pause, and when the newest post that has come was made; epoch milliseconds. */
  private freshMs = 0;
  private newestPostMs = 0;

  constructor(elapsed: number, nowMs: number) {
    this.lastByteAt = this.pulseAt = elapsed;
    this.through = this.receivedMs = nowMs;
  }

  /** Epoch milliseconds up to which everything that X sent has come. */
  get heardMs(): number {
    return this.through;
  }

  /** Bytes have come; they are not parsed yet. */
  noteBytes(elapsed: number, nowMs: number): void {
    const pause = elapsed - this.lastByteAt;
    this.lastByteAt = elapsed;
    this.notePulse(elapsed);
    this.receivedMs = nowMs;
    if (pause >= HEARD.pauseMs && elapsed >= this.caughtUpAt) this.freshMs = nowMs;
  }

  /** @param madeMs when the post was made */
  notePost(madeMs: number): void {
    this.newestPostMs = Math.max(this.newestPostMs, madeMs);
  }

  /** The bytes that came have been parsed. */
  noteParsed(): void {
    const told = Math.min(this.receivedMs, this.newestPostMs + HEARD.afterPostMs);
    this.through = Math.max(this.through, this.freshMs, told);
  }

  /** The process runs: to be called every PULSE.everyMs. */
  notePulse(elapsed: number): void {
    if (elapsed - this.pulseAt > PULSE.missedMs) this.caughtUpAt = elapsed + PULSE.catchUpMs;
    this.pulseAt = elapsed;
  }
}
