import { join } from "node:path";
import { SynthError, synthesizedStacks } from "./program";
import { snapshotProblems, writeSnapshots } from "./snapshots";

const ROOT = join(__dirname, "../..");
const FOLDER = join(ROOT, "snapshots");

/** `check` (default) says what is stale in snapshots/, `write` refreshes it; lost addresses fail both. */
async function main(verb = "check"): Promise<void> {
  if (verb !== "check" && verb !== "write") {
    throw new SynthError(`The verb must be check or write, got ${verb}.`);
  }
  const stacks = await synthesizedStacks(ROOT);
  if (verb === "write") writeSnapshots(FOLDER, stacks);
  const problems = snapshotProblems(FOLDER, stacks);
  if (problems.length === 0) return;
  throw new SynthError(`snapshots/:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
}

main(...process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof SynthError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
