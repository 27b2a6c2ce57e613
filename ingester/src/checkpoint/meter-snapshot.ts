/** The meter in the units people read: for the status page, metrics and reports. */
import type { Reads } from "../ports";
import type { LimitUse, Usage } from "./limits";
import { outstandingReads } from "./meter";
import { costInMicros, type Prices, toUsd } from "./money";

export interface MeterSnapshot {
  /** Settled in this billing cycle, by every ingester on this meter. */
  readonly spent: Reads;
  /** Reserved and not settled yet. */
  readonly reserved: Reads;
  /** Dollars spent in this cycle, reservations not included. */
  readonly spentUsd: number;
  /** Dollars left under the tightest limit in dollars; undefined when there is none. */
  readonly leftUsd: number | undefined;
  /** Post reads left under the tightest limit in posts; undefined when there is none. */
  readonly leftPosts: number | undefined;
  /**
   * Share of the tightest limit that is spent or reserved, 0 to 100 (and beyond); 100 too when what is left of a
   * monthly limit buys no page. Undefined without a limit.
   */
  readonly usedPercent: number | undefined;
  /** Bought or reserved by this process alone. */
  readonly run: Reads;
  readonly cycleStartMs: number;
  readonly cycleEndMs: number;
}

export function snapshotOf(usage: Usage, uses: readonly LimitUse[], prices: Prices): MeterSnapshot {
  const { meter, run } = usage;
  const micros = left(uses, "micros");
  return {
    spent: meter.spent,
    reserved: outstandingReads(meter),
    spentUsd: toUsd(costInMicros(meter.spent, prices)),
    leftUsd: micros === undefined ? undefined : toUsd(micros),
    leftPosts: left(uses, "posts"),
    usedPercent: uses.length === 0 ? undefined : Math.max(...uses.map(percentOf)),
    run,
    cycleStartMs: meter.cycle.startMs,
    cycleEndMs: meter.cycle.endMs,
  };
}

function left(uses: readonly LimitUse[], unit: LimitUse["unit"]): number | undefined {
  const rest = uses.filter((use) => use.unit === unit).map((use) => Math.max(0, use.limit - use.used));
  return rest.length === 0 ? undefined : Math.min(...rest);
}

function percentOf({ limit, used }: LimitUse): number {
  return limit === 0 ? 100 : (100 * used) / limit;
}
