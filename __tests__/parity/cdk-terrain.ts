import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { sayOnce } from "../helpers/terraform";

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

/** Jest's `describe` where CDK Terrain is installed; elsewhere a skip, or a failure if required. */
export function describeWithCdkTerrain(name: string, tests: () => void): void {
  if (existsSync(join(PARITY, "node_modules/cdktn"))) {
    describe(name, tests);
    return;
  }
  const obstacle = "CDK Terrain is not installed in parity/ (npm run parity installs it).";
  if (process.env.PARITY_REQUIRED === "1") {
    it(`${name}: finds CDK Terrain`, () => {
      throw new Error(`PARITY_REQUIRED=1, but ${obstacle}`);
    });
    return;
  }
  sayOnce("parity", `Parity tests skipped: ${obstacle}`);
  // Without the package there is nothing to compare with.
  describe.skip(name, tests);
}
