import { unlinkSync } from "node:fs";
import { ConfigError } from "../loop/errors";
import { sentence } from "../runtime/words";

/** What to do about the ways in which a file system says no. */
const FIXES: Readonly<Record<string, string>> = {
  EACCES: "Give this user write access to the directory, or name a file in another one.",
  EPERM: "Name a file in a directory of a file system with hard links that this user may write.",
  EROFS: "The file system is read-only: name a file on one that can be written.",
  ENOSPC: "Free some space on that file system.",
  EFBIG: "Free some space, or raise the limit for the size of files (ulimit -f).",
  EDQUOT: "Free some space: the disk quota is used up.",
  EISDIR: "Name a file, not a directory.",
  ENOTDIR: "A part of the path is a file: name a file inside a directory.",
  EEXIST: "A part of the path is a file: name a file inside a directory.",
  EBUSY: "Where the file is a mount of its own, mount its directory instead: it is replaced at every write.",
  ENAMETOOLONG: "Name a shorter path.",
};

/** Turns a failed file operation on `CHECKPOINT_FILE` into what a user can act on. Other errors pass unchanged. */
export function explainFileError(error: unknown, file: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const fix = FIXES[code] ?? "Name a file that can be written.";
  return new ConfigError([`CHECKPOINT_FILE ${file} cannot be used: ${sentence(message)} ${fix}`], {
    cause: error,
  });
}

export function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

/** Removes a file, if there is one. (rmSync with `force` looks at it twice before: 20 microseconds.) */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
