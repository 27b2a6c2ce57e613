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
/** Usage is worth a moment at the start, no more. */
const FIRST_TIMEOUT_MS = 5_000;

/**
 * Asks X once before anything else: its answer contains its time, too, which decides what "now" is and which UTC day is
 * billed. Not knowing is no reason to stop: the budget counts by itself.
 */
export async function firstUsage(
  client: Pick<XClient, "get" | "now">,
  logger: Pick<Logger, "debug">,
): Promise<ProjectUsage | undefined> {
  try {
    return await readUsage(client, FIRST_TIMEOUT_MS);
  } catch (error) {
    logger.debug({ event: "usage_unknown", error });
    return undefined;
  }
}

/** Books the first answer, and asks again every hour until the signal aborts. */
export async function keepUsage(first: ProjectUsage | undefined, options: UsageSyncOptions): Promise<void> {
  const { client, clock, logger, signal } = options;
  if (first !== undefined) await book(first, options);
  void (async () => {
    while (!signal.aborted) {
      await clock.sleep(INTERVAL_MS, signal);
      const usage = signal.aborted ? undefined : await firstUsage(client, logger);
      if (usage !== undefined) await book(usage, options).catch(() => undefined);
    }
  })();
}

async function book(usage: ProjectUsage, { membership, cycleDay, signal }: UsageSyncOptions): Promise<void> {
  await membership.update(
    (ledger, nowMs) => ({
      ledger: { ...ledger, budget: synced(ledger.budget, { usage, cycleDay, nowMs }) },
      result: undefined,
    }),
    signal,
  );
}

/** The budget with X's own figure. */
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
