import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { LiveLine } from "../../../ingester/src/commands/terminal/live-line";
import { loadTransform } from "../../firehose/delivery/load-transform";
import { FirehoseEndpoint } from "../../firehose/firehose-endpoint";
import { complain, say } from "../../support/say";
import { NO_LIMITS, streamEnvironment } from "../environment";
import type { RunFiles } from "../files";
import { type IngesterExit, IngesterProcess, requireEntry } from "../ingester-process";
import type { StreamRunOptions } from "../options";
import { planStreamFiles } from "../plan-run";
import { listenForStop } from "../stop";
import { idsInBucket } from "../verify";
import { balanceOf } from "./balance";
import { readStreamLedger } from "./ledger-file";
import { LiveX, RULES } from "./live-x";
import { Scenario } from "./scenario";
import { StatusReader } from "./status-reader";
import { introOf, problemsOf, type StreamResult, summarizeStream } from "./story";

/** Small enough that objects arrive while it runs. */
const BUFFERING = { bufferingSizeMiB: 1, bufferingIntervalSeconds: 5 } as const;

interface StreamParts {
  readonly options: StreamRunOptions;
  readonly files: RunFiles;
  readonly x: LiveX;
  readonly endpoint: FirehoseEndpoint;
}

/**
 * Runs the ingester on a simulated filtered stream, breaks the connection, waits until search has filled the hole, and
 * checks that X's account, the ingester's ledger and the bucket agree.
 * @returns 0 if they do; the ingester's own code when it failed
 */
export async function runStream(options: StreamRunOptions): Promise<number> {
  requireEntry(options.ingesterEntry);
  const directory = join(options.directory, "stream");
  const files = planStreamFiles(directory);
  const endpoint = new FirehoseEndpoint({
    bucketDirectory: files.bucket,
    ...BUFFERING,
    ...(options.transform ? { processor: loadTransform() } : {}),
  });
  const x = new LiveX();
  try {
    return await runBetween({ options, files, x, endpoint });
  } finally {
    await Promise.all([endpoint.close(), x.close()]);
  }
}

async function runBetween(parts: StreamParts): Promise<number> {
  const { files, x, endpoint } = parts;
  const [xUrl, { url: firehoseUrl }, port] = await Promise.all([x.listen(), endpoint.listen(), freePort()]);
  for (const line of introOf(files.bucket, port)) say(`${line}\n`);
  const { ended, isWhole } = await listen(parts, { xUrl, firehoseUrl, port });
  const written = isWhole ? await x.matchingPosts() : undefined;
  await endpoint.close();
  if (ended.code !== 0) return fail(ended.code ?? 1, `${describeEnd(ended)}; its log is ${files.log}.`);
  const result = await resultOf(parts, written);
  say(`${["", ...summarizeStream(result)].join("\n")}\n`);
  const problems = problemsOf(result);
  return problems.length === 0 ? 0 : fail(1, `It does not balance: ${problems.join("; ")}.`);
}

interface Addresses {
  readonly xUrl: string;
  readonly firehoseUrl: string;
  readonly port: number;
}

async function listen({ options, files, x }: StreamParts, { xUrl, firehoseUrl, port }: Addresses) {
  const status = new StatusReader(port);
  const scenario = new Scenario({ x, status, say: (text) => line.say(`${text}\n`) });
  const line = new LiveLine(terminal, () => scenario.parts());
  const ingester = new IngesterProcess({
    entry: options.ingesterEntry,
    args: ["run", "--json"],
    env: streamEnvironment(
      { files, xUrl, firehoseUrl, port, rules: RULES, token: "local", limits: NO_LIMITS },
      process.env,
    ),
    logFile: files.log,
    tell: (message) => scenario.say(message),
  });
  const unlisten = listenForStop({
    stop: () => {
      scenario.say("Stopping: the ingester delivers what it has heard...");
      scenario.interrupt();
    },
    kill: () => ingester.stop("SIGKILL"),
  });
  if (process.stdout.isTTY === true) line.start();
  const exited = ingester.exited.finally(() => scenario.interrupt());
  const isWhole = await scenario.play();
  ingester.stop();
  const ended = await exited;
  line.stop();
  unlisten();
  return { ended, isWhole };
}

const terminal = {
  write: (text: string) => void process.stdout.write(text),
  columns: () => process.stdout.columns ?? 80,
  canRedraw: process.env.TERM !== "dumb",
};

async function resultOf(
  { files, x, endpoint }: StreamParts,
  written: number | undefined,
): Promise<StreamResult> {
  const { holes, openHoles, booked, atRisk } = readStreamLedger(files.checkpoint);
  return {
    balance: balanceOf(x.simulator, await idsInBucket(files.bucket), holes),
    ...{ written, holes: holes.length, openHoles, booked, atRisk },
    ...{ delivery: endpoint.stats, bucket: files.bucket },
  };
}

/** Free at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function describeEnd({ code, signal }: IngesterExit): string {
  return code === null ? `The ingester was ended by ${signal}` : `The ingester ended with exit code ${code}`;
}

function fail(code: number, message: string): number {
  complain(`\n${message}\n`);
  return code;
}
