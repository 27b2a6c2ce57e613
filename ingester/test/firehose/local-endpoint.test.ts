import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listObjects, readLines } from "../../../local/bucket";
import { FirehoseEndpoint } from "../../../local/firehose/firehose-endpoint";
import { createFirehoseSink } from "../../src/firehose/sink";
import { ConfigError } from "../../src/loop/errors";
import type { CollectEvent } from "../../src/loop/events";
import { wellFormed } from "../../src/posts/json";
import type { PostLine } from "../../src/posts/post";
import { lineOf, POSTS, pageOf } from "../helpers/posts";

/** The sink with the real SDK against the local endpoint, down to the objects in its bucket. */
const { signal } = new AbortController();
const environment = { ...process.env };
let bucketDirectory: string;
let endpoint: FirehoseEndpoint;
let url: string;

beforeEach(async () => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  });
  bucketDirectory = await mkdtemp(join(tmpdir(), "sink-"));
  endpoint = new FirehoseEndpoint({ bucketDirectory });
  ({ url } = await endpoint.listen());
});

afterEach(async () => {
  process.env = environment;
  await endpoint.close();
  await rm(bucketDirectory, { recursive: true, force: true });
});

function sinkOf(streamName = "tweet_stream", events: CollectEvent[] = []) {
  const target = { streamName, region: "us-east-1", endpointUrl: url };
  return createFirehoseSink({ target, observe: (event) => events.push(event), random: () => 0 });
}

/** What the bucket holds once everything that was taken is delivered. */
async function delivered(): Promise<string[]> {
  await endpoint.flush();
  const lines: string[] = [];
  for (const object of await listObjects(bucketDirectory)) {
    for await (const line of readLines(object)) lines.push(line);
  }
  return lines;
}

const idsOf = (lines: readonly PostLine[]) => lines.map(({ post }) => post.id);
const parseIds = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).id as string);

describe("the sink and the local Firehose endpoint", () => {
  it("bring every post to the bucket as it was", async () => {
    const sink = sinkOf();
    await sink.check(signal);
    const receipt = await sink.deliver(
      Object.values(POSTS).map((post) => lineOf(post)),
      signal,
    );
    sink.close();
    const { operations, bytes } = endpoint.stats;
    expect(operations).toEqual({ DescribeDeliveryStream: 1, PutRecordBatch: 2 });
    expect(receipt.bytes).toBe(bytes);
    const posts = (await delivered()).map((line) => JSON.parse(line));
    const expected = wellFormed(Object.values(POSTS)).value;
    expect(posts).toEqual(expected.map((post) => expect.objectContaining(post)));
  });

  it("bring every post of many pages there once, whatever fails on the way", async () => {
    const events: CollectEvent[] = [];
    const sink = sinkOf("tweet_stream", events);
    endpoint.faults.enqueue(
      { kind: "fail-entries", entries: [0, 2] },
      { kind: "service-unavailable" },
      { kind: "throttling" },
      { kind: "internal-failure" },
      { kind: "access-denied" },
      { kind: "reset-before-accept" },
      { kind: "fail-random-entries", share: 0.5, seed: 7 },
      { kind: "fail-random-entries", share: 0.5, seed: 8, code: "InternalFailure" },
    );
    const lines = pageOf(60, 40_000);
    const receipt = await sink.deliver(lines, signal);
    sink.close();
    expect(receipt.resentRecords).toBeGreaterThan(2);
    expect(events.filter(({ type }) => type === "delivery_retrying").length).toBeGreaterThanOrEqual(7);
    expect(parseIds(await delivered()).sort()).toEqual(idsOf(lines).sort());
  });

  it.each(["reset-after-accept", "internal-failure-after-accept"] as const)(
    "lose nothing when the answer is lost: %s",
    async (kind) => {
      const sink = sinkOf();
      endpoint.faults.enqueue({ kind });
      const lines = pageOf(3);
      await sink.deliver(lines, signal);
      sink.close();
      const ids = parseIds(await delivered());
      expect([...new Set(ids)]).toEqual(idsOf(lines));
      expect(ids).toHaveLength(6);
    },
  );

  it("refuse to start without the stream", async () => {
    const checking = sinkOf("another_stream").check(signal);
    await expect(checking).rejects.toThrow(ConfigError);
    await expect(checking).rejects.toThrow(/another_stream.*FIREHOSE_STREAM_NAME/);
  });
});
