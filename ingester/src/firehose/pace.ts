import type { Clock } from "../loop/ports";
import type { Quota } from "./limits";

/** What one request uses of the quota. */
export interface RequestCost {
  readonly records: number;
  readonly bytes: number;
}

/** Spaces requests out. */
export interface Pacer {
  /** Resolves when the request may be sent, or at once when the signal aborts. */
  take(cost: RequestCost, signal: AbortSignal): Promise<void>;
}

/** For endpoints without a quota. */
export const UNPACED: Pacer = { take: async () => {} };

/**
 * Keeps to a quota by spacing instead of discovering it by throttling: a token bucket without a burst. Each request
 * occupies the stream for as long as the scarcest of the three rates needs to earn it back, so that any T seconds
 * carry at most T seconds of quota and the one request that ends them.
 */
export function createPacer(quota: Quota, clock: Clock): Pacer {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return {
    async take(cost, signal) {
      const now = clock.elapsed();
      const startMs = Math.max(now, freeAtMs);
      freeAtMs = startMs + occupationMs(cost, quota);
      if (startMs > now) await clock.sleep(startMs - now, signal);
    },
  };
}

function occupationMs({ records, bytes }: RequestCost, quota: Quota): number {
  const seconds = Math.max(
    records / quota.recordsPerSecond,
    1 / quota.requestsPerSecond,
    bytes / quota.bytesPerSecond,
  );
  return seconds * 1_000;
}
