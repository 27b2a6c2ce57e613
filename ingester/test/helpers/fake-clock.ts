import type { Clock } from "../../src/ports";

/** A clock that moves only when somebody sleeps on it, and remembers how long. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];

  constructor(public nowMs = Date.parse("2026-11-23T12:00:00.000Z")) {}

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.sleeps.push(ms);
    this.nowMs += ms;
    await Promise.resolve();
  }
}
