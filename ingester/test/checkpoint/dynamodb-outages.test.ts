import { createDynamoState, type DynamoStateOptions } from "../../src/checkpoint/dynamodb";
import { StoredSpendingMeter } from "../../src/checkpoint/spending-meter";
import { StoppedError } from "../../src/checkpoint/stopped";
import { systemClock } from "../../src/clock";
import { EXIT } from "../../src/errors";
import { type LocalDynamo, startDynamo } from "./helpers/dynamo";
import { type Outages, startOutages } from "./helpers/outages";
import { standStill } from "./helpers/stand-still";

// Real locks, disks and servers are slow on a machine that has more to do.
jest.setTimeout(30_000);

const GOING_ON = new AbortController().signal;
const NEVER_MS = 1_000_000;
const ONE_POST = { posts: 1, includedPosts: 0, includedUsers: 0 };

let dynamo: LocalDynamo;
let outages: Outages;
let table: string;
let tables = 0;
let reports: string[];

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
  reports = [];
  await dynamo.createTable(table);
});

function stateOf(options: Partial<DynamoStateOptions> = {}) {
  return createDynamoState({
    table,
    key: "search:cats",
    client: { ...dynamo.client, endpoint: outages.endpoint, maxAttempts: 1 },
    renewMs: NEVER_MS,
    pollMs: 10,
    report: (message) => reports.push(message),
    ...options,
  });
}

describe("outages of DynamoDB", () => {
  it("are sat out by a save, because its posts were paid for", async () => {
    const { checkpoints, inspect } = stateOf();
    await checkpoints.acquire(GOING_ON);
    outages.breakNext("UpdateItem", "unavailable", "answer_lost");

    await checkpoints.save({ sinceId: "7", gaps: [] });

    expect((await inspect()).position).toEqual({ sinceId: "7", gaps: [] });
    expect(reports).toEqual([expect.stringContaining(table), expect.stringContaining("trying again")]);
    await checkpoints.release();
  });

  it("hold back buying until the lease is proven again", async () => {
    const { checkpoints, lost } = stateOf({ renewMs: 200 });
    await checkpoints.acquire(GOING_ON);
    outages.breakNext("UpdateItem", ...Array(4).fill("unavailable"));
    standStill(200);

    await checkpoints.confirm();

    expect(reports).not.toHaveLength(0);
    expect(lost.aborted).toBe(false);
    await checkpoints.release();
  });

  it("end a wait for proof when the ingester is told to stop", async () => {
    const stopping = new AbortController();
    const { checkpoints } = stateOf({ renewMs: 200, report: () => stopping.abort() });
    await checkpoints.acquire(stopping.signal);
    outages.breakNext("UpdateItem", ...Array(50).fill("unavailable"));
    standStill(200);

    const confirming = checkpoints.confirm();

    await expect(confirming).rejects.toBeInstanceOf(StoppedError);
    await expect(confirming).rejects.toMatchObject({ exitCode: EXIT.done });
    outages.breakNext("UpdateItem");
    await checkpoints.release();
  });

  it("end the repetitions of a save when the process is about to be killed", async () => {
    const killing = new AbortController();
    const { checkpoints } = stateOf({ giveUp: killing.signal, report: () => killing.abort() });
    await checkpoints.acquire(GOING_ON);
    outages.breakNext("UpdateItem", ...Array(50).fill("unavailable"));

    const saving = checkpoints.save({ gaps: [] });

    await expect(saving).rejects.toThrow("DynamoDB does not answer for the table");
    await expect(saving).rejects.toMatchObject({ exitCode: EXIT.failure });
    outages.breakNext("UpdateItem");
    await checkpoints.release();
  });

  it("do not hide from an ingester that it has taken the checkpoint", async () => {
    const { checkpoints } = stateOf();
    outages.breakNext("UpdateItem", "answer_lost");

    await expect(checkpoints.acquire(GOING_ON)).resolves.toBeUndefined();

    await checkpoints.save({ gaps: [] });
    await checkpoints.release();
  });

  it("do not count a reservation or a settlement twice", async () => {
    const { meterStore } = stateOf();
    const meter = new StoredSpendingMeter({
      store: meterStore,
      clock: systemClock,
      checkpointKey: "search:cats",
    });
    const limits = { minPosts: 10, maxPosts: 100, worstCasePerPost: ONE_POST };
    outages.breakNext("PutItem", "answer_lost");
    const reservation = await meter.reserve(limits);
    if ("limit" in reservation) throw new Error("There is no limit.");
    meter.settle(reservation, { ...ONE_POST, posts: 40 });
    outages.breakNext("PutItem", "unavailable", "answer_lost");
    await meter.reserve(limits);

    const stored = (await meterStore.load())?.state;

    expect(stored?.spent).toEqual({ ...ONE_POST, posts: 40 });
    expect(stored?.outstanding["search:cats"]?.reads).toEqual({ ...ONE_POST, posts: 100 });
  });
});
