/**
 * A lock file that is held for the milliseconds of one swap. It is bound to its process: one that a killed process has
 * left is taken over at once. One from before a restart of its machine or container is taken over when it has stayed for
 * the whole wait: that it is such a lock rests on the host's name.
 *
 * Creating a lock is one atomic step (link). Replacing the lock of a dead holder is not: two takers can both find the
 * same dead holder, and the slower one must not remove the lock of the faster one. So a taker first takes a second
 * lock, named after the dead holder, and then looks again. Only one can hold that one, and only its holder may replace
 * the dead one's lock; a later taker takes it too, but then finds another holder. A taker that dies in between leaves
 * the second lock behind, which is replaced by the same rule.
 */
import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ProcessIdentity } from "../ledger/ledger";
import { ConfigError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import { isBeforeRestart, isRunning, thisProcess } from "../runtime/process-identity";
import { hasCode, removeFile } from "./file-errors";

interface LockRecord {
  /** Unique to one taking. */
  readonly id: string;
  /** Undefined of an empty file, which a power cut can leave: its holder is gone with the boot that it belonged to. */
  readonly process: ProcessIdentity | undefined;
}

export interface LockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A swap takes milliseconds; a holder on another host or in another container that takes longer is stuck. */
const WAIT_MS = 10_000;
const LOOK_MS = 5;
const CANDIDATE = ".tmp";

/**
 * Runs the action while this process alone holds the lock.
 * @param action is given a function that says whether the lock is still held: a process that stood still can lose it
 * @throws ConfigError when the lock cannot be had
 */
export async function withFileLock<T>(
  path: string,
  action: (isHeld: () => boolean) => T,
  options: LockOptions,
): Promise<T> {
  const record: LockRecord = { id: randomUUID(), process: thisProcess() };
  const candidate = `${path}.${record.id}${CANDIDATE}`;
  try {
    writeFileSync(candidate, JSON.stringify(record));
    await take(path, candidate, options);
    try {
      return action(() => readRecord(path)?.id === record.id);
    } finally {
      release(path, record.id);
    }
  } finally {
    removeFile(candidate);
  }
}

async function take(path: string, candidate: string, { clock, signal }: LockOptions): Promise<void> {
  const untilMs = clock.elapsed() + WAIT_MS;
  const first = readRecord(path)?.id;
  while (!tryTake(path, candidate, isGone)) {
    signal.throwIfAborted();
    if (clock.elapsed() >= untilMs) {
      const isLeft = (holder: LockRecord) => holder.id === first && isFromBefore(holder);
      if (tryTake(path, candidate, isLeft)) return;
      throw stuck(path);
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

/** @returns false while a process holds the lock that may live */
function tryTake(path: string, candidate: string, mayReplace: (holder: LockRecord) => boolean): boolean {
  if (putInForce(candidate, path)) return true;
  const holder = readRecord(path);
  if (holder === undefined || !mayReplace(holder)) return false;
  const right = `${path}.${holder.id}`;
  if (!tryTake(right, candidate, isGone)) return false;
  try {
    if (readRecord(path)?.id !== holder.id) return false;
    replace(candidate, path);
    removeAbandoned(path);
    return true;
  } finally {
    removeFile(right);
  }
}

function isGone({ process }: LockRecord): boolean {
  return process === undefined || isRunning(process) === false;
}

function isFromBefore({ process }: LockRecord): boolean {
  return process !== undefined && isBeforeRestart(process);
}

/** @returns false when the path is taken */
function putInForce(candidate: string, path: string): boolean {
  try {
    linkSync(candidate, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Puts the candidate in the place of a lock, without a moment in between that has no lock. */
function replace(candidate: string, path: string): void {
  const swap = `${candidate}.swap`;
  linkSync(candidate, swap);
  renameSync(swap, path);
}

/** Removes what killed takers have left beside the lock. */
function removeAbandoned(path: string): void {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(prefix) || !name.endsWith(CANDIDATE)) continue;
    const file = join(dirname(path), name);
    const taker = readRecord(file);
    // An empty candidate may be of a living taker that has not written it yet.
    if (taker?.process !== undefined && (isGone(taker) || isFromBefore(taker))) removeFile(file);
  }
}

/** Does nothing to a lock that is no longer ours. */
function release(path: string, id: string): void {
  if (readRecord(path)?.id === id) removeFile(path);
}

/** @returns undefined when there is no lock */
function readRecord(path: string): LockRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockRecord;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    if (error instanceof SyntaxError) return { id: "unreadable", process: undefined };
    throw error;
  }
}

function stuck(path: string): ConfigError {
  const holder = readRecord(path);
  const who =
    holder?.process === undefined ? "" : `, by process ${holder.process.pid} on ${holder.process.host.name}`;
  return new ConfigError([
    `CHECKPOINT_FILE is locked for more than ${WAIT_MS / 1_000} s (${path}${who}). A ledger file serves one host. ` +
      `If no process of any host or container uses this ledger now, delete the lock: rm -f '${path}'*. For several hosts use CHECKPOINT_TABLE.`,
  ]);
}
