/** What the money meter tells, in the units that people read. */
import type { Reads } from "../ports";

/** The meter at one moment; limits are those of the billing cycle and of this run. */
export interface MeterSnapshot {
  /** Bought in this billing cycle. */
  readonly spent: Reads;
  /** US dollars spent in this billing cycle. */
  readonly spentUsd: number;
  /** Left under the tightest limit in dollars; undefined when there is none. */
  readonly leftUsd: number | undefined;
  /** Post reads left under the tightest limit in posts; undefined when there is none. */
  readonly leftPosts: number | undefined;
  /** Share of the tightest limit that is used up, 0 to 100 and beyond; undefined without a limit. */
  readonly usedPercent: number | undefined;
  /** Epoch milliseconds at which the billing cycle turns. */
  readonly cycleEndMs: number;
}

/** Undefined while the meter has not been loaded. */
export type MeterSnapshotProvider = () => MeterSnapshot | undefined;

/** Only what is told outside: a meter may know more than that. */
export function moneyStatus(snapshot: MeterSnapshot): MeterSnapshot {
  const { spent, spentUsd, leftUsd, leftPosts, usedPercent, cycleEndMs } = snapshot;
  return { spent, spentUsd, leftUsd, leftPosts, usedPercent, cycleEndMs };
}
