/** Numbers that a seed decides: Park and Miller's generator, enough for scenarios. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
    // The first numbers of neighbouring seeds are alike.
    for (let n = 0; n < 3; n += 1) this.next();
  }

  /** Uniform in [0, 1). */
  readonly next = (): number => {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return (this.state - 1) / 2_147_483_646;
  };

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}
