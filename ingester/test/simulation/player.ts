/** Plays the seeds that its parent process sends, one at a time, and says what it has seen. */
import { createHash } from "node:crypto";
import { play } from "./play";
import { scenarioOf } from "./scenario";

export interface Seen {
  readonly seed: number;
  readonly breaches: readonly string[];
  /** Of the log: the same for the same seed. */
  readonly digest: string;
  readonly effects: number;
  readonly processes: number;
}

process.on("message", async (seed: number) => {
  const { world, breaches } = await play(scenarioOf(seed));
  const digest = createHash("sha256").update(world.log.join("\n")).digest("hex");
  const seen: Seen = { seed, breaches, digest, effects: world.log.length, processes: world.processes };
  process.send?.(seen);
});
// Without its parent there is nothing to do.
process.on("disconnect", () => process.exit());
