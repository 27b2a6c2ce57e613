/** Posts a second, as far back as a minute. */

const SECONDS = 60;

export class Rate {
  /** Counts of the last seconds, by second modulo their number. */
  private readonly counts = new Array<number>(SECONDS).fill(0);
  private second: number;

  constructor(elapsedMs: number) {
    this.second = Math.floor(elapsedMs / 1_000);
  }

  add(elapsedMs: number): void {
    this.move(elapsedMs);
    const index = this.second % SECONDS;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
  }

  /** The most that came in one second of the last minute. */
  peak(elapsedMs: number): number {
    this.move(elapsedMs);
    return Math.max(...this.counts);
  }

  private move(elapsedMs: number): void {
    const second = Math.floor(elapsedMs / 1_000);
    const passed = Math.min(second - this.second, SECONDS);
    for (let step = 1; step <= passed; step += 1) this.counts[(this.second + step) % SECONDS] = 0;
    if (passed > 0) this.second = second;
  }
}
