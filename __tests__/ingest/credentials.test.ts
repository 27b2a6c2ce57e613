import { setTimeout as delay } from "node:timers/promises";
import { ContainerEndpoint, CredentialsFile } from "./credential-sources";
import { GuardedDynamo } from "./guarded-dynamo";
import { type Environment, type Running, until, World } from "./world";

/** The ingester while AWS changes its mind about who it is, and about what time it is. */
let world: World;
const closing: (() => void)[] = [];

beforeEach(async () => {
  world = await World.create({ posts: 100 });
});

afterEach(async () => {
  await world.close();
  for (const close of closing.splice(0)) close();
});

function credentialsFile(keyId: string): CredentialsFile {
  const file = new CredentialsFile(keyId);
  closing.push(() => file.remove());
  return file;
}

async function container(keyId: string, lifetimeMs?: number) {
  const endpoint = new ContainerEndpoint(keyId, lifetimeMs);
  const environment = await endpoint.listen();
  closing.push(() => endpoint.close());
  return { endpoint, environment };
}

function startService(...environments: readonly Environment[]): Running {
  return world.start(Object.assign({ RUN_ONCE: "false" }, ...environments));
}

const lines = () => world.firehose.stats.lines;
const billed = () => world.x.ledger.report().posts;

function writePosts(count: number): void {
  const fromMs = Math.max(Date.now(), world.x.timeline.endMs);
  world.x.timeline.add({ count, fromMs, toMs: fromMs + 1 });
}

/** Stops a service; whatever happened before, everything is delivered and nothing was bought twice. */
async function expectCleanEnd({ child, finished }: Running, posts: number) {
  await until(() => lines() >= posts, 20_000);
  child.kill("SIGTERM");
  const result = await finished;
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(await world.lost()).toBe(0);
  expect(world.x.ledger.report()).toMatchObject({ posts, repeatedPosts: 0 });
  expect(await world.delivered()).toMatchObject({ total: posts, distinct: posts });
  return result;
}

describe("credentials that AWS does not accept any more", () => {
  it.each<[string, () => void]>([
    ["expired", () => Object.assign(world.firehose.access, { expiredKeys: ["OLD"] })],
    ["unknown", () => Object.assign(world.firehose.access, { knownKeys: ["NEW"] })],
  ])("are replaced from a rotated file, without a word: %s", async (_name, refuseOld) => {
    const file = credentialsFile("OLD");
    const service = startService(file.environment);
    await until(() => lines() === 100);
    file.write("NEW");
    refuseOld();
    writePosts(50);
    const { events } = await expectCleanEnd(service, 150);
    expect(events.map(({ event }) => event)).not.toContain("delivery_retrying");
  });

  it("are waited for while the page is held, and said", async () => {
    const file = credentialsFile("OLD");
    const service = startService(file.environment);
    await until(() => lines() === 100);
    world.firehose.access.expiredKeys = ["OLD"];
    writePosts(50);
    await until(() => billed() === 150);
    await delay(500);
    expect(lines()).toBe(100);
    file.write("NEW");
    const { events } = await expectCleanEnd(service, 150);
    expect(events.find(({ event }) => event === "delivery_retrying")).toMatchObject({
      code: "ExpiredTokenException",
      message: expect.stringMatching(/token included in the request is expired.*renew/s),
    });
  });

  it("are looked for again in a file that was read while it was written", async () => {
    const file = credentialsFile("OLD");
    const service = startService(file.environment);
    await until(() => lines() === 100);
    file.writeText("[default]\naws_access_key_id = NEW\n");
    world.firehose.access.expiredKeys = ["OLD"];
    writePosts(50);
    await until(() => billed() === 150);
    await delay(300);
    file.write("NEW");
    await expectCleanEnd(service, 150);
  });

  it("are replaced by the container's endpoint, before they expire by its word", async () => {
    const { endpoint, environment } = await container("OLD");
    const service = startService(environment);
    await until(() => lines() === 100);
    endpoint.keyId = "NEW";
    endpoint.setToken("second-token");
    world.firehose.access.expiredKeys = ["OLD"];
    writePosts(50);
    const { events } = await expectCleanEnd(service, 150);
    expect(events.map(({ event }) => event)).not.toContain("delivery_retrying");
    expect(endpoint.handedOut).toEqual(["OLD", "NEW"]);
  });

  it("can look expired to a clock that runs ahead", async () => {
    const { environment } = await container("OLD", -3_600_000);
    const service = startService(environment);
    await expectCleanEnd(service, 100);
  });

  it("are replaced in the middle of a page: nothing is lost, nothing bought twice", async () => {
    const file = credentialsFile("OLD");
    // The rate bounds a batch, too: the large post travels alone, and the others a second and a half later.
    world.x.faults.enqueue({ kind: "oversize-post", bytes: 300_000 });
    const service = startService(file.environment, { FIREHOSE_MAX_BYTES_PER_SECOND: "200000" });
    await until(() => lines() > 0);
    expect(lines()).toBe(1);
    world.firehose.access.expiredKeys = ["OLD"];
    await until(() => world.firehose.stats.refusedRequests > 1);
    file.write("NEW");
    await expectCleanEnd(service, 100);
  });

  it("end a run that ends by itself, with exit code 3 and a way out", async () => {
    const file = credentialsFile("OLD");
    world.firehose.access.knownKeys = ["NEW"];
    const { code, stderr } = await world.run(file.environment);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /UnrecognizedClientException.*token included in the request is invalid.*renew them/,
    );
    expect(world.x.ledger.report().requests).not.toHaveProperty("search/recent 200");
  });
});

