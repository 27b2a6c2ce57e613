import { setFlagsFromString } from "node:v8";

/** By then Node's own modules are loaded, and V8 has not yet decided how far the heap may grow first. */
const STARTED_MS = 100;

/**
 * How V8 collects its old generation, which it otherwise plans for programs with large heaps and several cores. It lets a
 * small heap grow several times over where the machine has memory: a million posts peaked at 170 MiB. Now it collects when
 * the heap has grown by half. And it marks in steps and on other threads, beginning long before the heap is full. At once is
 * less work, and a pause of 20 ms harms nobody here.
 *
 * No flags of the start, and not set during it: V8 would compile Node's own modules anew, which takes 25 ms.
 */
const FLAGS = ["--heap-growing-percent=50", "--no-incremental-marking"] as const;

export function collectEarly(): void {
  setTimeout(() => {
    for (const flag of FLAGS) setFlagsFromString(flag);
  }, STARTED_MS).unref();
}
