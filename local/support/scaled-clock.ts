import { resolve } from "node:path";
import type { Clock } from "./clock";

const PRELOAD = resolve(__dirname, "scaled-clock.cjs");

/** Where scaled time begins unless a test says otherwise: no month, and no UTC day, ends for hours. */
const START_MS = Date.parse("2026-11-23T08:00:00Z");

/**
 * Time that runs faster than the machine's: the local servers take this clock, and a child process gets the same time
 * from its environment. Timers never keep a process alive that has nothing else to do.
 *
 * @example
 * const clock = new ScaledClock(20);
 * const x = new XSimulator({ clock });
 * spawn(process.execPath, ["main.js"], { env: { ...env, ...clock.environment } });
 */
export class ScaledClock implements Clock {
  private anchorMs = Date.now();

  /** @param factor seconds that pass in one second of the machine */
  constructor(
    readonly factor: number,
    private startMs = START_MS,
  ) {}

  now(): number {
    return Math.floor(this.startMs + (Date.now() - this.anchorMs) * this.factor);
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = setTimeout(action, milliseconds / this.factor);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void> {
    return new Promise((done) => setTimeout(done, milliseconds / this.factor));
  }

  /** Skips time, such as days in which no process runs; what waits for a moment goes on waiting as long as before. */
  skip(milliseconds: number): void {
    this.startMs += milliseconds;
  }

  /** Variables of a Node process that is to have this time, from its start on. */
  get environment(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
      SCALED_CLOCK: [this.factor, this.anchorMs, this.startMs].join(","),
    };
  }
}
