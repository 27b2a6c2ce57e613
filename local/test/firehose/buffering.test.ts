import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { listObjects, readLines } from "../../bucket";
import { FirehoseEndpoint, type FirehoseEndpointOptions } from "../../firehose/firehose-endpoint";
import { SimulatedClock } from "../../support/simulated-clock";
import { firehoseClient, recordsOf } from "../helpers/firehose-client";
import { temporaryDirectory } from "../helpers/temporary-directory";

const root = temporaryDirectory();
let buckets = 0;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** An endpoint on a bucket of its own, and what a test needs to use it. */
async function start(options: Partial<FirehoseEndpointOptions> = {}) {
  const clock = new SimulatedClock();
  buckets += 1;
  const bucketDirectory = options.bucketDirectory ?? join(root, `bucket-${buckets}`);
  const warnings: string[] = [];
  const endpoint = new FirehoseEndpoint({
    clock,
    warn: (message) => warnings.push(message),
    ...options,
    bucketDirectory,
  });
  const { url } = await endpoint.listen();
  const client = firehoseClient(url);
  open.push({ close: () => client.destroy() }, endpoint);
  const put = (...texts: readonly string[]) =>
    client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: "tweet_stream", Records: recordsOf(...texts) }),
    );
  return { clock, endpoint, put, bucketDirectory, warnings, keys: () => keysOf(bucketDirectory) };
}

async function keysOf(bucketDirectory: string): Promise<string[]> {
  return (await listObjects(bucketDirectory)).map(({ key }) => key);
}

/** Waits for what happens on the disk; the clock of the endpoint stands still meanwhile. */
async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not happen.");
}

const MIB = 1024 * 1024;

describe("buffering", () => {
  it("delivers when the size is reached, without waiting for the interval", async () => {
    const { put, keys } = await start({ bufferingSizeMiB: 1, bufferingIntervalSeconds: 900 });
    await put("x".repeat(MIB / 2));
    await put("x".repeat(MIB / 2 - 1));
    expect(await keys()).toEqual([]);
    await put("\n");
    await eventually(async () => (await keys()).length === 1);
  });

  it("delivers when the oldest record is as old as the interval", async () => {
    const { clock, put, keys } = await start({ bufferingIntervalSeconds: 60 });
    await put("one\n");
    clock.advance(59_000);
    await put("two\n");
    clock.advance(999);
    expect(await keys()).toEqual([]);
    clock.advance(1);
    await eventually(async () => (await keys()).length === 1);
  });

  it("names the object after the arrival of its oldest record", async () => {
    const { clock, put, keys } = await start({ bufferingIntervalSeconds: 900 });
    await put("one\n");
    clock.advance(899_999);
    await put("two\n");
    clock.advance(1);
    await eventually(async () => (await keys()).length === 1);
    expect(await keys()).toEqual([
      expect.stringMatching(
        /^tweets\/year=2026\/month=11\/day=23\/hour=08\/tweet_stream-1-2026-11-23-08-00-00-[0-9a-f-]{36}\.gz$/,
      ),
    ]);
  });

  it("delivers everything when it is closed, and leaves nothing else behind", async () => {
    const { endpoint, put, bucketDirectory } = await start();
    await put("one\n", "two\n");
    await endpoint.close();
    const [object] = await listObjects(bucketDirectory);
    const lines: string[] = [];
    if (object) for await (const line of readLines(object)) lines.push(line);
    expect(lines).toEqual(["one", "two"]);
    expect(readdirSync(bucketDirectory)).toEqual(["tweets"]);
  });

  it("delivers plain text where no compression is wanted", async () => {
    const { endpoint, put, keys } = await start({ compression: "UNCOMPRESSED", dataOutputPrefix: "raw/" });
    await put("one\n");
    await endpoint.flush();
    expect(await keys()).toEqual([
      expect.stringMatching(/^raw\/2026\/11\/23\/08\/tweet_stream-1-[0-9a-f-]+$/),
    ]);
    expect(endpoint.stats).toMatchObject({ objectBytes: 4, deliveredBytes: 4 });
  });

  it("keeps what it cannot write, says so, and delivers it when it can", async () => {
    const bucketDirectory = join(root, "blocked");
    mkdirSync(bucketDirectory);
    writeFileSync(join(bucketDirectory, "tweets"), "a file where a directory should be");
    const { clock, endpoint, put, keys, warnings } = await start({ bucketDirectory });
    await put("precious\n");
    const flushed = endpoint.flush();
    await eventually(() => warnings.length === 1);
    rmSync(join(bucketDirectory, "tweets"));
    await eventually(() => {
      clock.advance(1000);
      return endpoint.stats.objects === 1;
    });
    await flushed;
    expect(warnings[0]).toMatch(/Cannot write an object .* trying again/);
    expect(await keys()).toHaveLength(1);
  });

  it.each([
    ["a size of 0 MiB", { bufferingSizeMiB: 0 }, /from 1 to 128 MiB, got 0/],
    ["a size of 129 MiB", { bufferingSizeMiB: 129 }, /got 129/],
    ["an interval of 901 seconds", { bufferingIntervalSeconds: 901 }, /from 0 to 900 seconds, got 901/],
    ["a stream name with spaces", { streamName: "my stream" }, /stream name/],
    ["a file extension without a dot", { fileExtension: "gz" }, /file extension/],
    ["a file extension of 129 characters", { fileExtension: `.${"a".repeat(128)}` }, /file extension/],
  ])("refuses %s", (_, options, message) => {
    expect(() => new FirehoseEndpoint({ bucketDirectory: root, ...options })).toThrow(message);
  });

  it.each([
    { bufferingSizeMiB: 1, bufferingIntervalSeconds: 0 },
    { bufferingSizeMiB: 128, bufferingIntervalSeconds: 900 },
    { fileExtension: `.${"a".repeat(127)}` },
  ])("accepts %j", (options) => {
    expect(() => new FirehoseEndpoint({ bucketDirectory: root, ...options })).not.toThrow();
  });
});

