/**
 * `npm run test:engines`: tests of the ingester and a whole local run on both ends of what is supported, the oldest
 * release of Node that package.json allows and the one that the image ships.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { imageNodeVersion, type NodeRelease, nodeRelease } from "../local/support/node-release";

const ROOT = resolve(__dirname, "..");
const JEST = "node_modules/jest/bin/jest.js";
/** Those of a browser and of whole worlds depend on Node as little as on the machine; they run once, in npm test. */
const LEFT_OUT = ["ingester/test/status/page/", "ingester/test/simulation/", "ingester/test/stream/"];

function main(): number {
  for (const version of [oldestVersion(), imageNodeVersion()]) {
    const node = nodeRelease(version);
    console.log(`\nNode ${version}`);
    const code = runTests(node) || runWhole(node);
    if (code !== 0) return code;
  }
  return 0;
}

/** Of `>=20.9`, 20.9.0. */
function oldestVersion(): string {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
  if (major === undefined)
    throw new Error(`package.json: engines.node is "${engines.node}", not like ">=20.9".`);
  return `${major}.${minor}.0`;
}

function runTests({ path }: NodeRelease): number {
  const patterns = ["/node_modules/", ...LEFT_OUT].map((path) => `--testPathIgnorePatterns=${path}`);
  return run(path, [JEST, "ingester/test/", "--silent", "--reporters=summary", ...patterns]);
}

/** From X's simulator to objects in a bucket, checked by the run itself. */
function runWhole({ path }: NodeRelease): number {
  const directory = mkdtempSync(join(tmpdir(), "engines-"));
  try {
    return run(path, ["--import", "tsx", "local/start.ts", "--posts", "1000", "--dir", directory]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): number {
  // A worker of jest, and the ingester, are started with the Node that starts them.
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

process.exitCode = main();
