import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { newLedger } from "../../src/ledger/ledger";
import { EXIT, StoppedError } from "../../src/loop/errors";
import type { CollectEvent } from "../../src/loop/events";
import { DynamoStore, type DynamoStoreOptions } from "../../src/store/dynamodb";
import { type LocalDynamo, startDynamo } from "./helpers/dynamo";
import { type Outage, type Outages, startOutages } from "./helpers/outages";
import { dynamoOptions, GOING_ON } from "./helpers/stores";

// Real servers are slow on a machine that has more to do.
jest.setTimeout(30_000);

const LEDGER = newLedger(Date.parse("2026-11-23T12:00:00Z"), 1);

let dynamo: LocalDynamo;
let outages: Outages;
let table: string;
let tables = 0;
let events: CollectEvent[];

beforeAll(async () => {
  dynamo = await startDynamo();
  outages = await startOutages(String(dynamo.client.endpoint));
});
afterAll(() => {
  outages.close();
  dynamo.close();
});
beforeEach(async () => {
  tables += 1;
  table = `table-${tables}`;
  events = [];
  await dynamo.createTable(table);
});

function storeOf(overrides: Partial<DynamoStoreOptions> = {}): DynamoStore {
  const client = { ...dynamo.client, endpoint: outages.endpoint, maxAttempts: 1 };
  const observe = (event: CollectEvent) => void events.push(event);
  return new DynamoStore(dynamoOptions({ table, client, observe, random: () => 0, ...overrides }));
}

describe("the ledger in DynamoDB", () => {
  it("keeps ledgers of one table apart by their key", async () => {
    const one = storeOf({ ledgerKey: "one" });
    await one.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    expect(await storeOf({ ledgerKey: "two" }).read(GOING_ON)).toBeUndefined();
    expect(await storeOf({ ledgerKey: "one" }).read(GOING_ON)).toMatchObject({ version: 1 });
  });

  it("refuses an item that is no ledger, and never starts over", async () => {
    const Item = { pk: { S: "ledger#default" }, position: { S: '{"gaps":[]}' }, fence: { N: "3" } };
    await new DynamoDBClient(dynamo.client).send(new PutItemCommand({ TableName: table, Item }));
    const error = await storeOf()
      .read(GOING_ON)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ exitCode: EXIT.configuration });
    expect((error as Error).message).toMatch(/ledger#default of CHECKPOINT_TABLE .* holds no ledger/);
  });

  it.each<[string, Partial<DynamoStoreOptions>, number, RegExp]>([
    [
      "a table that does not exist",
      { table: "nowhere" },
      EXIT.configuration,
      /no table nowhere \(CHECKPOINT_TABLE\)/,
    ],
    [
      "an address where nothing answers",
      {
        client: {
          endpoint: "http://127.0.0.1:9",
          region: "eu-west-1",
          maxAttempts: 1,
          credentials: { accessKeyId: "a", secretAccessKey: "b" },
        },
      },
      EXIT.configuration,
      /cannot be reached .*AWS_ENDPOINT_URL_DYNAMODB/,
    ],
  ])("names %s at the first contact", async (_case, overrides, exitCode, words) => {
    const error = await storeOf(overrides)
      .read(GOING_ON)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ exitCode });
    expect((error as Error).message).toMatch(words);
  });

  it("names a table with another partition key", async () => {
    await dynamo.createTable("other-key", "id");
    await expect(storeOf({ table: "other-key" }).read(GOING_ON)).rejects.toThrow(/partition key pk/);
  });
});

describe("outages of DynamoDB", () => {
  it("are waited out, and said", async () => {
    const store = storeOf();
    await store.read(GOING_ON);
    outages.breakNext("PutItem", "unavailable", "unavailable");
    expect(await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON)).toBe(true);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      type: "store_retrying",
      message: expect.stringContaining("CHECKPOINT_TABLE"),
    });
  });

  it.each<Outage>(["throttled", "unavailable"])(
    "are waited out at the first contact, too, when DynamoDB is %s",
    async (outage) => {
      outages.breakNext("GetItem", ...Array<Outage>(12).fill(outage));
      expect(await storeOf().read(GOING_ON)).toBeUndefined();
      expect(events).toHaveLength(12);
      expect(events[0]).toMatchObject({ message: expect.stringMatching(/^DynamoDB cannot use the table/) });
    },
  );

  it.each<[Outage, RegExp]>([
    ["throttled", /ThrottlingException: Rate exceeded/],
    ["unavailable", /InternalServerError/],
  ])("end a command that shall not wait with what DynamoDB says, when it is %s", async (outage, words) => {
    outages.breakNext("GetItem", ...Array<Outage>(12).fill(outage));
    const error = await storeOf({ giveUpAfterMs: 0 })
      .read(GOING_ON)
      .catch((cause: unknown) => cause);
    outages.breakNext("GetItem");
    expect(error).toMatchObject({ exitCode: EXIT.failure });
    expect((error as Error).message).toMatch(/^DynamoDB answers, but .*CHECKPOINT_TABLE.*Try again later/);
    expect((error as Error).message).toMatch(words);
  });

  it("are no excuse for an address where a proxy answers in DynamoDB's place", async () => {
    outages.breakNext("GetItem", ...Array<Outage>(12).fill("not_aws"));
    const reading = storeOf().read(GOING_ON);
    await expect(reading).rejects.toThrow(/DynamoDB cannot be reached at .*HTTP 503/);
    outages.breakNext("GetItem");
  });

  it("that lose an answer count a write once", async () => {
    const store = storeOf();
    await store.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    outages.breakNext("PutItem", "answer_lost");
    expect(await store.swap({ ledger: LEDGER, version: 2 }, 1, GOING_ON)).toBe(true);
    expect(await store.read(GOING_ON)).toMatchObject({ version: 2 });
  });

  it("that lose an answer do not hide that another process was faster", async () => {
    const [slow, fast] = [storeOf(), storeOf()];
    await slow.swap({ ledger: LEDGER, version: 1 }, undefined, GOING_ON);
    outages.breakNext("PutItem", "unavailable");
    const late = slow.swap({ ledger: { ...LEDGER, fence: 7 }, version: 2 }, 1, GOING_ON);
    await fast.swap({ ledger: { ...LEDGER, fence: 9 }, version: 2 }, 1, GOING_ON);
    expect(await late).toBe(false);
    expect((await slow.read(GOING_ON))?.ledger.fence).toBe(9);
  });

  it("end a wait when a stop is requested", async () => {
    const stop = new AbortController();
    const store = storeOf({ observe: () => stop.abort() });
    await store.read(GOING_ON);
    outages.breakNext("PutItem", ...Array<"unavailable">(20).fill("unavailable"));
    await expect(store.swap({ ledger: LEDGER, version: 1 }, undefined, stop.signal)).rejects.toBeInstanceOf(
      StoppedError,
    );
    outages.breakNext("PutItem");
  });
});
