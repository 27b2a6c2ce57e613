/** The ingester's stream beside twitter-api-v2's own reader that only counts, at rates that double while the ingester keeps up. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { imageNodeOptions } from "../../../local/support/node-release";
import { INGESTER } from "../contestants";
import { plainProgram } from "../image-start";
import { type Server, startServer, statsOf } from "../servers";
import { secondsFor } from "./pace";

export const STREAM_COUNTER = "twitter-api-v2, counts only";

export interface StreamCourse {
  readonly posts: number;
  /** Posts per second. */
  readonly rate: number;
  /** Path of the Node that all run on. */
  readonly node: string;
  /** Of the clients, bundled as the ingester is. */
  readonly compiled: string;
  readonly directory: string;
}

export interface StreamMeasurement extends Pick<StreamCourse, "posts" | "rate"> {
  readonly contestant: string;
  /** From the start of the process until the last post was delivered, or counted. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  /** Every post once, and no later than LATE_SECONDS after the last was sent. */
  readonly keptUp: boolean;
}

const USAGE = resolve(__dirname, "../usage.cjs");
const LOOK_MS = 20;
/** The start of a process, the last batch and its delivery. */
const LATE_SECONDS = 3;

/** @throws Error when a contestant fails */
export async function compareStreams(course: StreamCourse): Promise<readonly StreamMeasurement[]> {
  const firehose = await startServer("local/firehose/cli.ts", ["--discard", "--bucket", course.directory]);
  const lines = async () => (await statsOf(firehose.url)).lines;
  try {
    const isDone = async () => (await lines()) >= course.posts;
    const program = [...plainProgram(), "run"];
    const ingester = await measure(INGESTER, program, course, { firehose, isDone });
    const keptUp = ingester.keptUp && (await lines()) === course.posts;
    const counter = [join(course.compiled, "stream-counter.js")];
    return [{ ...ingester, keptUp }, await measure(STREAM_COUNTER, counter, course, { firehose })];
  } finally {
    await firehose.stop();
  }
}

async function measure(
  contestant: string,
  program: readonly string[],
  { posts, rate, node, directory }: StreamCourse,
  { firehose, isDone }: { readonly firehose: Server; readonly isDone?: () => Promise<boolean> },
): Promise<StreamMeasurement> {
  const feed = await startServer("ingester/bench/stream/feed.ts", [String(posts), String(rate)]);
  const own = mkdtempSync(join(directory, "stream-"));
  const env = environment({ x: feed.url, firehose: firehose.url, own, posts });
  const started = performance.now();
  const child = spawn(node, ["--require", USAGE, ...program], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  if (isDone !== undefined) await untilDone(child, isDone);
  else await ended;
  const seconds = (performance.now() - started) / 1_000;
  if (isDone !== undefined) child.kill("SIGTERM");
  await ended;
  await feed.stop();
  if (child.exitCode !== 0) throw new Error(`${contestant} ended with exit code ${child.exitCode}.`);
  const { cpuSeconds, peakRssMiB } = JSON.parse(readFileSync(join(own, "usage.json"), "utf8"));
  const keptUp = seconds <= secondsFor(posts, rate) + LATE_SECONDS;
  return { contestant, posts, rate, seconds, cpuSeconds, peakRssMiB, keptUp };
}

async function untilDone(child: ChildProcess, isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) {
    if (child.exitCode !== null) return;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

function environment({
  x,
  firehose,
  own,
  posts,
}: {
  readonly x: string;
  readonly firehose: string;
  readonly own: string;
  readonly posts: number;
}): NodeJS.ProcessEnv {
  return {
    ...imageNodeOptions().env,
    PATH: process.env.PATH,
    X_BEARER_TOKEN: "local-token",
    X_API_URL: x,
    INGEST_MODE: "stream",
    STREAM_RULES: '[{"value":"cats","tag":"cats"}]',
    STREAM_FILL: "false",
    MONTHLY_POST_LIMIT: "1000000000",
    FIREHOSE_STREAM_NAME: "tweet_stream",
    // No quota of Firehose binds: the rate is the ingester's own.
    FIREHOSE_MAX_BYTES_PER_SECOND: "1000000000",
    CHECKPOINT_FILE: join(own, "checkpoint.json"),
    HTTP_PORT: "0",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_FIREHOSE: firehose,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    BENCH_POSTS: String(posts),
    BENCH_USAGE_FILE: join(own, "usage.json"),
  };
}
