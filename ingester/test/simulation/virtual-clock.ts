import type { Clock } from "../../src/loop/ports";

/** Smaller differences from X's clock are none to XClient. */
const CLOCK_TOLERANCE_MS = 5_000;

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that moves only when nothing else can happen: to the next sleeper's hour. Deterministic. */
export class VirtualClock {
  private readonly sleepers: Sleeper[] = [];
  private order = 0;

  constructor(public nowMs: number) {}

  /** The clock of one host, which may be set wrong. @param skewMs its difference from true time */
  of(skewMs = 0): Clock {
    const start = this.nowMs;
    return {
      now: () => this.nowMs + skewMs,
      elapsed: () => this.nowMs - start,
      uptime: () => this.nowMs - start,
      sleep: (ms, signal) => this.sleep(ms, signal),
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.order += 1;
      const onAbort = () => this.cancel(sleeper);
      const wake = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper: Sleeper = { atMs: this.nowMs + Math.max(0, ms), order: this.order, wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /**
   * Lets everything happen until the work is done.
   * @throws when nothing can happen any more although it is not, or when it takes longer than `limitMs`
   */
  async drive<T>(work: Promise<T>, limitMs = Number.POSITIVE_INFINITY): Promise<T> {
    const untilMs = this.nowMs + limitMs;
    const state = { done: false };
    const finish = () => {
      state.done = true;
    };
    work.then(finish, finish);
    for (;;) {
      await settle();
      if (state.done) return work;
      const next = this.earliest();
      if (next === undefined) throw new Error("deadlock: nothing can happen any more");
      if (next.atMs > untilMs) throw new Error(`not done within ${limitMs} ms of virtual time`);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.cancel(next);
    }
  }

  private earliest(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.sleepers) {
      const isEarlier =
        first === undefined ||
        sleeper.atMs < first.atMs ||
        (sleeper.atMs === first.atMs && sleeper.order < first.order);
      if (isEarlier) first = sleeper;
    }
    return first;
  }

  private cancel(sleeper: Sleeper): void {
    const index = this.sleepers.indexOf(sleeper);
    if (index >= 0) this.sleepers.splice(index, 1);
    sleeper.wake();
  }
}

/** Resolves when every promise that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clock of one host, which may be set wrong, and may be set anew. */
export class HostClock implements Clock {
  private readonly startMs: number;
  private shown: { readonly atMs: number; readonly uptimeMs: number } | undefined;

  /** @param skewMs its difference from true time */
  constructor(
    private readonly time: VirtualClock,
    private skewMs = 0,
  ) {
    this.startMs = time.nowMs;
  }

  now(): number {
    return this.time.nowMs + this.skewMs;
  }

  elapsed(): number {
    return this.time.nowMs - this.startMs;
  }

  uptime(): number {
    return this.elapsed();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.time.sleep(ms, signal);
  }

  /** As XClient: X's time, as far as its answers have shown. */
  readonly xNow = (): number =>
    this.shown === undefined ? this.now() : this.shown.atMs + this.uptime() - this.shown.uptimeMs;

  /** X has answered: its answer says when. */
  noteAnswer(): void {
    const isClose = Math.abs(this.time.nowMs - this.now()) <= CLOCK_TOLERANCE_MS;
    this.shown = { atMs: isClose ? this.now() : this.time.nowMs, uptimeMs: this.uptime() };
  }

  /** A person, or NTP, sets it. */
  jump(byMs: number): void {
    this.skewMs += byMs;
  }
}
