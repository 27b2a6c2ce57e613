import { uptime } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../loop/ports";

/** setTimeout's own limit; longer sleeps are cut into pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const SECOND_MS = 1_000;
/** How exactly Linux tells the uptime. */
const UPTIME_STEP_MS = 10;

let readAtMs = Number.NaN;
let lastUptimeMs = 0;

/**
 * Reading it opens a file, so what was read less than a step ago is used again. The time of day decides that, since it
 * goes on while the machine sleeps; `elapsed` does not.
 */
function uptimeMs(): number {
  const nowMs = Date.now();
  if (!(Math.abs(nowMs - readAtMs) < UPTIME_STEP_MS)) {
    lastUptimeMs = uptime() * SECOND_MS;
    readAtMs = nowMs;
  }
  return lastUptimeMs;
}

/** The real clock. Sleeping ends early, without an error, when the signal aborts. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  uptime: uptimeMs,
  async sleep(ms, signal) {
    for (let left = ms; left > 0 && !signal.aborted; left -= MAX_TIMER_MS) {
      await delay(Math.min(left, MAX_TIMER_MS), undefined, { signal }).catch(() => undefined);
    }
  },
};
