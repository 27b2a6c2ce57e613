/**
 * An hour of the stream at 250 posts a second with bursts of ten times that, on a time that the real ingester process
 * shares with X's simulator: does its memory stay flat?
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FirehoseEndpoint } from "../../../local/firehose/firehose-endpoint";
import { BUNDLE } from "../../../local/support/image-layout";
import { SharedClock } from "../../../local/support/shared-clock";
import { XSimulator } from "../../../local/x-simulator/x-simulator";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** X's highest rate (docs.x.com), and a burst every minute. */
const POSTS_PER_SECOND = 250;
const BURST = { seconds: 2, postsPerSecond: 2_500 } as const;
/** Ten times as fast as the machine's time, at most: a process needs a tenth of it for what is sent. */
const STEP_MS = 200;
const TICK_MS = 20;

export interface HourOptions {
  readonly minutes: number;
  /** For the ledger and what the endpoint would deliver; it discards everything. */
  readonly directory: string;
  /** Told of each minute's memory. */
  readonly report: (line: string) => void;
}

/** @throws Error when a post is lost or bought twice, or the connection does not last */
export async function playHour({ minutes, directory, report }: HourOptions): Promise<void> {
  const clock = new SharedClock(STEP_MS, TICK_MS);
  const x = new XSimulator({ clock, posts: 0, rateLimits: "off" });
  const firehose = new FirehoseEndpoint({
    clock,
    signingClock: clock,
    discard: true,
    bucketDirectory: join(directory, "bucket"),
  });
  const urls = { x: (await x.listen()).url, firehose: (await firehose.listen()).url };
  const child = spawn(process.execPath, [BUNDLE, "run"], {
    env: { ...environment(urls, directory), ...clock.environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  clock.join(child);
  const ended = once(child, "exit");
  while (x.stream.liveCount === 0) await clock.pass(SECOND_MS);
  makePosts(x, clock.now(), minutes);
  for (let minute = 1; minute <= minutes; minute += 1) {
    await clock.pass(MINUTE_MS);
    const { settled, peak } = memoryOf(child.pid);
    report(`minute ${String(minute).padStart(2)}  ${settled} MiB, at most ${peak} MiB so far`);
  }
  // What was sent last is delivered within seconds.
  await clock.pass(30 * SECOND_MS);
  child.kill("SIGTERM");
  const [code] = await ended;
  const { streamedPosts } = x.ledger.report();
  const { lines } = firehose.stats;
  const connections = x.stream.connections.list().length;
  report(
    `${streamedPosts.toLocaleString("en-US")} posts sent in ${connections} connection(s), ${lines.toLocaleString("en-US")} lines delivered, exit code ${code}`,
  );
  await Promise.all([x.close(), firehose.close()]);
  clock.close();
  if (lines !== streamedPosts || connections !== 1 || code !== 0)
    throw new Error("The hour was not read in one connection, each post once.");
}

function makePosts({ timeline }: XSimulator, startMs: number, minutes: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    const fromMs = startMs + minute * MINUTE_MS;
    const burstMs = fromMs + MINUTE_MS - BURST.seconds * SECOND_MS;
    timeline.add({ count: POSTS_PER_SECOND * (60 - BURST.seconds), fromMs, toMs: burstMs });
    const count = BURST.postsPerSecond * BURST.seconds;
    timeline.add({ count, fromMs: burstMs, toMs: fromMs + MINUTE_MS });
  }
}

/** Of a process, by Linux, in MiB. */
function memoryOf(pid: number | undefined): { readonly settled: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024);
  return { settled: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
}

function environment(
  urls: { readonly x: string; readonly firehose: string },
  directory: string,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    X_BEARER_TOKEN: "local-token",
    X_API_URL: urls.x,
    INGEST_MODE: "stream",
    STREAM_RULES: '[{"value":"cats","tag":"cats"}]',
    // Metering, reserving and persisting are part of the work; the limit itself is never reached.
    MONTHLY_POST_LIMIT: "1000000000",
    FIREHOSE_STREAM_NAME: "tweet_stream",
    CHECKPOINT_FILE: join(directory, "hour.json"),
    HTTP_PORT: "0",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_FIREHOSE: urls.firehose,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}
