/** How far the filling of holes has come, by the time that ids carry: it costs no request. Pure but for its clock. */
import type { Interval, Intervals } from "../../ledger/intervals";
import { timeOfId } from "../../posts/ids";
import { duration, usd } from "../../runtime/words";

export class FillProgress {
  private begun: { readonly atMs: number; readonly openMs: number; readonly spent: number } | undefined;

  /**
   * @param open what is left to fill, of all queries
   * @param spent dollars that this process has bought for
   */
  constructor(
    private readonly open: () => Intervals,
    private readonly spent: () => number,
    private readonly elapsed: () => number,
  ) {}

  /** Of what was open at the first call, 0 to 1. */
  fraction(): number {
    const openMs = lengthMs(this.open());
    this.begun ??= { atMs: this.elapsed(), openMs, spent: this.spent() };
    return this.begun.openMs === 0 ? 1 : Math.max(0, 1 - openMs / this.begun.openMs);
  }

  /** Such as `about $12.40 in all, 3 min left`; undefined while too little is known. */
  outlook(): string | undefined {
    const fraction = this.fraction();
    if (this.begun === undefined || fraction < 0.01 || fraction >= 1) return undefined;
    const leftMs = ((this.elapsed() - this.begun.atMs) * (1 - fraction)) / fraction;
    const cost = (this.spent() - this.begun.spent) / fraction;
    return `about ${usd(cost)} in all, ${duration(leftMs)} left`;
  }
}

function lengthMs(intervals: Intervals): number {
  return intervals.reduce(
    (sum, { after, through }: Interval) => sum + timeOfId(through) - timeOfId(after),
    0,
  );
}
