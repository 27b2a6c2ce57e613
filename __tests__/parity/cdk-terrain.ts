import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** The project's root. */
export const REPOSITORY = join(__dirname, "../..");
/** A folder of its own: two versions of `constructs` cannot share one `node_modules`. */
export const PARITY = join(REPOSITORY, "parity");

const TSX = join(REPOSITORY, "node_modules/tsx/dist/cli.mjs");
const run = promisify(execFile);

/** Runs a TypeScript program; `cwd` defaults to the project's root. @throws Error with what it wrote to stderr */
export async function runTypeScript(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  await run(process.execPath, [TSX, ...args], { cwd: REPOSITORY, ...options });
}
