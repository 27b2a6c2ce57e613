import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BUNDLE, layOutAsImage } from "../../local/support/image-layout";
import { imageNodeOptions, type NodeRelease } from "../../local/support/node-release";

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
  const { main, rehearsal } = layOutAsImage(directory);
  const { status, stderr } = spawnSync(path, [...args, ...rehearsal], {
    env: { PATH: process.env.PATH, ...environment },
  });
  if (status !== 0) throw new Error(`docker/rehearse.cjs failed: ${stderr}`);
  return { program: [...args, main], environment };
}

/** The ingester as it is built, on another Node than the image's. */
export function plainProgram(): readonly string[] {
  return [...imageNodeOptions().args, BUNDLE];
}
