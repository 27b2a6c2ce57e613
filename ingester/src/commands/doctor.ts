/** `ingester doctor`: checks what a run depends on; each line passes or says how to fix it. */
import { systemClock } from "../clock";
import { type IngesterConfig, loadConfig } from "../config";
import { CheckpointHeldError, ConfigError, EXIT, type ExitCode, IngesterError } from "../errors";
import { createFirehoseSink } from "../firehose/sink";
import { createScrubber } from "../scrub";
import { XClient } from "../x/client";
import { COUNT_REQUEST_USD, countPosts } from "../x/counts";
import { type ProjectUsage, readUsage } from "../x/usage";
import type { CommandIo } from "./io";
import { openCheckpoint } from "./session";
import { count, usd } from "./terminal";

export interface CheckResult {
  readonly check: "configuration" | "token" | "clock" | "query" | "stream" | "checkpoint";
  readonly ok: boolean;
  /** What was found, or what is wrong and how to fix it. */
  readonly detail: string;
}

/** AWS refuses signatures that are further off than 5 minutes, and X's rate-limit times are in its own clock. */
const MAX_CLOCK_OFFSET_MS = 60_000;
const CHECK_TIMEOUT_MS = 20_000;

/** @returns the exit code: 0 when every check passed, else that of the first failure */
export async function doctorCommand({ json }: { readonly json: boolean }, io: CommandIo): Promise<ExitCode> {
  const scrub = createScrubber([io.env.X_BEARER_TOKEN]);
  let exitCode: ExitCode = EXIT.done;
  const failed = (error: unknown) => {
    if (exitCode === EXIT.done) exitCode = error instanceof IngesterError ? error.exitCode : EXIT.failure;
  };
  for await (const result of checks(io, failed)) {
    io.write(scrub(json ? `${JSON.stringify(result)}\n` : describe(result)));
  }
  return exitCode;
}

function describe({ check, ok, detail }: CheckResult): string {
  const [first, ...rest] = detail.split("\n");
  const head = `${ok ? "pass" : "FAIL"}  ${check.padEnd(13)} ${first}\n`;
  return head + rest.map((line) => `${" ".repeat(20)}${line}\n`).join("");
}

async function* checks(io: CommandIo, failed: (error: unknown) => void): AsyncGenerator<CheckResult> {
  const attempt = attemptWith(failed);
  let config: IngesterConfig | undefined;
  yield await attempt("configuration", async () => {
    config = loadConfig(io.env);
    return "every variable is set and well-formed";
  });
  if (config === undefined) return;
  yield* checksOf(config, attempt);
}

async function* checksOf(config: IngesterConfig, attempt: Attempt): AsyncGenerator<CheckResult> {
  const client = new XClient({ ...config.x, requestTimeoutMs: CHECK_TIMEOUT_MS }, systemClock);
  let usage: ProjectUsage | undefined;
  yield await attempt("token", async () => {
    usage = await readUsage(client);
    return describeUsage(usage);
  });
  if (usage?.serverTimeMs !== undefined)
    yield await attempt("clock", async () => checkClock(usage?.serverTimeMs ?? 0));
  yield await attempt("query", () => checkQuery(client, config.search.query));
  client.abort();
  yield await attempt("stream", () => checkStream(config));
  yield await attempt("checkpoint", () => checkCheckpoint(config));
}

type Attempt = (check: CheckResult["check"], run: () => Promise<string>) => Promise<CheckResult>;

function attemptWith(failed: (error: unknown) => void): Attempt {
  return async (check, run) => {
    try {
      return { check, ok: true, detail: await run() };
    } catch (error) {
      failed(error);
      return { check, ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
  };
}

function describeUsage({ posts, cap, capResetDay }: ProjectUsage): string {
  const used =
    posts === undefined
      ? ""
      : `; ${count(posts)} post reads used${cap === undefined ? "" : ` of ${count(cap)}`}`;
  const day = capResetDay === undefined ? "" : `, renewed on day ${capResetDay} of the month`;
  return `X accepts it${used}${day}`;
}

function checkClock(serverTimeMs: number): string {
  const offsetMs = Date.now() - serverTimeMs;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS) return `within ${Math.max(1, seconds)} s of X's`;
  const direction = offsetMs > 0 ? "ahead of" : "behind";
  throw new ConfigError([
    `the clock is ${seconds} s ${direction} X's, at most 60 s are fine. Synchronize it (NTP).`,
  ]);
}

async function checkQuery(client: XClient, query: string): Promise<string> {
  const buckets = await countPosts(client, query, "recent");
  const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
  return `X accepts it; ${count(posts)} posts in the last 7 days (this check cost ${usd(COUNT_REQUEST_USD.recent)})`;
}

async function checkStream({ firehose }: IngesterConfig): Promise<string> {
  const { maxBytesPerSecond: _pace, ...target } = firehose;
  const sink = createFirehoseSink({ target, observe: () => undefined });
  try {
    await sink.check(AbortSignal.timeout(CHECK_TIMEOUT_MS));
    return `${firehose.streamName} can be reached`;
  } finally {
    sink.close();
  }
}

async function checkCheckpoint(config: IngesterConfig): Promise<string> {
  const state = await openCheckpoint(config, config.checkpointKey);
  try {
    const { position, updatedAt, heldBy } = await state.inspect();
    const age = position === undefined ? "nothing stored yet" : `last saved ${updatedAt}`;
    return `${age}${heldBy === undefined ? "" : `, held by ${heldBy}`}`;
  } catch (error) {
    if (error instanceof CheckpointHeldError) return error.message;
    throw error;
  }
}