describe("an endpoint that was killed", () => {
  /** What a killed process leaves: its files as they were when the last acknowledgement went out. */
  async function killed(): Promise<string> {
    const bucketDirectory = join(root, `killed-${buckets}`);
    const { put } = await start({ bucketDirectory });
    await put('{"id":"1"}\n', '{"id":"2"}\n');
    await put('{"id":"3"}\n');
    return bucketDirectory;
  }

  it("has lost nothing it acknowledged: the next one delivers it, once", async () => {
    const bucketDirectory = await killed();
    const next = await start({ bucketDirectory });
    await next.endpoint.flush();
    const afterFirst = await next.keys();
    await next.endpoint.close();
    const again = await start({ bucketDirectory });
    await again.endpoint.flush();
    const [object] = await listObjects(bucketDirectory);
    const lines: string[] = [];
    if (object) for await (const line of readLines(object)) lines.push(line);
    expect(lines).toEqual(['{"id":"1"}', '{"id":"2"}', '{"id":"3"}']);
    expect(await again.keys()).toEqual(afterFirst);
  });

  it("leaves out a record whose writing was cut short, which it cannot have acknowledged", async () => {
    const bucketDirectory = await killed();
    const spools = join(bucketDirectory, ".incoming", "tweet_stream");
    const [name = ""] = readdirSync(spools);
    writeFileSync(join(spools, name), Buffer.from([0, 0, 0, 99, 0x7b]), { flag: "a" });
    const next = await start({ bucketDirectory });
    await next.endpoint.flush();
    expect(next.endpoint.stats).toMatchObject({ deliveredRecords: 3, deliveredBytes: 33 });
    expect(existsSync(join(spools, name))).toBe(false);
  });
});
