/**
 * `npm run docs:screenshots`: the pictures of README. The page is the ingester's own with a scene of its tests, which
 * has fixed times; the terminal is the real process against the local simulator, as it was in the middle of a fill.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { takePage } from "./page";
import { drawTerminal } from "./svg";
import { recordFill } from "./terminal";

const DIRECTORY = join(__dirname, "../../docs/images");

async function main(): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    writeFileSync(join(DIRECTORY, `status-page-${scheme}.png`), await takePage(scheme));
  }
  const lines = await recordFill();
  writeFileSync(join(DIRECTORY, "progress.svg"), drawTerminal(lines));
  console.log(lines.join("\n"));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
