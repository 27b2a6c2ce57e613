/** The lock file itself: one JSON object that names its holder, created whole or not at all. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { ConfigError } from "../errors";
import { hasCode } from "./file-errors";
import { isRecord } from "./position-json";
import { type ProcessIdentity, thisProcess } from "./process-identity";

/** Content of a lock file. */
export interface LockRecord {
  /** Unique to one start of one ingester. */
  readonly id: string;
  readonly process: ProcessIdentity;
  /** ISO 8601. */
  readonly since: string;
}

/** A lock record on disk that is not in force yet: linking it to a path is what takes a lock, atomically. */
export interface Candidate {
  readonly record: LockRecord;
  readonly path: string;
  readonly content: Buffer;
  /** Stays open: beating through it can only ever touch our own lock, whoever has replaced it. */
  readonly descriptor: number;
  /** The file system's own time of writing, epoch milliseconds. */
  readonly writtenAtMs: number;
}

export function writeCandidate(lockPath: string, id: string, now: Date): Candidate {
  const record: LockRecord = { id, process: thisProcess(), since: now.toISOString() };
  const path = `${lockPath}.${id}.tmp`;
  const content = Buffer.from(`${JSON.stringify(record)}\n`);
  const descriptor = openSync(path, "w");
  writeSync(descriptor, content);
  // Else a power cut could leave an empty lock, of which nobody could tell whose it was.
  fsyncSync(descriptor);
  return { record, path, content, descriptor, writtenAtMs: fstatSync(descriptor).mtimeMs };
}

export function discardCandidate(candidate: Candidate): void {
  rmSync(candidate.path, { force: true });
}

export function closeCandidate(candidate: Candidate): void {
  closeSync(candidate.descriptor);
}

/** Writes the same bytes again: readers see no difference, but the file system's clock stamps the lock. */
export function beat(candidate: Candidate): void {
  writeSync(candidate.descriptor, candidate.content, 0, candidate.content.length, 0);
}

/** @returns false when the path is taken */
export function putInForce(candidate: Candidate, path: string): boolean {
  try {
    linkSync(candidate.path, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Puts the candidate in the place of the lock at `path`, without a moment in between that has no lock. */
export function replace(candidate: Candidate, path: string): void {
  const swap = `${candidate.path}.swap.tmp`;
  linkSync(candidate.path, swap);
  renameSync(swap, path);
}

/** Removes a lock that is still ours. */
export function removeLock(path: string, id: string): void {
  if (readLock(path)?.id === id) rmSync(path, { force: true });
}

/** @returns undefined when there is no lock */
export function readLock(path: string): LockRecord | undefined {
  const text = readIfPresent(path);
  return text === undefined ? undefined : parseLock(text, path);
}

export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseLock(text: string, path: string): LockRecord {
  const value = parseJson(text);
  if (isRecord(value) && typeof value.id === "string" && isRecord(value.process)) {
    const { pid, host } = value.process;
    if (Number.isInteger(pid) && isRecord(host)) return value as unknown as LockRecord;
  }
  throw new ConfigError([
    `${path} is no lock of an ingester: it was changed or belongs to something else. ` +
      "Make sure that no ingester uses this checkpoint, then delete that file.",
  ]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
