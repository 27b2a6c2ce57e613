import { DescribeDeliveryStreamCommand, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { Access } from "../../firehose/access";
import { FirehoseEndpoint } from "../../firehose/firehose-endpoint";
import { firehoseClient, recordsOf } from "../helpers/firehose-client";
import { temporaryDirectory } from "../helpers/temporary-directory";

const endpoint = new FirehoseEndpoint({ bucketDirectory: temporaryDirectory() });
const DeliveryStreamName = "tweet_stream";
let url: string;
let client: ReturnType<typeof firehoseClient>;

beforeAll(async () => {
  ({ url } = await endpoint.listen());
});
beforeEach(() => {
  Object.assign(endpoint.access, new Access());
  client = firehoseClient(url);
});
afterEach(() => client.destroy());
afterAll(() => endpoint.close());

const put = (...texts: string[]) =>
  client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: recordsOf(...texts) }));

describe("a caller of the endpoint", () => {
  it("takes any credentials, as the endpoint starts", async () => {
    expect(await put("a\n")).toMatchObject({ FailedPutCount: 0 });
  });

  it.each([
    ["has expired", { expiredKeys: ["local"] }, "ExpiredTokenException"],
    ["is unknown", { knownKeys: ["other"] }, "UnrecognizedClientException"],
    ["may not put", { deniedOperations: ["PutRecordBatch"] }, "AccessDeniedException"],
  ])("is refused before its batch is looked at: it %s", async (_name, access, name) => {
    Object.assign(endpoint.access, access);
    await expect(put()).rejects.toMatchObject({ name });
    await expect(put("a\n")).rejects.toMatchObject({ name });
  });

  it("can be allowed to put and not to describe", async () => {
    endpoint.access.deniedOperations = ["DescribeDeliveryStream"];
    await put("a\n");
    const describe = client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
    await expect(describe).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it.each([
    [6, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [-6, /^Signature not yet current: /],
  ])("must date its request: %i minutes off", async (minutes, message) => {
    endpoint.access.clockOffsetMs = minutes * 60_000;
    await expect(put("a\n")).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(message),
    });
  });
});

it("keeps planned faults for batches that carry records", async () => {
  endpoint.faults.enqueue({ kind: "access-denied" });
  await expect(put()).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put("a\n")).rejects.toMatchObject({ name: "AccessDeniedException" });
});
