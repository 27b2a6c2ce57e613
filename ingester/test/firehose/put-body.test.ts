import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import fc from "fast-check";
import { putBody } from "../../src/firehose/put-body";

/** What the SDK writes by itself. */
async function sdkBody(streamName: string, records: readonly Uint8Array[]): Promise<unknown> {
  let body: unknown;
  const client = new FirehoseClient({
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: {
      handle: (request: { readonly body: Uint8Array }) => {
        body = JSON.parse(new TextDecoder().decode(request.body));
        return Promise.reject(new Error("not sent"));
      },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    } as never,
    maxAttempts: 1,
  });
  const input = { DeliveryStreamName: streamName, Records: records.map((Data) => ({ Data })) };
  await client.send(new PutRecordBatchCommand(input)).catch(() => undefined);
  return body;
}

describe("putBody", () => {
  it("writes what the AWS SDK writes", async () => {
    const records = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-zA-Z0-9_.-]{1,64}$/), records, async (name, data) => {
        expect(JSON.parse(putBody(name, data).toString())).toEqual(await sdkBody(name, data));
      }),
      { numRuns: 50 },
    );
  });

  it("takes the memory of an earlier body where it is large enough", () => {
    const first = putBody("s", [Buffer.from("a longer record\n")]);
    const second = putBody("s", [Buffer.from("{}\n")], first.buffer);
    const third = putBody("s", [Buffer.from("the longest record of all\n")], second.buffer);

    expect([second.buffer === first.buffer, third.buffer === first.buffer]).toEqual([true, false]);
    expect(second.toString()).toBe('{"DeliveryStreamName":"s","Records":[{"Data":"e30K"}]}');
  });

  it("shares its memory with nothing else, however small it is", () => {
    const body = putBody("s", []);
    expect(body.buffer.byteLength).toBe(body.byteLength);
  });

  it("writes a part of a larger piece of memory", () => {
    const memory = Buffer.from("before{}\nafter");

    expect(putBody("s", [memory.subarray(6, 9)]).toString()).toBe(
      '{"DeliveryStreamName":"s","Records":[{"Data":"e30K"}]}',
    );
  });
});
