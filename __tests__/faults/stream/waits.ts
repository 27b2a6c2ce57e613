/** Waits that are limited in a scenario's own time: a busy machine makes that slower, and no scenario broken. */
import { setTimeout as delay } from "node:timers/promises";
import type { SharedClock } from "../../../local/support/shared-clock";
import type { Finished, Running } from "../../ingest/world";

/** What takes longer does not happen at all. */
const PATIENCE_MS = 1_800_000;
/** Of the machine, between two looks at a condition. */
const LOOK_MS = 5;

export class Waits {
  private isOver = false;

  constructor(private readonly clock: SharedClock) {}

  /**
   * @param lookMs milliseconds of the machine between two looks
   * @returns whether the condition has come true
   */
  async comesTrue(condition: () => boolean | Promise<boolean>, lookMs = LOOK_MS): Promise<boolean> {
    const endMs = this.clock.now() + PATIENCE_MS;
    while (!this.isOver && this.clock.now() <= endMs) {
      if (await condition()) return true;
      await delay(lookMs);
    }
    return false;
  }

  /** @throws Error when the process does not end */
  endOf({ finished }: Running): Promise<Finished> {
    const tooLate = this.clock.pass(PATIENCE_MS).then(() => {
      throw new Error(`a process does not end within ${PATIENCE_MS / 1_000} s of the scenario's time`);
    });
    return Promise.race([finished, tooLate]);
  }

  /** Ends the waits for conditions that are under way. */
  end(): void {
    this.isOver = true;
  }
}
