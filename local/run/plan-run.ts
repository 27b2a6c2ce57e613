import { accessSync, closeSync, constants, openSync } from "node:fs";
import { makeDirectory } from "../../ingester/src/runtime/directories";
import { UsageError } from "../support/usage-error";
import { NO_LIMITS, ownLimits } from "./environment";
import {
  forgetSimulatedRuns,
  liveFiles,
  type RunFiles,
  readTimeline,
  simulatedFiles,
  writeTimeline,
} from "./files";
import { formatPrice, plural } from "./format";
import type { LiveRun, RunOptions, SimulatedRun } from "./options";
import { planTimeline } from "./plan-timeline";
import { liveReads } from "./reads/live-reads";
import type { Reads } from "./reads/reads";
import { startSimulatedReads } from "./reads/simulated-reads";

/** The simulator finds its posts for every query; this one says what it is. */
const SIMULATED_QUERY = "local run";

/** How many newer posts the suggested next run would read. */
const NEXT_POSTS = 500;

/** Everything about a run that is known before its servers are up. */
export interface RunPlan {
  readonly files: RunFiles;
  readonly startReads: () => Promise<Reads>;
  /** Posts this run may read at most; `undefined`: all the source has. */
  readonly maxPosts?: number;
  readonly query: string;
  readonly token: string;
  readonly limits: Readonly<Record<string, string>>;
  /** The ingester's arguments. */
  readonly args: readonly string[];
  /** Printed at the beginning. */
  readonly intro: readonly string[];
  /** What to try after a run that went well. */
  readonly nextCommand: string;
}

/**
 * Plans a run and makes its directory.
 * @throws UsageError when the directory cannot be written or holds a damaged file.
 */
export function planRun(options: RunOptions): RunPlan {
  const { directory } = options;
  return inDirectory(directory, () => {
    const plan = options.live ? planLive(options, directory) : planSimulated(options, directory);
    makeFiles(plan.files);
    return plan;
  });
}

/**
 * Makes the directory of a run against the simulator's stream, without what an earlier one has left.
 * @throws UsageError when it cannot be written
 */
export function planStreamFiles(directory: string): RunFiles {
  return inDirectory(directory, () => {
    // The simulator's posts are gone with it: a ledger of an earlier run would look for them.
    forgetSimulatedRuns(directory);
    const files = simulatedFiles(directory);
    makeFiles(files);
    return files;
  });
}

function makeFiles({ bucket, log }: RunFiles): void {
  makeDirectory(bucket);
  accessSync(bucket, constants.W_OK);
  closeSync(openSync(log, "a"));
}

/** @throws UsageError for what the system refuses */
function inDirectory<T>(directory: string, make: () => T): T {
  try {
    makeDirectory(directory);
    return make();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`Cannot keep anything in ${directory}: ${message}. Name another place with --dir.`);
  }
}

function planSimulated({ posts, fresh }: SimulatedRun, directory: string): RunPlan {
  if (fresh) forgetSimulatedRuns(directory);
  const files = simulatedFiles(directory);
  const plan = planTimeline(readTimeline(files.timeline), posts, Date.now());
  writeTimeline(files.timeline, { seed: plan.seed, segments: plan.segments });
  const source = `X API simulator (${plural(plan.posts, "post")})`;
  return {
    files,
    startReads: () => startSimulatedReads(plan),
    query: SIMULATED_QUERY,
    token: "local",
    limits: NO_LIMITS,
    args: ["run"],
    intro: [
      ...(plan.note ? [plan.note] : []),
      `${source} -> ingester -> Firehose endpoint -> ${files.bucket}`,
    ],
    nextCommand: `npm start -- --posts ${plan.posts + NEXT_POSTS}   (${NEXT_POSTS} newer posts; only those are read)`,
  };
}

function planLive({ query, maxPosts, token, upstream }: LiveRun, directory: string): RunPlan {
  const files = liveFiles(directory, query);
  const source = `X API (at most ${plural(maxPosts, "post")}, ${formatPrice(maxPosts)})`;
  return {
    files,
    startReads: async () => liveReads(upstream),
    maxPosts,
    query,
    token,
    limits: ownLimits(process.env),
    args: ["run", "--max-posts", String(maxPosts)],
    intro: [`${source} -> ingester -> Firehose endpoint -> ${files.bucket}`],
    nextCommand: "the same command again: it reads only what is new",
  };
}
