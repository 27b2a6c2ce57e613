/**
 * `npm run modules` writes modules/ anew; `npm run modules:check` only says what is stale, and exits 1 then.
 */
import { join } from "node:path";
import { staleFiles, writeFolder } from "./folder";
import { renderModules } from "./render";

const FOLDER = join(__dirname, "../../modules");

function main([argument]: readonly string[]): number {
  const files = renderModules();
  if (argument !== "check") {
    writeFolder(FOLDER, files);
    return 0;
  }
  const stale = staleFiles(FOLDER, files);
  if (stale.length === 0) return 0;
  console.error(`Stale in modules/: ${stale.join(", ")}. Write them anew: npm run modules`);
  return 1;
}

process.exitCode = main(process.argv.slice(2));
