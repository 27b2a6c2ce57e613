import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { createDynamoState, type DynamoStateOptions } from "../../src/checkpoint/dynamodb";
import { itemKey, MAX_KEY_BYTES } from "../../src/checkpoint/item-key";
import { freshMeter } from "../../src/checkpoint/meter";
import { StoredSpendingMeter } from "../../src/checkpoint/spending-meter";
import { systemClock } from "../../src/clock";
import { AccessError, CheckpointLostError, ConfigError } from "../../src/errors";
import { NO_READS } from "../../src/ports";
import { type LocalDynamo, startDynamo } from "./helpers/dynamo";
import type { HolderOptions } from "./helpers/holder";
import { HolderProcess, PROCESS_TEST_MS } from "./helpers/processes";
import { standStill } from "./helpers/stand-still";

const GOING_ON = new AbortController().signal;
const LEASE_MS = 900;
const NEVER_MS = 1_000_000;

let dynamo: LocalDynamo;
let admin: DynamoDBClient;
let table: string;
let tables = 0;
let processes: HolderProcess[] = [];

jest.setTimeout(PROCESS_TEST_MS);

beforeAll(async () => {
  dynamo = await startDynamo();
  admin = new DynamoDBClient(dynamo.client);
});
afterAll(() => {
  admin.destroy();
  dynamo.close();
});
beforeEach(async () => {
  tables += 1;
  table = `checkpoints-${tables}`;
  await dynamo.createTable(table);
});

afterEach(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  processes = [];
});

function startProcess(options: HolderOptions): HolderProcess {
  const process = new HolderProcess(options);
  processes.push(process);
  return process;
}

function stateOf(options: Partial<DynamoStateOptions> = {}) {
  const timings = { leaseMs: LEASE_MS, renewMs: LEASE_MS / 12, pollMs: 20 };
  return createDynamoState({ table, key: "search:cats", client: dynamo.client, ...timings, ...options });
}

async function stored(pk: string) {
  return (await admin.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } } }))).Item;
}

describe("lease in DynamoDB", () => {
  it("passes to a replacement after kill -9, and progress goes on", async () => {
    const client = { ...dynamo.client, maxAttempts: 1 };
    const killed = startProcess({
      dynamo: { table, key: "search:cats", client, leaseMs: LEASE_MS, renewMs: NEVER_MS },
    });
    expect(await killed.acquire()).toBe("held");
    await killed.kill();
    const { checkpoints } = stateOf();

    expect(await checkpoints.acquire(GOING_ON)).toMatchObject({ sinceId: "1" });

    await checkpoints.release();
  });

  it("is renewed in the background for as long as its holder lives", async () => {
    const holder = stateOf();
    await holder.checkpoints.acquire(GOING_ON);
    const before = Number((await stored("checkpoint#search:cats"))?.renewals?.N);

    await new Promise((resolve) => setTimeout(resolve, LEASE_MS / 2));

    expect(Number((await stored("checkpoint#search:cats"))?.renewals?.N)).toBeGreaterThan(before);
    expect(holder.lost.aborted).toBe(false);
    await holder.checkpoints.release();
  });

  it("is proven by confirm() when the last write is too old", async () => {
    const { checkpoints } = stateOf({ renewMs: 100 });
    await checkpoints.acquire(GOING_ON);
    standStill(100);

    await checkpoints.confirm();

    expect(Number((await stored("checkpoint#search:cats"))?.renewals?.N)).toBeGreaterThanOrEqual(1);
    await checkpoints.release();
  });

  it("is reported lost by confirm() before anything is bought", async () => {
    const slow = stateOf({ renewMs: 200 });
    await slow.checkpoints.acquire(GOING_ON);
    await admin.send(new PutItemCommand({ TableName: table, Item: replacementItem() }));
    standStill(200);

    await expect(slow.checkpoints.confirm()).rejects.toBeInstanceOf(CheckpointLostError);

    expect(slow.lost.aborted).toBe(true);
    await slow.checkpoints.release();
    expect((await stored("checkpoint#search:cats"))?.owner_id?.S).toBe("replacement");
  });

  it("is noticed as lost in the background", async () => {
    const slow = stateOf();
    await slow.checkpoints.acquire(GOING_ON);
    await admin.send(new PutItemCommand({ TableName: table, Item: replacementItem() }));

    await new Promise((resolve) => slow.lost.addEventListener("abort", resolve));

    expect(slow.lost.reason).toBeInstanceOf(CheckpointLostError);
  });

  it("goes to one of two replacements that watch the same dead holder", async () => {
    const dead = stateOf({ renewMs: NEVER_MS });
    await dead.checkpoints.acquire(GOING_ON);
    const rivals = [stateOf(), stateOf()];

    const outcomes = await Promise.allSettled(rivals.map((rival) => rival.checkpoints.acquire(GOING_ON)));

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await Promise.all(rivals.map((rival) => rival.checkpoints.release()));
  });

  it("stops waiting for a holder when the ingester is told to stop", async () => {
    await stateOf({ renewMs: NEVER_MS, leaseMs: NEVER_MS }).checkpoints.acquire(GOING_ON);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 30);

    await expect(stateOf().checkpoints.acquire(stopping.signal)).rejects.toThrow("Stopped while waiting");
  });

  it("refuses a position that it cannot read instead of starting over", async () => {
    const item = { ...replacementItem(), position: { S: '{"sinceId":7}' } };
    await admin.send(new PutItemCommand({ TableName: table, Item: item }));

    const refused = stateOf().checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow("checkpoint#search:cats");
  });
});

