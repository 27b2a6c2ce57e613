import {
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { listObjects, readLines } from "../../bucket";
import { FirehoseEndpoint } from "../../firehose/firehose-endpoint";
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from "../../firehose/limits";
import { firehoseClient, recordsOf } from "../helpers/firehose-client";
import { temporaryDirectory } from "../helpers/temporary-directory";

const bucketDirectory = temporaryDirectory();
const endpoint = new FirehoseEndpoint({ bucketDirectory });
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

const put = (Records: readonly { readonly Data: Uint8Array }[], stream = DeliveryStreamName) =>
  client.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: [...Records] }));
const sized = (bytes: number) => ({ Data: Buffer.alloc(bytes, "x") });

async function delivered(): Promise<string[]> {
  await endpoint.flush();
  const lines: string[] = [];
  for (const object of await listObjects(bucketDirectory)) {
    for await (const line of readLines(object)) lines.push(line);
  }
  return lines;
}

describe("the real SDK", () => {
  it("delivers a batch: records concatenated as they are, in order", async () => {
    const { FailedPutCount, RequestResponses } = await put(recordsOf("one\n", "two\nthree\n", "grüße 🌇\n"));
    expect(FailedPutCount).toBe(0);
    expect(new Set(RequestResponses?.map(({ RecordId }) => RecordId)).size).toBe(3);
    expect(await delivered()).toEqual(["one", "two", "three", "grüße 🌇"]);
  });

  it("delivers a single record", async () => {
    const [Record] = recordsOf("single\n");
    const { RecordId } = await client.send(new PutRecordCommand({ DeliveryStreamName, Record }));
    expect(RecordId).toBeTruthy();
    expect(await delivered()).toContain("single");
  });

  it("reads the stream's description and name", async () => {
    const description = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
    const names = await client.send(new ListDeliveryStreamsCommand({}));
    expect(names.DeliveryStreamNames).toEqual([DeliveryStreamName]);
    expect(description.DeliveryStreamDescription).toMatchObject({
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "DirectPut",
      CreateTimestamp: expect.any(Date),
      Destinations: [
        { ExtendedS3DestinationDescription: { CompressionFormat: "GZIP", FileExtension: ".gz" } },
      ],
    });
  });

  it("meets an unknown stream as in AWS", async () => {
    await expect(put(recordsOf("x"), "nope")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe("limits", () => {
  const full = Math.floor(MAX_BATCH_BYTES / MAX_RECORD_BYTES);
  const upTo = (bytes: number) => [
    ...Array.from({ length: full }, () => sized(MAX_RECORD_BYTES)),
    sized(bytes - full * MAX_RECORD_BYTES),
  ];

  it.each([
    ["500 records", () => Array.from({ length: MAX_BATCH_RECORDS }, () => sized(1))],
    ["a record of 1,000 KiB", () => [sized(MAX_RECORD_BYTES)]],
    ["4 MiB in one batch", () => upTo(MAX_BATCH_BYTES)],
    ["an empty record", () => [sized(0)]],
  ])("admit %s", async (_, records) => {
    expect(await put(records())).toMatchObject({ FailedPutCount: 0 });
  });

  it.each([
    [
      "501 records",
      () => Array.from({ length: MAX_BATCH_RECORDS + 1 }, () => sized(1)),
      "ValidationException",
    ],
    ["a record of one byte more", () => [sized(MAX_RECORD_BYTES + 1)], "ValidationException"],
    ["a batch of one byte more", () => upTo(MAX_BATCH_BYTES + 1), "InvalidArgumentException"],
    ["an empty batch", () => [], "ValidationException"],
  ])("refuse %s, taking nothing", async (_, records, name) => {
    const before = endpoint.stats.records;
    await expect(put(records())).rejects.toMatchObject({ name });
    expect(endpoint.stats.records).toBe(before);
  });
});

describe("requests of other clients", () => {
  const signed = {
    authorization: "AWS4-HMAC-SHA256 Credential=a",
    "content-type": "application/x-amz-json-1.1",
  };
  const target = { "x-amz-target": "Firehose_20150804.PutRecordBatch" };
  const send = async (headers: Record<string, string>, body: string) => {
    const response = await fetch(url, { method: "POST", headers, body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each([
    ["unsigned", target, "{}", 403, "MissingAuthenticationTokenException"],
    ["without an operation", signed, "{}", 400, "UnknownOperationException"],
    [
      "for another operation",
      { ...signed, "x-amz-target": "Firehose_20150804.TagDeliveryStream" },
      "{}",
      400,
      "UnknownOperationException",
    ],
    ["that are no JSON", { ...signed, ...target }, "x", 400, "SerializationException"],
    ["without a stream", { ...signed, ...target }, '{"Records":[]}', 400, "ValidationException"],
    [
      "without records",
      { ...signed, ...target },
      '{"DeliveryStreamName":"tweet_stream"}',
      400,
      "ValidationException",
    ],
    [
      "with a record that has no data",
      { ...signed, ...target },
      '{"DeliveryStreamName":"tweet_stream","Records":[{"Data":"YQ=="},{}]}',
      400,
      "ValidationException",
    ],
  ])("%s are refused as AWS does", async (_, headers, body, status, type) => {
    expect(await send(headers, body)).toMatchObject({
      status,
      body: { __type: type, message: expect.any(String) },
    });
  });
});
