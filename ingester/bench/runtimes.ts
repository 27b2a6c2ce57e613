/** The Node that the image ships, from npm's `node` package where the machine's is another one. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Runtime {
  /** Such as "26.10.0". */
  readonly version: string;
  /** Path of its binary. */
  readonly path: string;
}

const ROOT = resolve(__dirname, "../..");
const DOCKERFILE = join(ROOT, "docker/Dockerfile");

/** @returns the image's Node first, then the machine's, where they differ @throws Error when npm cannot bring it */
export function runtimes(): readonly [Runtime, ...Runtime[]] {
  const own = { version: process.versions.node, path: process.execPath };
  const version = imageVersion();
  return version === own.version ? [own] : [{ version, path: installed(version) }, own];
}

function imageVersion(): string {
  const [, version] = /^ARG NODE_IMAGE=\S*node:([\d.]+)/m.exec(readFileSync(DOCKERFILE, "utf8")) ?? [];
  if (version === undefined) throw new Error(`${DOCKERFILE} names no exact version of Node.`);
  return version;
}

/** Kept between runs, beside other caches of tools. */
function installed(version: string): string {
  const directory = join(ROOT, "node_modules/.cache", `node-${version}`);
  const path = join(directory, "node_modules/node/bin/node");
  if (existsSync(path)) return path;
  console.error(`Installing Node ${version}, which the image ships, in ${directory} (about 150 MB).`);
  mkdirSync(directory, { recursive: true });
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", directory, `node@${version}`];
  const { status } = spawnSync("npm", args, { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0 || !existsSync(path)) throw new Error(`npm could not install node@${version}.`);
  return path;
}
