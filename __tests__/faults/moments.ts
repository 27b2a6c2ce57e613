/** Moments in the life of a process at which it can be killed: seeded, and spread over everything it does. */
import { setTimeout as delay } from "node:timers/promises";
import type { World } from "../ingest/world";

/** `ms` after the process was started, or after the `count`-th request to X or Firehose has arrived. */
export interface Moment {
  readonly after: "start" | "x" | "firehose";
  readonly count: number;
  readonly ms: number;
}

/** A process needs about 150 ms until its first request. */
const STARTUP_MS = 250;
/** A page takes about 10 ms from request to checkpoint. */
const PAGE_MS = 15;

/**
 * @param random uniform in [0, 1)
 * @param pages that the process has to deliver: beyond them there would be nothing left to kill
 */
export function randomMoment(random: () => number, pages: number): Moment {
  const kind = random();
  if (kind < 0.2) return { after: "start", count: 0, ms: Math.floor(random() * STARTUP_MS) };
  const count = 1 + Math.floor(random() * pages);
  // A third in the very moment of the request, before anything is answered.
  const ms = random() < 0.33 ? 0 : Math.floor(random() * PAGE_MS);
  return { after: kind < 0.6 ? "x" : "firehose", count, ms };
}

/** Resolves at the moment; never, when the process does not live to see it. */
export async function until(moment: Moment, { x, firehose }: World): Promise<void> {
  if (moment.after !== "start") {
    const { faults } = moment.after === "x" ? x : firehose;
    await nthRequest(faults, moment.count);
  }
  if (moment.ms > 0) await delay(moment.ms);
}

interface Watchable {
  watch(watcher: (() => void) | undefined): void;
}

/** The moment of the n-th request from now on, before anything is answered. */
export function nthRequest(plan: Watchable, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    plan.watch(() => {
      left -= 1;
      if (left > 0) return;
      plan.watch(undefined);
      resolve();
    });
  });
}
