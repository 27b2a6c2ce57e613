import { join } from "node:path";
import { PutRecordBatchCommand, PutRecordCommand } from "@aws-sdk/client-firehose";
import { FIREHOSE_FAULT_KINDS, type FirehoseFault } from "../../firehose/faults";
import { FirehoseEndpoint } from "../../firehose/firehose-endpoint";
import { type Demand, QuotaMeter, SMALL_REGION_QUOTA } from "../../firehose/quota";
import { SimulatedClock } from "../../support/simulated-clock";
import { firehoseClient, recordsOf } from "../helpers/firehose-client";
import { temporaryDirectory } from "../helpers/temporary-directory";

const temporaryPath = temporaryDirectory();
const endpoint = new FirehoseEndpoint({ bucketDirectory: temporaryPath });
const DeliveryStreamName = "tweet_stream";
let url = "";
let client = firehoseClient("http://127.0.0.1:1");

beforeAll(async () => {
  ({ url } = await endpoint.listen());
  client = firehoseClient(url);
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

const put = (texts: readonly string[], abortSignal = AbortSignal.timeout(5000)) =>
  client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: recordsOf(...texts) }), {
    abortSignal,
  });

/** How a request failed, and what it changed in the endpoint's account. */
async function failing(act: () => Promise<unknown>) {
  const before = endpoint.stats;
  const error = await act().then(
    () => undefined,
    (reason: Error) => reason,
  );
  const after = endpoint.stats;
  return {
    error,
    taken: after.records - before.records,
    unacknowledged: after.unacknowledgedRecords - before.unacknowledgedRecords,
  };
}

describe("a planned fault", () => {
  it("keeps chosen entries out and says which, in the request's order", async () => {
    endpoint.faults.enqueue({ kind: "fail-entries", entries: [1, 3], code: "InternalFailure" });
    const before = endpoint.stats;
    const { FailedPutCount, RequestResponses } = await put(["a\n", "b\n", "c\n", "d\n"]);
    expect(FailedPutCount).toBe(2);
    expect(RequestResponses?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "InternalFailure",
      undefined,
      "InternalFailure",
    ]);
    expect(RequestResponses?.[1]?.ErrorMessage).toBeTruthy();
    expect(endpoint.stats).toMatchObject({
      records: before.records + 2,
      failedEntries: before.failedEntries + 2,
    });
  });

  it("keeps a random share out, the same for the same seed", async () => {
    const texts = Array.from({ length: 100 }, (_, number) => `${number}\n`);
    const failedPlaces = async () => {
      endpoint.faults.enqueue({ kind: "fail-random-entries", share: 0.3, seed: 9 });
      const { RequestResponses = [] } = await put(texts);
      return RequestResponses.flatMap(({ ErrorCode }, place) => (ErrorCode ? [place] : []));
    };
    const first = await failedPlaces();
    expect(await failedPlaces()).toEqual(first);
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThan(60);
  });

  it("fails a single record as a whole", async () => {
    endpoint.faults.enqueue({ kind: "fail-entries", entries: [0] });
    const [Record] = recordsOf("x\n");
    await expect(client.send(new PutRecordCommand({ DeliveryStreamName, Record }))).rejects.toMatchObject({
      name: "ServiceUnavailableException",
      $metadata: { httpStatusCode: 503 },
    });
  });

  it.each<[FirehoseFault, string, number]>([
    [{ kind: "service-unavailable" }, "ServiceUnavailableException", 503],
    [{ kind: "internal-failure" }, "InternalFailure", 500],
    [{ kind: "throttling" }, "ThrottlingException", 400],
    [{ kind: "access-denied" }, "AccessDeniedException", 400],
  ])("%j refuses the request and takes nothing", async (fault, name, httpStatusCode) => {
    endpoint.faults.enqueue(fault);
    const result = await failing(() => put(["a\n"]));
    expect(result).toMatchObject({ error: { name, $metadata: { httpStatusCode } }, taken: 0 });
  });

  it.each<[FirehoseFault, number]>([
    [{ kind: "reset-before-accept" }, 0],
    [{ kind: "reset-after-accept" }, 2],
    [{ kind: "internal-failure-after-accept" }, 2],
  ])("%j fails the request, having taken %i records whose sender does not know", async (fault, records) => {
    endpoint.faults.enqueue(fault);
    const result = await failing(() => put(["a\n", "b\n"]));
    expect(result).toMatchObject({ error: expect.any(Error), taken: records, unacknowledged: records });
  });

  it.each<[FirehoseFault, number]>([
    [{ kind: "hang-before-accept" }, 0],
    [{ kind: "hang-after-accept" }, 2],
  ])("%j never answers, having taken %i records", async (fault, records) => {
    endpoint.faults.enqueue(fault);
    const result = await failing(() => put(["a\n", "b\n"], AbortSignal.timeout(150)));
    expect(result).toMatchObject({ error: { name: "AbortError" }, taken: records, unacknowledged: records });
  });

  it("comes over HTTP too, unless its kind is unknown", async () => {
    const post = (body: unknown) =>
      fetch(`${url}/__firehose/faults`, { method: "POST", body: JSON.stringify(body) });
    expect((await post({ queue: [{ kind: "none" }, { kind: "throttling" }] })).status).toBe(200);
    expect((await put(["a\n"])).FailedPutCount).toBe(0);
    await expect(put(["a\n"])).rejects.toMatchObject({ name: "ThrottlingException" });
    const refused = await post({ queue: [{ kind: "flood" }] });
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { message: string }).message).toContain(
      FIREHOSE_FAULT_KINDS.join(", "),
    );
  });
});

