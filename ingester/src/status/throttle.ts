import type { Clock } from "../ports";

/** Lets the first of each kind through, then at most one per interval, and tells how many it held back. */
export class Throttle {
  private readonly kinds = new Map<string, { lastMs: number; suppressed: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** How many were held back since the last one that passed; undefined when this one does not pass. */
  pass(kind: string): number | undefined {
    const nowMs = this.clock.now();
    const seen = this.kinds.get(kind);
    if (seen !== undefined && nowMs - seen.lastMs < this.intervalMs) {
      seen.suppressed += 1;
      return undefined;
    }
    this.kinds.set(kind, { lastMs: nowMs, suppressed: 0 });
    return seen?.suppressed ?? 0;
  }
}
