import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Creates a directory with its parents, as `mkdir -p`. Node 20's own recursive mkdir never returns where a file system
 * answers ENOENT although the parent exists, as /proc does.
 * @throws the file system's error
 * @example makeDirectory("state/ledgers")
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && dirname(path) !== path) {
      makeDirectory(dirname(path));
      mkdirSync(path);
    } else if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