describe("the endpoint's account", () => {
  it("counts records, bytes, lines, billed bytes and objects", async () => {
    const fresh = new FirehoseEndpoint({ bucketDirectory: join(temporaryPath, "fresh") });
    const { url: freshUrl } = await fresh.listen();
    const freshClient = firehoseClient(freshUrl);
    const Records = recordsOf("a\nb\n", "x".repeat(5120), "x".repeat(5121));
    await freshClient.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    const flushed = await (await fetch(`${freshUrl}/__firehose/flush`, { method: "POST" })).json();
    const stats = await (await fetch(`${freshUrl}/__firehose/stats`)).json();
    expect(flushed).toMatchObject({ objects: 1 });
    expect(stats).toMatchObject({
      operations: { PutRecordBatch: 1 },
      requests: 1,
      records: 3,
      lines: 2,
      bytes: 4 + 5120 + 5121,
      billedBytes: 5120 + 5120 + 10_240,
      deliveredRecords: 3,
      deliveredBytes: 4 + 5120 + 5121,
      unacknowledgedRecords: 0,
    });
    freshClient.destroy();
    await fresh.close();
  });
});
describe("a quota", () => {
  const meter = () => new QuotaMeter(SMALL_REGION_QUOTA);
  const admitAll = (demand: Demand, times: number) => {
    const quota = meter();
    return Array.from({ length: times }, () => quota.admit(demand, 0)).filter(Boolean).length;
  };

  it.each([
    ["requests", { records: 1, bytes: 1 }, 1001, 1000],
    ["records", { records: 500, bytes: 1 }, 201, 200],
    ["bytes", { records: 1, bytes: 131_072 }, 9, 8],
  ])("ends the second's %s at the limit", (_, demand, offered, admitted) => {
    expect(admitAll(demand, offered)).toBe(admitted);
  });

  it("renews after a second, and always takes a second's first batch", () => {
    const quota = meter();
    const large = { records: 500, bytes: 4 * 1024 * 1024 };
    expect([quota.admit(large, 0), quota.admit(large, 999), quota.admit(large, 1000)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("answers Slow down when it is used up", async () => {
    const clock = new SimulatedClock();
    const quota = { recordsPerSecond: 3, requestsPerSecond: 10, bytesPerSecond: 1000 };
    const paced = new FirehoseEndpoint({ bucketDirectory: join(temporaryPath, "paced"), clock, quota });
    const { url: pacedUrl } = await paced.listen();
    const pacedClient = firehoseClient(pacedUrl);
    const send = () =>
      pacedClient.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: recordsOf("a\n", "b\n") }));
    await send();
    await expect(send()).rejects.toMatchObject({
      name: "ServiceUnavailableException",
      message: "Slow down.",
    });
    clock.advance(1000);
    await expect(send()).resolves.toMatchObject({ FailedPutCount: 0 });
    pacedClient.destroy();
    await paced.close();
  });
});
