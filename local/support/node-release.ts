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
  const [, version] = /^ARG NODE_IMAGE=\S*node:([\d.]+)/m.exec(readFileSync(DOCKERFILE, "utf8")) ?? [];
  if (version === undefined) throw new Error(`${DOCKERFILE} names no exact version of Node.`);
  return version;
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
