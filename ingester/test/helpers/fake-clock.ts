import type { Clock } from "../../src/loop/ports";

/** A clock that moves only on request or when slept on, and remembers how long each sleep was. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  private elapsedMs = 0;

  /** Set `nowMs` as a person sets the system's time: what has elapsed stays. */
  constructor(public nowMs = Date.parse("2026-11-23T12:00:00.000Z")) {}

  now(): number {
    return this.nowMs;
  }

  elapsed(): number {
    return this.elapsedMs;
  }

  uptime(): number {
    return this.elapsedMs;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.nowMs += ms;
    this.elapsedMs += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.sleeps.push(ms);
    this.advance(ms);
    await Promise.resolve();
  }
}
