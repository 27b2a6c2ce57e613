import { loadTransform } from "../firehose/delivery/load-transform";
import { FirehoseEndpoint } from "../firehose/firehose-endpoint";
import { say } from "../support/say";
import { conclude, deservesSummary, hasFinished, type IngesterEnd } from "./conclude";
import { ingesterEnvironment } from "./environment";
import { IngesterProcess, requireEntry } from "./ingester-process";
import type { RunOptions } from "./options";
import { planRun, type RunPlan } from "./plan-run";
import { Progress } from "./progress";
import type { Reads } from "./reads/reads";
import { listenForStop } from "./stop";
import { summarize } from "./summary";
import { countUndelivered, idsInBucket, verify } from "./verify";

/** Small enough that a short run, too, delivers more than one object. */
const BUFFERING = { bufferingSizeMiB: 1, bufferingIntervalSeconds: 5 } as const;

/** A run with its servers up. */
interface RunParts {
  readonly options: RunOptions;
  readonly plan: RunPlan;
  readonly reads: Reads;
  readonly endpoint: FirehoseEndpoint;
}

/**
 * Runs the ingester once between an X API and the local Firehose endpoint, and checks the outcome.
 *
 * Both servers live in this process: progress and the final check read their accounts directly, and there
 * is one process less to stop. The ingester is a process of its own, as it is in the container.
 * @returns 0 only if every post read is found in delivered objects; the ingester's own code when it failed.
 */
export async function run(options: RunOptions): Promise<number> {
  requireEntry(options.ingesterEntry);
  const plan = planRun(options);
  const endpoint = new FirehoseEndpoint({
    bucketDirectory: plan.files.bucket,
    ...BUFFERING,
    ...(options.transform ? { processor: loadTransform() } : {}),
  });
  const reads = await plan.startReads();
  try {
    return await runBetween({ options, plan, reads, endpoint });
  } finally {
    await Promise.all([endpoint.close(), reads.close()]);
  }
}

async function runBetween(parts: RunParts): Promise<number> {
  const { plan, reads, endpoint } = parts;
  const { url } = await endpoint.listen();
  // What a killed run took and could not deliver is delivered now, and counts as delivered before.
  await endpoint.flush();
  const before = await idsInBucket(plan.files.bucket);
  for (const line of plan.intro) say(`${line}\n`);
  const total = plan.maxPosts ?? countUndelivered(reads, before);
  const progress = new Progress(() => progressOf(parts, total));
  try {
    const ended = await runIngester(parts, url, progress);
    await endpoint.close();
    progress.stop();
    const verdict = verify(reads, before, await idsInBucket(plan.files.bucket));
    if (deservesSummary(ended)) printSummary(parts, ended, verdict);
    return conclude(ended, verdict, plan.files.log);
  } finally {
    progress.stop();
  }
}

async function runIngester(
  { options, plan, reads }: RunParts,
  firehoseUrl: string,
  progress: Progress,
): Promise<IngesterEnd> {
  const ingester = new IngesterProcess({
    entry: options.ingesterEntry,
    args: plan.args,
    env: ingesterEnvironment({ ...plan, xUrl: reads.url, firehoseUrl }, process.env),
    logFile: plan.files.log,
    ...(reads.recorder === undefined ? {} : { preload: [reads.recorder] }),
    ...(reads.onMessage === undefined ? {} : { onMessage: reads.onMessage as (message: unknown) => void }),
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
  return { ...exit, interrupted: unlisten(), read: reads.posts() };
}

function printSummary(
  { options, plan, reads, endpoint }: RunParts,
  ended: IngesterEnd,
  verdict: ReturnType<typeof verify>,
): void {
  const finished = hasFinished(ended);
  const lines = summarize({
    source: reads.name,
    live: options.live,
    finished,
    read: reads.posts(),
    requests: reads.requests(),
    delivery: endpoint.stats,
    verdict,
    bucket: plan.files.bucket,
    nextCommand: finished ? plan.nextCommand : "the same command again: it continues where this run ended",
  });
  say(`${["", ...lines].join("\n")}\n`);
}

function progressOf({ reads, endpoint }: RunParts, total: number) {
  const { lines, objects } = endpoint.stats;
  return { read: reads.posts(), delivered: lines, objects, total };
}
