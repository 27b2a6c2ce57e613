/** Runs one contestant once and tells what it took. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FirehoseReport } from "../../local/firehose/stats";
import { dialects } from "../src/x/fields";
import type { Contestant } from "./contestants";
import type { Servers } from "./servers";

export interface Measurement {
  readonly contestant: string;
  readonly posts: number;
  /** From starting the process to its end. */
  readonly seconds: number;
  /** User and system time of the process. */
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  /** PutRecordBatch or PutRecord calls. */
  readonly calls: number;
  readonly bytesPerPost: number;
  /** What AWS bills (records rounded up to 5 KB) over what was sent. */
  readonly billedOverActual: number;
}

export interface Course {
  readonly servers: Servers;
  readonly posts: number;
  /** Ready lines for contestants that do not read. */
  readonly linesFile: string;
  /** For what a run leaves behind. */
  readonly directory: string;
}

/** What the ingester asks for, in both vocabularies. */
const [POSTS = {}, TWEETS = {}] = dialects(undefined, []);

/** @throws Error when the contestant fails, or has not delivered every post exactly once */
export async function measure(contestant: Contestant, course: Course): Promise<Measurement> {
  const { servers, posts } = course;
  const directory = mkdtempSync(join(course.directory, "run-"));
  const before = await servers.stats();
  const started = performance.now();
  await run(contestant, environment(contestant, course, directory));
  const seconds = (performance.now() - started) / 1_000;
  const after = await servers.stats();
  const usage = JSON.parse(readFileSync(join(directory, "usage.json"), "utf8")) as Usage;
  rmSync(directory, { recursive: true });
  const lines = after.lines - before.lines;
  if (contestant.reads ? lines < posts : lines !== posts)
    throw new Error(`${contestant.name} delivered ${lines} lines of ${posts} posts.`);
  return { contestant: contestant.name, posts, seconds, ...usage, ...traffic(before, after, posts) };
}

interface Usage {
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
}

function traffic(before: FirehoseReport, after: FirehoseReport, posts: number) {
  const calls = (report: FirehoseReport) =>
    (report.operations.PutRecordBatch ?? 0) + (report.operations.PutRecord ?? 0);
  const billed = after.billedBytes - before.billedBytes;
  const bytes = after.bytes - before.bytes;
  return {
    calls: calls(after) - calls(before),
    bytesPerPost: bytes / posts,
    billedOverActual: billed / bytes,
  };
}

function environment(contestant: Contestant, course: Course, directory: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    X_BEARER_TOKEN: "local-token",
    X_API_URL: course.servers.xUrl,
    SEARCH_QUERY: "from:nasa",
    RUN_ONCE: "true",
    // Metering, reserving and persisting are part of the work; the limit itself is never reached.
    MONTHLY_POST_LIMIT: "1000000000",
    FIREHOSE_STREAM_NAME: "tweet_stream",
    CHECKPOINT_FILE: join(directory, "checkpoint.json"),
    HTTP_PORT: "0",
    AWS_REGION: "us-east-1",
    // The name that boto3 knows.
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ENDPOINT_URL_FIREHOSE: course.servers.firehoseUrl,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    BENCH_POST_FIELDS: POSTS["post.fields"],
    BENCH_TWEET_FIELDS: TWEETS["tweet.fields"],
    BENCH_POSTS: String(course.posts),
    BENCH_LINES_FILE: course.linesFile,
    BENCH_USAGE_FILE: join(directory, "usage.json"),
    ...contestant.environment,
  };
}

async function run({ name, command }: Contestant, env: NodeJS.ProcessEnv): Promise<void> {
  const [program = "", ...argv] = command;
  const child = spawn(program, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}: ${said.slice(0, 1_000)}`);
}
