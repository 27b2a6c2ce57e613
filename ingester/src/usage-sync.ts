/**
 * Asks X now and then what the project has really used, so that reads by other apps of the project, or before this
 * meter existed, count against the monthly limits. X's figure lags: it raises the meter, never lowers it.
 */
import type { Logger } from "./logger";
import type { Clock } from "./ports";
import type { XClient } from "./x/client";
import { readUsage } from "./x/usage";

export interface UsageMeter {
  raise(postsUsed: number): void;
  setCycleDay(day: number): void;
}

export interface UsageSyncOptions {
  readonly client: Pick<XClient, "get">;
  readonly meter: UsageMeter;
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

/** Not knowing is no reason to stop: the meter counts by itself. */
async function syncOnce({ client, meter, logger }: UsageSyncOptions): Promise<void> {
  try {
    const usage = await readUsage(client);
    if (usage.capResetDay !== undefined) meter.setCycleDay(usage.capResetDay);
    if (usage.posts !== undefined) meter.raise(usage.posts);
  } catch (error) {
    logger.debug({ event: "usage_unknown", error });
  }
}
