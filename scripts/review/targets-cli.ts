import { join } from "node:path";
import { synthesizedStacks } from "./program";
import { targetsOf } from "./targets";

/** Prints what workflows have to do, as outputs of a step: `name=JSON`, a line each. */
async function main(): Promise<void> {
  const targets = targetsOf(await synthesizedStacks(join(__dirname, "../..")));
  for (const [name, value] of Object.entries(targets)) console.log(`${name}=${JSON.stringify(value)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
