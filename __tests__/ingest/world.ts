/** A small world for the real ingester process: X's simulator, a Firehose endpoint, a directory for its state. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeliveredIds, readDeliveredIds } from "../../local/delivered-ids";
import { FirehoseEndpoint, type FirehoseEndpointOptions } from "../../local/firehose/firehose-endpoint";
import { BUNDLE as BUILT } from "../../local/support/image-layout";
import type { XSimulatorOptions } from "../../local/x-simulator/options";
import { XSimulator } from "../../local/x-simulator/x-simulator";

/** Under jest a copy of what is built: jest.global-setup.ts. */
export const BUNDLE = process.env.TESTED_INGESTER ?? BUILT;
export const TOKEN = "local-token-that-must-stay-secret";

export interface Finished {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Log lines, parsed. */
  readonly events: readonly LogLine[];
}

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** What a process has been asked, and what it has written so far. */
export interface Output {
  readonly argv: readonly string[];
  stdout: string;
  stderr: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export class World {
  private readonly directory = mkdtempSync(join(tmpdir(), "ingester-world-"));
  private readonly running = new Set<ChildProcess>();
  /** Of all processes, in the order of their start. */
  readonly outputs: Output[] = [];

  private constructor(
    readonly x: XSimulator,
    readonly firehose: FirehoseEndpoint,
    private readonly urls: { readonly x: string; readonly firehose: string },
    readonly bucket: string,
    private readonly bundle: string,
  ) {}

  /** @param bundle the ingester to run */
  static async create(
    x: XSimulatorOptions = {},
    firehose: Partial<FirehoseEndpointOptions> = {},
    bundle = BUNDLE,
  ): Promise<World> {
    const bucket = mkdtempSync(join(tmpdir(), "ingester-bucket-"));
    const simulator = new XSimulator({ rateLimits: "off", ...x });
    const endpoint = new FirehoseEndpoint({ bucketDirectory: bucket, ...firehose });
    const [xAddress, firehoseAddress] = await Promise.all([simulator.listen(), endpoint.listen()]);
    const urls = { x: xAddress.url, firehose: firehoseAddress.url };
    return new World(simulator, endpoint, urls, bucket, bundle);
  }

  /** The environment contract, for a bounded run without a limit, with its ledger in a file. */
  environment(overrides: Environment = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      X_BEARER_TOKEN: TOKEN,
      X_API_URL: this.urls.x,
      SEARCH_QUERY: "from:nasa",
      RUN_ONCE: "true",
      MONTHLY_USD_LIMIT: "none",
      FIREHOSE_STREAM_NAME: "tweet_stream",
      CHECKPOINT_FILE: join(this.directory, "checkpoint.json"),
      HTTP_PORT: "0",
      SEARCH_POLL_SECONDS: "0.1",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_FIREHOSE: this.urls.firehose,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      ...overrides,
    };
  }

  /** @param outputs stdout and stderr: a pipe that is read, or a file descriptor */
  start(
    overrides: Environment = {},
    argv: readonly string[] = ["run"],
    outputs: readonly ["pipe" | number, "pipe" | number] = ["pipe", "pipe"],
  ): Running {
    const child = spawn(process.execPath, [this.bundle, ...argv], {
      env: this.environment(overrides),
      stdio: ["ignore", ...outputs],
    });
    this.running.add(child);
    const output: Output = { argv, stdout: "", stderr: "" };
    this.outputs.push(output);
    child.stdout?.on("data", (chunk: Buffer) => {
      output.stdout += chunk;
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      output.stderr += chunk;
    });
    const finished = new Promise<Finished>((done) => {
      child.on("close", (code) => {
        this.running.delete(child);
        const { stdout, stderr } = output;
        done({ code, stdout, stderr, events: parseLines(stdout) });
      });
    });
    return { child, finished };
  }

  run(overrides: Environment = {}, argv: readonly string[] = ["run"]): Promise<Finished> {
    return this.start(overrides, argv).finished;
  }

  /** X's simulator refuses connections for a while. */
  async restartX(downMs: number): Promise<void> {
    await this.x.close();
    await new Promise((done) => setTimeout(done, downMs));
    await this.openX();
  }

  /** X's simulator listens again, where it did before. */
  async openX(): Promise<void> {
    await this.x.listen(Number(new URL(this.urls.x).port));
  }

  /** Everything that lies in the bucket now. */
  async delivered(): Promise<DeliveredIds> {
    await this.firehose.flush();
    return readDeliveredIds(this.bucket, "tweets/");
  }

  /** Billed posts that are not in the bucket. */
  async lost(): Promise<number> {
    const delivered = await this.delivered();
    let missing = 0;
    for (const id of this.x.billedIds()) if (!delivered.has(id)) missing += 1;
    return missing;
  }

  async close(): Promise<void> {
    for (const child of this.running) child.kill("SIGKILL");
    await Promise.all([this.x.close(), this.firehose.close()]);
    for (const directory of [this.directory, this.bucket])
      rmSync(directory, { recursive: true, force: true });
  }
}

function parseLines(stdout: string): readonly LogLine[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as LogLine);
}

/** Resolves as soon as the condition holds. */
export async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !condition(); ) {
    if (Date.now() > end) throw new Error("the condition did not come true in time");
    await new Promise((done) => setTimeout(done, 5));
  }
}
