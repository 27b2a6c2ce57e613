import type { Clock } from "./clock";
import { Heap } from "./heap";

interface Timer {
  readonly atMs: number;
  action: (() => void) | undefined;
}

/** Where simulated time begins unless a test says otherwise. */
const START_MS = Date.parse("2026-11-23T08:00:00Z");

/**
 * Time that moves only on request. Each action runs at its own moment, also one that an action has asked for:
 * hours pass in as long as the work in them takes.
 *
 * @example
 * const clock = new SimulatedClock();
 * clock.after(20_000, sendHeartbeat);
 * clock.advance(3_600_000);
 */
export class SimulatedClock implements Clock {
  private readonly timers = new Heap<Timer>(({ atMs }) => atMs);

  constructor(private nowMs = START_MS) {}

  now(): number {
    return this.nowMs;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, milliseconds), action };
    this.timers.push(timer);
    return () => {
      timer.action = undefined;
    };
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(milliseconds: number): void {
    const untilMs = this.nowMs + milliseconds;
    while (this.runNext(untilMs));
    this.nowMs = untilMs;
  }

  /** The same, and lets promises go on after each action: for clients that read while time passes. */
  async run(milliseconds: number): Promise<void> {
    const untilMs = this.nowMs + milliseconds;
    await settled();
    while (this.runNext(untilMs)) await settled();
    // Of two that run side by side, the one that goes further decides.
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** @returns false when nothing is due until then */
  private runNext(untilMs: number): boolean {
    for (let timer = this.timers.peek(); timer !== undefined && timer.atMs <= untilMs; ) {
      this.timers.pop();
      if (timer.action !== undefined) {
        this.nowMs = Math.max(this.nowMs, timer.atMs);
        timer.action();
        return true;
      }
      timer = this.timers.peek();
    }
    return false;
  }
}

/** Resolves when every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
