/** X's simulator and a Firehose endpoint as processes of their own, so that a client's figures are the client's. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { FirehoseReport } from "../../local/firehose/stats";
import { imageNodeVersion, nodeRelease } from "../../local/support/node-release";
import type { LedgerReport } from "../../local/x-simulator/ledger";

const ROOT = resolve(__dirname, "../..");

export interface Servers {
  readonly xUrl: string;
  readonly firehoseUrl: string;
  ledger(): Promise<LedgerReport>;
  stats(): Promise<FirehoseReport>;
  stop(): Promise<void>;
}

/**
 * X's pages are ready when they are asked for, as X's are.
 * @param posts how many X has
 * @param directory for what the endpoint would deliver; it discards everything
 */
export async function startServers(posts: number, directory: string): Promise<Servers> {
  const x = await startServer("local/x-simulator/cli.ts", [
    "--posts",
    String(posts),
    "--no-rate-limits",
    "--read-ahead",
  ]);
  const firehose = await startServer("local/firehose/cli.ts", ["--discard", "--bucket", directory]);
  return {
    xUrl: x.url,
    firehoseUrl: firehose.url,
    ledger: () => json<LedgerReport>(`${x.url}/__simulator/ledger`),
    stats: () => statsOf(firehose.url),
    async stop() {
      await Promise.all([x.stop(), firehose.stop()]);
    },
  };
}

/** What a Firehose endpoint has taken. */
export function statsOf(firehoseUrl: string): Promise<FirehoseReport> {
  return json<FirehoseReport>(`${firehoseUrl}/__firehose/stats`);
}

/** A server as a process of its own. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * On the Node of the image, whichever the machine's is: it answers large requests several times as fast as Node 20, and what
 * is measured is the clients.
 * @param script prints `listening on URL`
 */
export async function startServer(script: string, argv: readonly string[]): Promise<Server> {
  const node = nodeRelease(imageNodeVersion()).path;
  const child = spawn(node, ["--import", "tsx", script, ...argv], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Not for await: leaving such a loop closes the pipe, and the server's last words would break it.
  const url = await new Promise<string>((found, failed) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      const [, address] = /listening on (\S+)/.exec(chunk.toString()) ?? [];
      if (address !== undefined) found(address);
    });
    child.on("exit", () => failed(new Error(`${script} ended before it was listening.`)));
  });
  return { url, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function json<T>(url: string): Promise<T> {
  return (await fetch(url)).json() as Promise<T>;
}
