/**
 * Taking a lock that a dead process may have left.
 *
 * Creating a lock is one atomic step (link). Replacing one is not: two takers can both find the same dead holder, and
 * the slower one must not remove the lock of the faster one. So whoever wants to replace the lock of a dead holder D
 * first takes a second lock, named after D, and then looks again. Only one can hold that one, and only its holder may
 * replace D's lock; whoever comes later takes it too, but then no longer finds D. A taker that dies in between leaves
 * the second lock behind, which is replaced by the same rule.
 */

import { statSync } from "node:fs";
import { CheckpointHeldError, ConfigError } from "../errors";
import type { Clock } from "../ports";
import { hasCode } from "./file-errors";
import {
  type Candidate,
  closeCandidate,
  discardCandidate,
  type LockRecord,
  putInForce,
  readLock,
  removeLock,
  replace,
  writeCandidate,
} from "./lock-file";
import { isRunning, isSameHost } from "./process-identity";
import { StoppedError } from "./stopped";

export interface TakeOptions {
  readonly path: string;
  readonly id: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A holder on another host is dead when its lock is that old. */
  readonly staleMs: number;
  /** How often a lock of another host is looked at while waiting for it to move or grow stale. */
  readonly pollMs: number;
}

/** Ids of the locks this process holds: without /proc, all that tells it from a former process with its pid. */
export const heldHere = new Set<string>();

const MAX_ATTEMPTS = 20;

/**
 * Returns the candidate that is now in force; its descriptor stays open for beating.
 * @throws CheckpointHeldError when the holder lives
 */
export async function takeLock(options: TakeOptions): Promise<Candidate> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const candidate = writeCandidate(options.path, options.id, new Date(options.clock.now()));
    try {
      await claim(options.path, candidate, options);
      heldHere.add(options.id);
      return candidate;
    } catch (error) {
      closeCandidate(candidate);
      // A new holder tidies up, candidates included: look who it is.
      if (!hasCode(error, "ENOENT")) throw error;
    } finally {
      discardCandidate(candidate);
    }
  }
  throw new ConfigError([
    `The lock ${options.path} vanished ${MAX_ATTEMPTS} times while it was being taken.`,
  ]);
}

async function claim(path: string, candidate: Candidate, options: TakeOptions): Promise<void> {
  while (!putInForce(candidate, path)) {
    const holder = readLock(path);
    if (holder === undefined) continue;
    await untilDead(path, holder, { candidate, options });
    if (await replaceDead(path, holder, { candidate, options })) return;
  }
}

interface Taking {
  readonly candidate: Candidate;
  readonly options: TakeOptions;
}

async function replaceDead(path: string, dead: LockRecord, { candidate, options }: Taking): Promise<boolean> {
  const right = `${options.path}.${dead.id}`;
  await claim(right, candidate, options);
  try {
    if (readLock(path)?.id !== dead.id) return false;
    replace(candidate, path);
    return true;
  } finally {
    removeLock(right, candidate.record.id);
  }
}

/** Resolves when the holder is dead or its lock is gone. */
async function untilDead(path: string, holder: LockRecord, taking: Taking): Promise<void> {
  if (!isSameHost(holder.process.host, taking.candidate.record.process.host)) {
    return untilStale(path, holder, taking);
  }
  if (isAlive(holder)) throw held(holder, taking.options.path);
}

function isAlive({ id, process: holder }: LockRecord): boolean {
  const mayBeFormerOwner = holder.pid === process.pid && holder.startTicks === undefined;
  return mayBeFormerOwner ? heldHere.has(id) : isRunning(holder);
}

/**
 * A process of another host cannot be seen, only its lock, which a living holder touches again and again. Ages are
 * differences between times of one file system, so that the hosts' clocks do not matter.
 */
async function untilStale(path: string, holder: LockRecord, { candidate, options }: Taking): Promise<void> {
  const { clock, signal, staleMs, pollMs } = options;
  const seen = touchedAt(path);
  const started = performance.now();
  while (touchedAt(path) === seen && seen !== undefined && !signal.aborted) {
    const age = candidate.writtenAtMs - seen + (performance.now() - started);
    if (age >= staleMs) return;
    await clock.sleep(pollMs, signal);
  }
  if (signal.aborted) throw new StoppedError(`Stopped while waiting for the lock ${path}.`);
  if (readLock(path)?.id === holder.id) throw held(holder, options.path);
}

function touchedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function held({ process: { pid, host }, since }: LockRecord, path: string): CheckpointHeldError {
  return new CheckpointHeldError(
    `Another ingester holds this checkpoint: process ${pid} on ${host.name}, since ${since} (${path}). ` +
      "A checkpoint feeds one ingester at a time, so that no post is bought twice. " +
      `Stop that process (kill ${pid}), or give this one a CHECKPOINT_FILE of its own.`,
  );
}
