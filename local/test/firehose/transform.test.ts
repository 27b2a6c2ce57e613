import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { loadTransform } from "../../firehose/delivery/load-transform";
import { FirehoseEndpoint } from "../../firehose/firehose-endpoint";

const directory = mkdtempSync(join(tmpdir(), "local-transform-"));
const bundle = join(directory, "function", "index.js");

function objectsUnder(folder: string): Buffer[] {
  const path = join(directory, "bucket", folder);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)));
}

describe("the local Firehose endpoint with the transform", () => {
  // The function logs to stdout, as Lambda has it.
  const stdout = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  beforeAll(async () => {
    execFileSync(process.execPath, [
      join(__dirname, "../../../transform/build.mjs"),
      join(directory, "function"),
    ]);
    const endpoint = new FirehoseEndpoint({
      bucketDirectory: join(directory, "bucket"),
      processor: loadTransform("tweet_stream", bundle),
    });
    const { url } = await endpoint.listen();
    const client = new FirehoseClient({
      region: "us-east-1",
      endpoint: url,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const records = ['{"id":"1","text":"a &amp; b"}\n', "no post at all", '{"id":"2"}\nbroken\n'];
    await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: "tweet_stream",
        Records: records.map((data) => ({ Data: Buffer.from(data) })),
      }),
    );
    client.destroy();
    await endpoint.close();
  });
  afterAll(() => {
    stdout.mockRestore();
    rmSync(directory, { recursive: true });
  });

  it("delivers formatted lines, broken ones wrapped", () => {
    const lines = objectsUnder("tweets").flatMap((object) =>
      gunzipSync(object).toString().trimEnd().split("\n"),
    );
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: "1", formatted: { text_clean: "a & b" } },
      { id: "2" },
      { ingestion: { dead_letter: { raw_base64: Buffer.from("broken").toString("base64") } } },
    ]);
  });

  it("keeps records that failed under the error prefix, as AWS does", () => {
    const [object] = objectsUnder("errors/processing-failed");
    expect(JSON.parse(String(object))).toMatchObject({
      attemptsMade: 1,
      errorCode: "Lambda.ProcessingFailedStatus",
      rawData: Buffer.from("no post at all").toString("base64"),
    });
  });

  it("says how to build a function that is missing", () => {
    expect(() => loadTransform("tweet_stream", join(directory, "nowhere.js"))).toThrow(
      "Build the transform first: npm run build",
    );
  });
});
