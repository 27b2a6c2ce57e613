/**
 * Asks X now and then what the project has really used, so that reads by other programs of the project count against
 * the limits, and so that everything that shows the budget can say how much is theirs.
 */
import { type Budget, withCycleDay, withProjectUsage } from "../ledger/budget";
import type { Membership } from "../loop/membership";
import type { Clock } from "../loop/ports";
import type { Logger } from "../runtime/logger";
import type { XClient } from "../x/client";
import { type ProjectUsage, readUsage } from "../x/usage";

export interface UsageSyncOptions {
  readonly client: Pick<XClient, "get" | "now">;
  readonly membership: Pick<Membership, "update">;
  /** BILLING_CYCLE_DAY; undefined: X's own day counts. */
  readonly cycleDay: number | undefined;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "debug">;
  readonly signal: AbortSignal;
}

/** X allows 50 requests per 15 minutes; its own figure changes far more slowly than that. */
const INTERVAL_MS = 60 * 60_000;

/** Resolves after the first answer (or failure); goes on in the background until the signal aborts. */
export async function startUsageSync(options: UsageSyncOptions): Promise<void> {
  await syncOnce(options);
  void repeat(options);
}

async function repeat(options: UsageSyncOptions): Promise<void> {
  while (!options.signal.aborted) {
    await options.clock.sleep(INTERVAL_MS, options.signal);
    if (!options.signal.aborted) await syncOnce(options);
  }
}

/** Not knowing is no reason to stop: the budget counts by itself. */
async function syncOnce({ client, membership, cycleDay, logger, signal }: UsageSyncOptions): Promise<void> {
  try {
    const usage = await readUsage(client);
    await membership.update(
      (ledger, nowMs) => ({
        ledger: { ...ledger, budget: synced(ledger.budget, { usage, cycleDay, nowMs }) },
        result: undefined,
      }),
      signal,
    );
  } catch (error) {
    logger.debug({ event: "usage_unknown", error });
  }
}

/** The budget once X has told its own figure. */
export function synced(
  budget: Budget,
  {
    usage,
    cycleDay = usage.capResetDay,
    nowMs,
  }: { readonly usage: ProjectUsage; readonly cycleDay?: number | undefined; readonly nowMs: number },
): Budget {
  const dated = cycleDay === undefined ? budget : withCycleDay(budget, cycleDay, nowMs);
  return usage.posts === undefined ? dated : withProjectUsage(dated, usage.posts, nowMs);
}
