import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { imageNodeOptions, type NodeRelease } from "../../local/support/node-release";

const BUNDLE = resolve(__dirname, "../dist/main.js");

export interface ImageStart {
  /** What follows the path of Node, up to the command of the ingester. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>> & { readonly NODE_COMPILE_CACHE: string };
}

/**
 * The ingester as the image starts it: its flags and variables, and the code that the image keeps compiled.
 *
 * @param directory keeps that code
 */
export function imageStart(directory: string, { path }: NodeRelease): ImageStart {
  const { args, env } = imageNodeOptions();
  const program = [...args, BUNDLE];
  const environment = { ...env, NODE_COMPILE_CACHE: join(directory, "compile-cache") };
  // What the image is built with.
  spawnSync(path, [...program, "help", "run"], { env: { PATH: process.env.PATH, ...environment } });
  return { program, environment };
}
