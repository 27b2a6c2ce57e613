/** Releases of Node that are not this machine's, from npm's `node` package. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface NodeRelease {
  /** Such as "26.10.0". */
  readonly version: string;
  /** Path of its binary. */
  readonly path: string;
}

const ROOT = resolve(__dirname, "../..");
const DOCKERFILE = join(ROOT, "docker/Dockerfile");

/** The version that the image is built with. */
export function imageNodeVersion(): string {
  return fromDockerfile(/^ARG NODE_IMAGE=\S*node:([\d.]+)/m);
}

/** How the image starts Node, beside the program. */
export function imageNodeOptions(): {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const [, ...entry] = JSON.parse(fromDockerfile(/^ENTRYPOINT (.+)$/m)) as string[];
  return {
    args: entry.slice(0, -1),
    env: { MALLOC_ARENA_MAX: fromDockerfile(/^ *MALLOC_ARENA_MAX=(\d+)$/m) },
  };
}

function fromDockerfile(pattern: RegExp): string {
  const [, value] = pattern.exec(readFileSync(DOCKERFILE, "utf8")) ?? [];
  if (value === undefined) throw new Error(`${DOCKERFILE} has no line that matches ${pattern}.`);
  return value;
}

/**
 * This machine's Node, where it has the version; else it is installed, and kept beside other caches of tools.
 * @throws Error when npm cannot bring it
 */
export function nodeRelease(version: string): NodeRelease {
  if (version === process.versions.node) return { version, path: process.execPath };
  const directory = join(ROOT, "node_modules/.cache", `node-${version}`);
  const path = join(directory, "node_modules/node/bin/node");
  if (existsSync(path)) return { version, path };
  console.error(`Installing Node ${version} in ${directory} (about 150 MB).`);
  mkdirSync(directory, { recursive: true });
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--silent", "--prefix", directory];
  const { status } = spawnSync("npm", [...args, `node@${version}`], { cwd: directory, stdio: "inherit" });
  if (status !== 0 || !existsSync(path)) throw new Error(`npm could not install node@${version}.`);
  return { version, path };
}
