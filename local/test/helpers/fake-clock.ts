import type { Clock } from "../../support/clock";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  private timers: { readonly atMs: number; readonly action: () => void }[] = [];

  constructor(private nowMs = Date.parse("2026-11-23T08:00:00Z")) {}

  now(): number {
    return this.nowMs;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { atMs: this.nowMs + milliseconds, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass and runs what falls due. */
  advance(milliseconds: number): void {
    this.nowMs += milliseconds;
    const due = this.timers.filter(({ atMs }) => atMs <= this.nowMs);
    this.timers = this.timers.filter(({ atMs }) => atMs > this.nowMs);
    for (const { action } of due) action();
  }
}