describe("the ledger in DynamoDB, when AWS does not accept the credentials any more", () => {
  let dynamo: GuardedDynamo;

  beforeEach(async () => {
    dynamo = await GuardedDynamo.start();
  });
  afterEach(() => dynamo.close());

  it("goes on with those of a rotated file", async () => {
    const file = credentialsFile("OLD");
    const service = startService(file.environment, dynamo.environment);
    await until(() => lines() === 100);
    for (const { access } of [dynamo, world.firehose]) access.expiredKeys = ["OLD"];
    file.write("NEW");
    writePosts(50);
    const { events } = await expectCleanEnd(service, 150);
    expect(events.map(({ event }) => event)).not.toContain("store_retrying");
  });

  it("waits for new ones, and buys nothing meanwhile", async () => {
    const file = credentialsFile("OLD");
    const service = startService(file.environment, dynamo.environment);
    await until(() => lines() === 100);
    dynamo.access.expiredKeys = ["OLD"];
    writePosts(50);
    await delay(500);
    expect(billed()).toBe(100);
    file.write("NEW");
    const { events } = await expectCleanEnd(service, 150);
    expect(events.find(({ event }) => event === "store_retrying")).toMatchObject({
      message: expect.stringMatching(/ExpiredTokenException.*dynamodb:PutItem.*Trying again/),
    });
  });

  it("goes on with those of the container's endpoint", async () => {
    const { endpoint, environment } = await container("OLD");
    const service = startService(environment, dynamo.environment);
    await until(() => lines() === 100);
    endpoint.keyId = "NEW";
    for (const { access } of [dynamo, world.firehose]) access.knownKeys = ["NEW"];
    writePosts(50);
    await expectCleanEnd(service, 150);
  });

  it.each([1, -1])("corrects a clock that is %i hour off at the first request", async (hours) => {
    for (const { access } of [dynamo, world.firehose]) access.clockOffsetMs = hours * 3_600_000;
    expect(await world.run(dynamo.environment)).toMatchObject({ code: 0, stderr: "" });
    expect(await world.lost()).toBe(0);
  });
});

describe("a clock that is off", () => {
  it.each([6, -6])("is corrected in the preflight, and costs nothing: %i minutes", async (minutes) => {
    world.firehose.access.clockOffsetMs = minutes * 60_000;
    const { code, events } = await world.run();
    expect(code).toBe(0);
    expect(events.map(({ event }) => event)).not.toContain("delivery_retrying");
    expect(world.firehose.stats.refusedRequests).toBe(2);
    expect(await world.delivered()).toMatchObject({ total: 100, distinct: 100 });
  });

  it("is corrected when it jumps while the ingester runs", async () => {
    const service = startService();
    await until(() => lines() === 100);
    world.firehose.access.clockOffsetMs = 3_600_000;
    writePosts(50);
    const { events } = await expectCleanEnd(service, 150);
    expect(events.map(({ event }) => event)).not.toContain("delivery_retrying");
  });
});
