import { mkdirSync } from "node:fs";
import { dirname, relative } from "node:path";
import { FirehoseEndpoint } from "../firehose/firehose-endpoint";
import { ingesterEnvironment, NO_LIMITS, ownLimits } from "./environment";
import {
  forgetSimulatedRuns,
  liveFiles,
  type RunFiles,
  readTimeline,
  simulatedFiles,
  writeTimeline,
} from "./files";
import { plural } from "./format";
import { type IngesterExit, IngesterProcess } from "./ingester-process";
import { startLiveReads } from "./live-reads";
import type { LiveRun, RunOptions, SimulatedRun } from "./options";
import { planTimeline } from "./plan-timeline";
import { Progress } from "./progress";
import type { Reads } from "./reads";
import { startSimulatedReads } from "./simulated-reads";
import { listenForStop } from "./stop";
import { summarize } from "./summary";
import { idsInBucket, type Verdict, verify } from "./verify";

/** Small enough that a short run, too, delivers more than one object. */
const BUFFERING = { bufferingSizeMiB: 1, bufferingIntervalSeconds: 5 } as const;

/** The simulator finds its posts for every query; this one says what it is. */
const SIMULATED_QUERY = "local run";

/** A run before its servers are up. */
interface RunPlan {
  readonly files: RunFiles;
  readonly startReads: () => Promise<Reads>;
  /** Posts there are to read at most, those of earlier runs included. */
  readonly posts: number;
  readonly query: string;
  readonly token: string;
  readonly limits: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly intro: readonly string[];
  readonly nextCommand: string;
}

/**
 * Runs the ingester once between an X API and the local Firehose endpoint, and checks the outcome.
 *
 * Both servers live in this process: progress and the final check read their accounts directly, and there
 * is one process less to stop. The ingester is a process of its own, as it is in the container.
 * @returns 0 only if every post read is found in delivered objects; the ingester's own code when it failed.
 */
export async function run(options: RunOptions): Promise<number> {
  const plan = options.live ? planLive(options) : planSimulated(options);
  mkdirSync(dirname(plan.files.log), { recursive: true });
  const reads = await plan.startReads();
  const endpoint = new FirehoseEndpoint({ bucketDirectory: plan.files.bucket, ...BUFFERING });
  try {
    const firehose = await endpoint.listen();
    // What a killed run took and could not deliver is delivered now, and counts as delivered before.
    await endpoint.flush();
    const before = await idsInBucket(plan.files.bucket);
    for (const line of plan.intro) process.stdout.write(`${line}\n`);
    const total = options.live ? plan.posts : Math.max(0, plan.posts - before.distinct);
    const progress = new Progress(() => progressOf(reads, endpoint, total));
    const env = ingesterEnvironment({ ...plan, xUrl: reads.url, firehoseUrl: firehose.url }, process.env);
    const ended = await runIngester({ options, plan, env, progress });
    await endpoint.close();
    progress.stop();
    const verdict = verify(reads, before, await idsInBucket(plan.files.bucket));
    const summary = summarize({
      source: reads.name,
      live: options.live,
      read: reads.posts(),
      requests: reads.requests(),
      delivery: endpoint.stats,
      verdict,
      bucket: relative(process.cwd(), plan.files.bucket) || ".",
      nextCommand: plan.nextCommand,
    });
    process.stdout.write(`${["", ...summary].join("\n")}\n`);
    return conclude(ended, verdict, plan.files.log);
  } finally {
    await Promise.all([endpoint.close(), reads.close()]);
  }
}

function planSimulated({ posts, fresh, directory }: SimulatedRun & RunOptions): RunPlan {
  if (fresh) forgetSimulatedRuns(directory);
  const files = simulatedFiles(directory);
  const plan = planTimeline(readTimeline(files.timeline), posts, Date.now());
  writeTimeline(files.timeline, { seed: plan.seed, segments: plan.segments });
  const more = plan.posts + 500;
  return {
    files,
    startReads: () => startSimulatedReads(plan),
    posts: plan.posts,
    query: SIMULATED_QUERY,
    token: "local",
    limits: NO_LIMITS,
    args: ["run"],
    intro: [
      ...(plan.note ? [plan.note] : []),
      `X API simulator (${plural(plan.posts, "post")}) -> ingester -> Firehose endpoint -> ${files.bucket}`,
    ],
    nextCommand: `npm start -- --posts ${more}   (500 newer posts; only those are read)`,
  };
}

function planLive(options: LiveRun & RunOptions): RunPlan {
  const { query, maxPosts, token, upstream, directory } = options;
  const files = liveFiles(directory, query);
  return {
    files,
    startReads: () => startLiveReads(upstream),
    posts: maxPosts,
    query,
    token,
    limits: ownLimits(process.env),
    args: ["run", "--max-posts", String(maxPosts)],
    intro: [
      `X API (at most ${plural(maxPosts, "post")}) -> ingester -> Firehose endpoint -> ${files.bucket}`,
    ],
    nextCommand: "the same command again: it reads only what is new",
  };
}

interface IngesterRun {
  readonly options: RunOptions;
  readonly plan: RunPlan;
  readonly env: Readonly<Record<string, string>>;
  readonly progress: Progress;
}

/** How the ingester ended, and whether someone asked it to. */
interface IngesterEnd extends IngesterExit {
  readonly interrupted: boolean;
}

async function runIngester({ options, plan, env, progress }: IngesterRun): Promise<IngesterEnd> {
  const ingester = new IngesterProcess({
    entry: options.ingesterEntry,
    args: plan.args,
    env,
    logFile: plan.files.log,
    tell: (message) => progress.say(message),
  });
  const unlisten = listenForStop({
    stop: () => {
      progress.say("Stopping: the ingester delivers what it has read...");
      ingester.stop();
    },
    kill: () => ingester.stop("SIGKILL"),
  });
  const exit = await ingester.exited;
  return { ...exit, interrupted: unlisten() };
}

function progressOf(reads: Reads, endpoint: FirehoseEndpoint, total: number) {
  const { lines, objects } = endpoint.stats;
  return { read: reads.posts(), delivered: lines, objects, total };
}

/** The exit code, and the reason on stderr when it is not 0. */
function conclude(ended: IngesterEnd, verdict: Verdict, logFile: string): number {
  const lost = verdict.missing + verdict.unreadableLines + (ended.interrupted ? 0 : verdict.notDelivered);
  if (ended.signal) {
    complain(`The ingester was ended by ${ended.signal}. Run npm start again: it continues where it was.`);
    return 1;
  }
  if (ended.code !== 0) {
    complain(`The ingester ended with exit code ${ended.code}; its log is ${logFile}.`);
    return ended.code ?? 1;
  }
  if (lost === 0) return 0;
  complain(
    `${plural(lost, "post")} missing from the bucket. If its objects were deleted: npm start -- --fresh`,
  );
  return 1;
}

function complain(message: string): void {
  process.stderr.write(`\n${message}\n`);
}
