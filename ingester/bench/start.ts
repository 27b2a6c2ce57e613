/**
 * From starting the process, as the image starts it, to its first request to X; beside a Node process that does nothing.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { FirehoseEndpoint } from "../../local/firehose/firehose-endpoint";
import type { NodeRelease } from "../../local/support/node-release";
import type { ImageStart } from "./image-start";
import { median, type StartTimes } from "./report";

const RUNS = 9;

/** The medians of several runs, one kind after the other in turn. */
export async function measureStart(
  directory: string,
  { path }: NodeRelease,
  { program, environment }: ImageStart,
): Promise<StartTimes> {
  const empty: number[] = [];
  const firstRequest: number[] = [];
  const firehose = new FirehoseEndpoint({ bucketDirectory: join(directory, "start-bucket") });
  const { url } = await firehose.listen();
  for (let run = 0; run < RUNS; run += 1) {
    empty.push(await timeEmpty(path));
    const env = { ...environment, CHECKPOINT_FILE: join(directory, `start-${run}.json`) };
    firstRequest.push(await timeFirstRequest([path, ...program], url, env));
  }
  await firehose.close();
  return { emptyMs: median(empty), firstRequestMs: median(firstRequest) };
}

async function timeEmpty(node: string): Promise<number> {
  const started = performance.now();
  // The same few variables as the ingester's: certificates that NODE_EXTRA_CA_CERTS names take a quarter of such a start.
  await once(spawn(node, ["-e", ""], { env: { PATH: process.env.PATH } }), "exit");
  return performance.now() - started;
}

async function timeFirstRequest(
  [node = "", ...program]: readonly string[],
  firehoseUrl: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const x = createServer().listen(0, "127.0.0.1");
  await once(x, "listening");
  const { port } = x.address() as AddressInfo;
  const environment = {
    PATH: process.env.PATH,
    X_BEARER_TOKEN: "local-token",
    X_API_URL: `http://127.0.0.1:${port}`,
    SEARCH_QUERY: "from:nasa",
    MONTHLY_USD_LIMIT: "none",
    FIREHOSE_STREAM_NAME: "tweet_stream",
    ...env,
    HTTP_PORT: "0",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL_FIREHOSE: firehoseUrl,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  const started = performance.now();
  const child = spawn(node, [...program, "run"], { env: environment, stdio: "ignore" });
  await once(x, "request");
  const taken = performance.now() - started;
  child.kill("SIGKILL");
  x.closeAllConnections();
  x.close();
  return taken;
}
