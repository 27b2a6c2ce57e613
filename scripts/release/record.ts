/** The state that a release leaves behind with its users, for tests of later ones: __tests__/release/upgrade.test.ts. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../image/child";
import { ReleaseError } from "./release-error";

/** Few, because every release keeps its own in the repository. */
const POSTS = 120;

/** Where the states of all releases lie, one folder for each version. */
export function recordsFolder(root: string): string {
  return join(root, "released");
}

/**
 * Writes what a whole local run leaves (ledger, bucket, the simulator's posts) and every Terraform address.
 * @param directory is emptied first
 * @throws ReleaseError when the run fails
 */
export async function recordState(root: string, directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const run = join(directory, "run");
  const args = ["--import", "tsx", "local/start.ts", "--dir", run, "--posts", String(POSTS)];
  const { code, stdout, stderr } = await capture(process.execPath, args, { cwd: root });
  if (code !== 0) throw new ReleaseError(`The local run failed: ${stderr || stdout}`);
  rmSync(join(run, "ingester.log"), { force: true });
  copyFileSync(join(root, "snapshots/addresses.json"), join(directory, "addresses.json"));
}
