import { uptime } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../loop/ports";

/** setTimeout's own limit; longer sleeps are cut into pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const SECOND_MS = 1_000;

/** The real clock. Sleeping ends early, without an error, when the signal aborts. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  uptime: () => uptime() * SECOND_MS,
  async sleep(ms, signal) {
    for (let left = ms; left > 0 && !signal.aborted; left -= MAX_TIMER_MS) {
      await delay(Math.min(left, MAX_TIMER_MS), undefined, { signal }).catch(() => undefined);
    }
  },
};
