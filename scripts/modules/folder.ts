import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ModuleFiles } from "./render";

/** Tests and examples are written by hand. */
const BY_HAND = /^[^/]+\/(tests|examples)\//;

/** Replaces what is generated in a folder: a module that is gone leaves nothing behind but tests and examples. */
export function writeFolder(folder: string, files: ModuleFiles): void {
  for (const path of readFolder(folder).keys()) {
    if (!BY_HAND.test(path)) rmSync(join(folder, path));
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Paths of files that are missing, differ, or should not be there. */
export function staleFiles(folder: string, files: ModuleFiles): string[] {
  const present = readFolder(folder);
  const paths = new Set([...files.keys(), ...[...present.keys()].filter((path) => !BY_HAND.test(path))]);
  return [...paths].filter((path) => files.get(path) !== present.get(path)).sort();
}

/** Every file with its text, by path below the folder. */
export function readFolder(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    // What `terraform init` leaves behind does not belong to the module.
    .filter((entry) => entry.isFile() && !(entry.parentPath ?? entry.path).includes(".terraform"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file, "utf8")]));
}