function replacementItem() {
  return { pk: { S: "checkpoint#search:cats" }, fence: { N: "9" }, owner_id: { S: "replacement" } };
}

describe("meter in DynamoDB", () => {
  it("is shared by checkpoints that name the same meter", async () => {
    const service = stateOf();
    const backfill = stateOf({ key: "backfill:cats", meterKey: "search:cats" });
    await service.meterStore.save(freshMeter(0, 1), undefined);

    expect(await backfill.meterStore.load()).toEqual({ state: freshMeter(0, 1), version: 1 });
    expect(await stored("meter#search:cats")).toBeDefined();
  });

  it("never grants more than the limit to processes that reserve at the same time", async () => {
    const meters = ["service", "backfill:a", "backfill:b"].map((checkpointKey) => {
      const { meterStore: store } = stateOf({ key: checkpointKey, meterKey: "search:cats" });
      return new StoredSpendingMeter({
        store,
        clock: systemClock,
        checkpointKey,
        limits: { monthlyPosts: 250 },
      });
    });
    const limits = { minPosts: 10, maxPosts: 100, worstCasePerPost: { ...NO_READS, posts: 1 } };

    const outcomes = await Promise.all(meters.map((meter) => meter.reserve(limits)));

    const granted = outcomes.map((outcome) => ("maxPosts" in outcome ? outcome.maxPosts : 0));
    expect(granted.sort((a, b) => a - b)).toEqual([50, 100, 100]);
  });

  it("refuses a meter that it cannot read instead of forgetting what was spent", async () => {
    const item = { pk: { S: "meter#search:cats" }, version: { N: "1" }, state: { S: "{}" } };
    await admin.send(new PutItemCommand({ TableName: table, Item: item }));

    await expect(stateOf().meterStore.load()).rejects.toBeInstanceOf(ConfigError);
  });
});

describe("a table that cannot be used", () => {
  it("is named when it does not exist", async () => {
    const refused = stateOf({ table: "no-such-table" }).checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow(/CHECKPOINT_TABLE .*no-such-table.* AWS_REGION/);
  });

  it("is named when its key is another one", async () => {
    await dynamo.createTable("other-key", "id");

    const refused = stateOf({ table: "other-key" }).inspect();

    await expect(refused).rejects.toThrow("partition key pk (string) and no sort key");
  });

  it("is named with its address when nobody answers there", async () => {
    // In a process of its own: inside jest the SDK does not recognise Node's network errors as errors.
    const client = { ...dynamo.client, endpoint: "http://127.0.0.1:9", maxAttempts: 1 };
    const process = startProcess({ dynamo: { table, key: "search:cats", client } });

    const outcome = await process.acquire();

    expect(outcome).toMatch(/^ConfigError: .*http:\/\/127\.0\.0\.1:9 .*AWS_ENDPOINT_URL_DYNAMODB/);
  });

  it("is reported as refused access when there are no credentials", async () => {
    const credentials = async () => {
      throw Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" });
    };
    const refused = stateOf({ client: { ...dynamo.client, credentials } }).checkpoints.acquire(GOING_ON);

    await expect(refused).rejects.toBeInstanceOf(AccessError);
    await expect(refused).rejects.toThrow("dynamodb:GetItem, PutItem and UpdateItem");
  });
});

describe("item keys", () => {
  it("stay readable", () => {
    expect(itemKey("checkpoint", "search:cats lang:en")).toBe("checkpoint#search:cats lang:en");
  });

  it("stay below DynamoDB's limit and apart for long queries", () => {
    const long = "猫 OR ".repeat(400);

    expect(Buffer.byteLength(itemKey("meter", long))).toBeLessThanOrEqual(MAX_KEY_BYTES);
    expect(itemKey("meter", `${long}a`)).not.toBe(itemKey("meter", `${long}b`));
  });
});
