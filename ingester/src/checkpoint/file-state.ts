import { systemClock } from "../clock";
import type { CheckpointStore, Clock } from "../ports";
import { FencedFile } from "./fenced-file";
import { explainFileError } from "./file-errors";
import { HeldFile } from "./held-file";
import { readLock } from "./lock-file";
import { MeterConflictError, type MeterStore } from "./meter-store";
import { HEARTBEAT_MS, LOCK_POLL_MS, STALE_MS } from "./process-lock";
import type { CheckpointReport, CheckpointState } from "./state";

export interface FileStateOptions {
  /** `CHECKPOINT_FILE`. Its directory is created; beside it live a lock (`.lock`) and short-lived `.tmp` files. */
  readonly file: string;
  /** The checkpoint in that file. */
  readonly key: string;
  /** The money meter in that file. @default - `key` */
  readonly meterKey?: string;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Milliseconds between touches of the lock. @default HEARTBEAT_MS */
  readonly heartbeatMs?: number;
  /** Milliseconds after which an untouched lock of another host is taken over. @default STALE_MS */
  readonly staleMs?: number;
  /** Milliseconds between looks at a lock of another host. @default LOCK_POLL_MS */
  readonly pollMs?: number;
}

/**
 * Keeps checkpoints and meters in one JSON file that one process may use at a time, whatever its key.
 *
 * Durability: what save() and MeterStore.save() have acknowledged survives kill -9 and a power cut. Writes asked for
 * in the same turn of the event loop share one replacement of the file, so a position and the next reservation cost
 * one write when they are not awaited one after the other.
 */
export function createFileState(options: FileStateOptions): CheckpointState {
  const clock = options.clock ?? systemClock;
  const file = new FencedFile(options.file);
  const held = new HeldFile(file, {
    clock,
    heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
    staleMs: options.staleMs ?? STALE_MS,
    pollMs: options.pollMs ?? LOCK_POLL_MS,
  });
  return {
    checkpoints: checkpointsIn(held, options.key, clock),
    meterStore: meterIn(held, options.meterKey ?? options.key, clock),
    lost: held.lost,
    inspect: async () => inspect(file, options.key),
  };
}

function checkpointsIn(held: HeldFile, key: string, clock: Clock): CheckpointStore {
  return {
    async acquire(signal) {
      await held.acquire(signal);
      return held.document.checkpoints[key]?.position;
    },
    confirm: async () => held.confirm(),
    save: async (position) => {
      const entry = { position, updatedAt: new Date(clock.now()).toISOString() };
      await held.change((document) => ({
        ...document,
        checkpoints: { ...document.checkpoints, [key]: entry },
      }));
    },
    release: () => held.release(),
  };
}

function meterIn(held: HeldFile, key: string, clock: Clock): MeterStore {
  return {
    load: async () => held.document.meters[key],
    save: async (state, expectedVersion) => {
      if (held.document.meters[key]?.version !== expectedVersion) throw new MeterConflictError();
      const version = (expectedVersion ?? 0) + 1;
      const entry = { state, version, updatedAt: new Date(clock.now()).toISOString() };
      await held.change((document) => ({ ...document, meters: { ...document.meters, [key]: entry } }));
      return version;
    },
  };
}

function inspect(file: FencedFile, key: string): CheckpointReport {
  try {
    file.assertWritable();
    const lock = readLock(`${file.path}.lock`);
    const entry = file.read().checkpoints[key];
    return {
      position: entry?.position,
      updatedAt: entry?.updatedAt,
      heldBy: lock && `process ${lock.process.pid} on ${lock.process.host.name}, since ${lock.since}`,
    };
  } catch (error) {
    throw explainFileError(error, file.path);
  }
}
