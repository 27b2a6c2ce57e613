import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { imageNodeOptions, type NodeRelease } from "../../local/support/node-release";

const DIST = resolve(__dirname, "../dist");
const DOCKER = resolve(__dirname, "../../docker");

export interface ImageStart {
  /** What follows the path of Node, up to the command of the ingester. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>> & { readonly NODE_COMPILE_CACHE: string };
}

/**
 * The ingester as the image starts it: its flags and variables, and the code that the image keeps compiled.
 *
 * @param directory gets what the Dockerfile puts into /app
 * @throws Error when the rehearsal fails
 */
export function imageStart(directory: string, { path }: NodeRelease): ImageStart {
  const { args, env } = imageNodeOptions();
  const environment = { ...env, NODE_COMPILE_CACHE: join(directory, "compile-cache") };
  mkdirSync(environment.NODE_COMPILE_CACHE, { recursive: true });
  copyFileSync(join(DOCKER, "start.cjs"), join(directory, "main.js"));
  copyFileSync(join(DIST, "main.js"), join(directory, "ingester.js"));
  const rehearsal = spawnSync(path, [...args, join(DOCKER, "rehearse.cjs"), directory], {
    env: { PATH: process.env.PATH, ...environment },
  });
  if (rehearsal.status !== 0) throw new Error(`docker/rehearse.cjs failed: ${rehearsal.stderr}`);
  return { program: [...args, join(directory, "main.js")], environment };
}

/** The ingester as it is built, on another Node than the image's. */
export function plainProgram(): readonly string[] {
  return [...imageNodeOptions().args, join(DIST, "main.js")];
}
