import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

/** `path(line,column): error TS1234: text`, each followed by indented lines of detail. */
const ERROR = /^(\S.*)\((\d+),(\d+)\): error TS\d+: (.*)$/;

/**
 * TypeScript's errors for a program. `tsx` runs files without checking their types, so that it accepts a misspelt field
 * or a text for a number.
 * @param project tsconfig of the program; its directory is where paths in messages begin
 * @returns a line for each error; none when all types fit
 */
export function typeProblems(project: string): string[] {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [tsc, "--noEmit", "--pretty", "false", "--project", project],
    { cwd: dirname(project), encoding: "utf8" },
  );
  if (status === 0) return [];
  const found = stdout.split("\n").flatMap((line) => {
    const [, file, row, column, text] = ERROR.exec(line) ?? [];
    return text === undefined ? [] : [`${file}:${row}:${column}: ${text}`];
  });
  if (found.length > 0) return found;
  return [`TypeScript could not check the types: ${(error?.message ?? stdout + stderr).trim()}`];
}
