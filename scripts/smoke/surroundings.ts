import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { local } from "../../environments/local";
import { startDynamo } from "../../ingester/test/store/helpers/dynamo";
import { readDeliveredIds } from "../../local/delivered-ids";
import { FirehoseEndpoint } from "../../local/firehose/firehose-endpoint";
import { LoopbackServer } from "../../local/support/loopback-server";
import { XSimulator } from "../../local/x-simulator/x-simulator";
import { namesOf } from "../../stacks/environment/naming";
import { ingesterEnvironment } from "../../stacks/ingestion/settings";

/** More than one page of X's, and less than the month's limit. */
const POSTS = 550;

/** What stands around the container, all of it on this machine. */
export interface Surroundings {
  /** What the stacks set on the container, with the addresses of this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly healthUrl: string;
  /** All posts there are. */
  readonly posts: number;
  /** Different posts returned so far. */
  postsBought(): number;
  /** Delivers what is buffered and stops the servers. @returns everything that is not as promised. */
  settle(): Promise<readonly string[]>;
}

/** Starts the X API simulator, the Firehose endpoint and a DynamoDB with the checkpoint table. */
export async function startSurroundings(): Promise<Surroundings> {
  const directory = mkdtempSync(join(tmpdir(), "image-smoke-"));
  const x = new XSimulator({ posts: POSTS });
  const names = namesOf(local);
  const firehose = new FirehoseEndpoint({ bucketDirectory: directory, streamName: names.stream });
  const dynamo = await startDynamo();
  await dynamo.createTable(names.checkpointTable);
  const httpPort = await freePort();
  const xUrl = (await x.listen()).url;
  const firehoseUrl = (await firehose.listen()).url;

  const settings = {
    ...local.ingester,
    source: { mode: "search", query: "smoke test", start: "window" } as const,
    monthlyPostLimit: POSTS + 100,
    xApiUrl: xUrl,
    httpPort,
  };
  const targets = {
    metricsNamespace: local.app,
    runOnce: false,
    region: local.region,
    stream: names.stream,
    checkpointTable: names.checkpointTable,
  };
  return {
    environment: {
      ...ingesterEnvironment(settings, targets),
      X_BEARER_TOKEN: "smoke-test",
      AWS_ENDPOINT_URL_FIREHOSE: firehoseUrl,
      AWS_ENDPOINT_URL_DYNAMODB: String(dynamo.client.endpoint),
      AWS_ACCESS_KEY_ID: "smoke",
      AWS_SECRET_ACCESS_KEY: "smoke",
    },
    healthUrl: `http://127.0.0.1:${httpPort}/healthz`,
    posts: POSTS,
    postsBought: () => x.ledger.report().distinctPosts,
    async settle() {
      await Promise.all([x.close(), firehose.close()]);
      dynamo.close();
      const problems = await deliveryProblems(x, directory);
      rmSync(directory, { recursive: true, force: true });
      return problems;
    },
  };
}

async function deliveryProblems(x: XSimulator, bucketDirectory: string): Promise<readonly string[]> {
  const delivered = await readDeliveredIds(bucketDirectory);
  const missing = [...x.billedIds()].filter((id) => !delivered.has(id)).length;
  const { posts, distinctPosts } = x.ledger.report();
  return [
    ...(distinctPosts === POSTS ? [] : [`${distinctPosts} of ${POSTS} posts were read`]),
    ...(missing === 0 ? [] : [`${missing} posts were read and not delivered`]),
    ...(posts === distinctPosts ? [] : [`${posts - distinctPosts} posts were bought twice`]),
  ];
}

async function freePort(): Promise<number> {
  const server = new LoopbackServer(() => {});
  const { port } = await server.listen();
  await server.close();
  return port;
}
