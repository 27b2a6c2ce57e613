import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectory } from "../../ingester/src/runtime/directories";
import { UsageError } from "../support/usage-error";
import type { Segment } from "../x-simulator/timeline";

/** Where one kind of run keeps its things. */
export interface RunFiles {
  readonly directory: string;
  /** Stands for the S3 bucket. */
  readonly bucket: string;
  readonly checkpoint: string;
  /** Everything the ingester printed. */
  readonly log: string;
}

/** The files of runs against the simulator. */
export function simulatedFiles(directory: string): RunFiles & { readonly timeline: string } {
  return {
    directory,
    bucket: join(directory, "bucket"),
    checkpoint: join(directory, "checkpoint.json"),
    log: join(directory, "ingester.log"),
    timeline: join(directory, "x-timeline.json"),
  };
}

/** The files of live runs: a bucket for each query, and one ledger for all, because one person pays for them. */
export function liveFiles(directory: string, query: string): RunFiles {
  const words = query
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
  const hash = createHash("sha256").update(query).digest("hex").slice(0, 8);
  const place = join(directory, "live", words === "" ? hash : `${words}-${hash}`);
  return {
    directory: place,
    bucket: join(place, "bucket"),
    checkpoint: join(directory, "live", "checkpoint.json"),
    log: join(place, "ingester.log"),
  };
}

/**
 * Deletes what simulated runs have left; live runs cost money and stay. The ledger goes, too: a run that
 * is still going on notices, and ends.
 */
export function forgetSimulatedRuns(directory: string): void {
  const { bucket, checkpoint, log, timeline } = simulatedFiles(directory);
  for (const path of [bucket, checkpoint, log, timeline]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Which posts the simulator has: enough to make the same ones again. */
export interface TimelineState {
  readonly seed: number;
  readonly segments: readonly Segment[];
}

/**
 * Reads the posts of earlier runs; `undefined` when there were none.
 * @throws UsageError when the file is damaged.
 */
export function readTimeline(path: string): TimelineState | undefined {
  try {
    const state = JSON.parse(readFileSync(path, "utf8")) as TimelineState;
    if (Number.isInteger(state.seed) && state.segments.length > 0) return state;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  }
  throw new UsageError(`${path} is damaged. Start over with: npm start -- --fresh`);
}

/** Writes the posts down for the next run, whole or not at all. */
export function writeTimeline(path: string, state: TimelineState): void {
  makeDirectory(dirname(path));
  writeFileSync(`${path}.tmp`, `${JSON.stringify(state)}\n`);
  renameSync(`${path}.tmp`, path);
}
