/**
 * `npm run parity`: compiles and synthesizes the same sources with CDK Terrain, and compares. Its libraries are
 * installed in parity/ when they are missing, or are not those of the lockfile.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "..");
const PARITY = join(REPOSITORY, "parity");

function main(): number {
  return (isInstalled() ? 0 : install()) || runTests();
}

function isInstalled(): boolean {
  const { packages } = readJson("package-lock.json");
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .every(([path, { version }]) => {
      const manifest = join(path, "package.json");
      return existsSync(join(PARITY, manifest)) && readJson(manifest).version === version;
    });
}

/** No build scripts are needed: the libraries are plain JavaScript. */
function install(): number {
  console.error("Installing CDK Terrain in parity/ (about 500 MB).");
  return run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: PARITY });
}

/** Compiling is one of the tests. */
function runTests(): number {
  const jest = join(REPOSITORY, "node_modules/jest/bin/jest.js");
  // `npm test` leaves these out. The path comes first: the option takes every word after it as one more pattern.
  const tests = ["__tests__/parity", "--testPathIgnorePatterns=/node_modules/"];
  return run(process.execPath, [jest, ...tests], { cwd: REPOSITORY });
}

function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): number {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) console.error(`Running ${command} failed: ${error.message}`);
  return status ?? 1;
}

/** A manifest or a lockfile. */
interface PackageFile {
  readonly version: string;
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

function readJson(file: string): PackageFile {
  return JSON.parse(readFileSync(join(PARITY, file), "utf8"));
}

process.exitCode = main();
