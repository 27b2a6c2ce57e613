import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GuardedDynamo } from "./guarded-dynamo";
import { type Environment, type Finished, World } from "./world";

/** What the ingester must find out about its destination before it buys anything. */
let world: World;
const servers: Server[] = [];

beforeEach(async () => {
  world = await World.create({ posts: 50 });
});

afterEach(async () => {
  await world.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const always =
  (status: number, body: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": "text/html", location: "http://127.0.0.1:9/" }).end(body);
  };

function expectNothingBought({ stdout, stderr }: Finished): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  const { requests, posts } = world.x.ledger.report();
  expect(Object.keys(requests).filter((request) => request.startsWith("search"))).toEqual([]);
  expect(posts).toBe(0);
}

describe("an endpoint that is not Firehose", () => {
  it("never gets to buy a page, whatever it answers", async () => {
    const dynamo = await GuardedDynamo.start();
    const xml = '<?xml version="1.0"?><Error><Code>MethodNotAllowed</Code></Error>';
    const endpoints: Readonly<Record<string, string>> = {
      "a web page": await serve(always(200, "<html>")),
      "an empty object to everything": await serve(always(200, "{}")),
      "nothing to everything": await serve(always(204, "")),
      "a gateway's page": await serve(always(502, "<html>")),
      "a redirect": await serve(always(302, "")),
      S3: await serve(always(405, xml)),
      "another API": await serve(always(404, '{"error":"not found"}')),
      "no answer": await serve(() => undefined),
    };
    const runs = Object.entries(endpoints).map(async ([name, url]) => {
      const CHECKPOINT_FILE = `${world.environment().CHECKPOINT_FILE}-${name}`;
      return [name, await world.run({ AWS_ENDPOINT_URL_FIREHOSE: url, CHECKPOINT_FILE })] as const;
    });
    const another = await world.run({
      AWS_ENDPOINT_URL_FIREHOSE: String(dynamo.environment.AWS_ENDPOINT_URL_DYNAMODB),
    });
    dynamo.close();
    expect(another.code).toBe(2);
    expect(another.stderr).toMatch(/not Firehose.*correct service: 'dynamodb'.*AWS_ENDPOINT_URL_FIREHOSE/);
    for (const [name, run] of await Promise.all(runs)) {
      expect([name, run.code]).toEqual([name, name === "a gateway's page" ? 1 : 2]);
      expectNothingBought(run);
    }
  }, 60_000);
});

describe("a region", () => {
  it.each(['"eu-west-1"', "eu west", "EU-WEST-1", "eu_west_1", "https://eu-west-1"])(
    "that is none is named before anything is asked: %s",
    async (region) => {
      const run = await world.run({ AWS_REGION: region });
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/AWS_REGION must be a region, such as eu-west-1, without quotes or spaces/);
      expectNothingBought(run);
    },
  );

  it("that is empty is missing", async () => {
    const run = await world.run({ AWS_REGION: "", AWS_CONFIG_FILE: "/nowhere" });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("AWS_REGION is missing");
    expectNothingBought(run);
  });

  it("with white space around it is that region", async () => {
    expect((await world.run({ AWS_REGION: " eu-west-1 " })).code).toBe(0);
  });
});

describe("a destination that refuses", () => {
  it.each<[string, number, Environment, () => unknown, RegExp]>([
    [
      "an unknown stream",
      2,
      { FIREHOSE_STREAM_NAME: "other_stream" },
      () => undefined,
      /There is no delivery stream "other_stream"/,
    ],
    [
      "a caller that may not put",
      3,
      {},
      () => Object.assign(world.firehose.access, { deniedOperations: ["PutRecordBatch"] }),
      /not authorized to perform: firehose:PutRecordBatch.*allow firehose:PutRecordBatch/,
    ],
    [
      "an unknown key",
      3,
      {},
      () => Object.assign(world.firehose.access, { knownKeys: ["OTHER"] }),
      /UnrecognizedClientException.*renew them/,
    ],
  ])("sells nothing: %s", async (_name, code, environment, arrange, words) => {
    arrange();
    const run = await world.run(environment);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(words);
    expectNothingBought(run);
  });

  it("may refuse to describe the stream", async () => {
    world.firehose.access.deniedOperations = ["DescribeDeliveryStream"];
    expect((await world.run()).code).toBe(0);
    expect(await world.lost()).toBe(0);
  });

  it("is tried with the very call that delivers, before X is asked for posts", async () => {
    let firstSearch: Readonly<Record<string, number>> | undefined;
    world.x.faults.watch(() => {
      firstSearch ??= world.firehose.stats.operations;
    });
    expect((await world.run()).code).toBe(0);
    expect(firstSearch).toEqual({ PutRecordBatch: 1, DescribeDeliveryStream: 1 });
  });
});

describe("delivery that is refused later", () => {
  it.each([
    ["access-denied", "AccessDeniedException", /firehose:PutRecordBatch on the stream/],
    ["expired-token", "ExpiredTokenException", /renew them/],
    ["invalid-kms-resource", "InvalidKMSResourceException", /kms:GenerateDataKey and kms:Decrypt/],
  ] as const)("is said with what to do, and holds the page: %s", async (kind, code, action) => {
    world.firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind }] });
    const { child, finished } = world.start({ RUN_ONCE: "false", SHUTDOWN_SECONDS: "1" });
    const said = new Promise<void>((done) => {
      child.stdout?.on("data", (chunk: Buffer) => String(chunk).includes("delivery_retrying") && done());
    });
    await said;
    child.kill("SIGTERM");
    const { events } = await finished;
    const retrying = events.filter(({ event }) => event === "delivery_retrying");
    expect(retrying).toHaveLength(1);
    expect(retrying[0]).toMatchObject({ level: "error", code, message: expect.stringMatching(action) });
    expect(world.x.ledger.report().posts).toBe(50);
  });
});
