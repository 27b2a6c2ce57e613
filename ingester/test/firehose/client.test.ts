import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { createFirehoseClient } from "../../src/firehose/client";

/** What AWS's SDK makes of answers that no fake would think of. */
const { signal } = new AbortController();
const RECORDS = [Buffer.from("one\n"), Buffer.from("two\n")];
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };
/** Looking for credentials must not leave this process. */
const NOWHERE = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nowhere",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

let server: Server;
let answer: RequestListener;
let endpointUrl: string;
let lastRequest: { readonly headers: IncomingHttpHeaders; readonly body: string } | undefined;
const environment = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      lastRequest = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, NOWHERE, CREDENTIALS);
});

afterAll(() => {
  process.env = environment;
  server.closeAllConnections();
  server.close();
});

interface Overrides {
  readonly region?: string | undefined;
  readonly endpointUrl?: string;
}

/** Long, because a busy machine answers late; short where no answer is what is tested. */
function client(overrides: Overrides = {}, timeoutMs = 10_000) {
  const target = { streamName: "tweet_stream", region: "eu-west-1", endpointUrl, ...overrides };
  return createFirehoseClient(target, { requestTimeoutMs: timeoutMs, connectionTimeoutMs: timeoutMs });
}

const json =
  (status: number, body: object): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  };

/** In a process of its own: the SDK does not recognize the system's errors as errors inside jest's realm. */
async function runNetworkFailures(url: string): Promise<unknown> {
  const script = join(__dirname, "helpers", "network-failures.ts");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--import", "tsx", script, url], { env: process.env });
  return JSON.parse(stdout);
}

describe("createFirehoseClient", () => {
  it("sends the records as they are, signed, to the stream", async () => {
    answer = json(200, { FailedPutCount: 0, RequestResponses: [{ RecordId: "1" }, { RecordId: "2" }] });
    expect(await client().putRecordBatch(RECORDS, signal)).toEqual([undefined, undefined]);
    expect(lastRequest?.headers).toMatchObject({
      "x-amz-target": "Firehose_20150804.PutRecordBatch",
      authorization: expect.stringContaining("/eu-west-1/firehose/aws4_request"),
    });
    expect(JSON.parse(lastRequest?.body ?? "")).toEqual({
      DeliveryStreamName: "tweet_stream",
      Records: RECORDS.map((record) => ({ Data: record.toString("base64") })),
    });
  });

  it("sends each request whole: longer and shorter ones in turn, and several at once", async () => {
    const taken: string[] = [];
    answer = (_request, response) => {
      const { Records } = JSON.parse(lastRequest?.body ?? "") as { Records: { Data: string }[] };
      taken.push(...Records.map(({ Data }) => Buffer.from(Data, "base64").toString()));
      json(200, { FailedPutCount: 0, RequestResponses: [{ RecordId: "1" }] })(_request, response);
    };
    const texts = ["a", "bb".repeat(9_000), "c", "dddd"].map((text) => `${text}\n`);
    const api = client();
    for (const text of texts) await api.putRecordBatch([Buffer.from(text)], signal);
    expect(taken).toEqual(texts);
    await Promise.all(texts.map((text) => api.putRecordBatch([Buffer.from(text)], signal)));
    expect(taken.slice(texts.length).sort()).toEqual(texts.toSorted());
  });

  it("returns which records were not taken", async () => {
    answer = json(200, {
      FailedPutCount: 1,
      RequestResponses: [{ ErrorCode: "InternalFailure" }, { RecordId: "2" }],
    });
    expect(await client().putRecordBatch(RECORDS, signal)).toEqual(["InternalFailure", undefined]);
  });

  it("takes an empty answer for no answer", async () => {
    answer = json(200, {});
    expect(await client().putRecordBatch(RECORDS, signal)).toEqual(["UnclearAnswer", "UnclearAnswer"]);
  });

  it.each<[string, RequestListener, string, string]>([
    ["throttling", json(400, { __type: "ThrottlingException" }), "throttled", "ThrottlingException"],
    [
      "a full stream",
      json(503, { __type: "ServiceUnavailableException" }),
      "throttled",
      "ServiceUnavailableException",
    ],
    ["a server error", json(500, { __type: "InternalFailure" }), "transient", "InternalFailure"],
    [
      "a refusal",
      json(400, { __type: "AccessDeniedException", Message: "no" }),
      "refused",
      "AccessDeniedException",
    ],
    [
      "no such stream",
      json(400, { __type: "ResourceNotFoundException" }),
      "missing",
      "ResourceNotFoundException",
    ],
    ["no answer", () => {}, "transient", "Timeout"],
    [
      "half an answer",
      (_request, response) => response.writeHead(200, { "content-length": 500 }).write("{"),
      "transient",
      "Timeout",
    ],
    ["a web page", (_request, response) => response.writeHead(200).end("<html>"), "unreachable", "HTTP 200"],
    [
      "a gateway's page",
      (_request, response) => response.writeHead(502).end("<html>"),
      "transient",
      "HTTP 502",
    ],
  ])("asks once and names the failure: %s", async (_name, listener, kind, code) => {
    let requests = 0;
    answer = (request, response) => {
      requests += 1;
      listener(request, response);
    };
    const asking = client({}, code === "Timeout" ? 300 : undefined);
    await expect(asking.putRecordBatch(RECORDS, signal)).rejects.toMatchObject({ kind, code });
    expect(requests).toBe(1);
  });

  it("knows what the network did", async () => {
    answer = (request) => request.socket.destroy();
    const failures = await runNetworkFailures(endpointUrl);
    expect(failures).toEqual({
      broken: { kind: "transient", code: "ECONNRESET" },
      unreached: { kind: "unreachable", code: "ECONNREFUSED" },
      unencrypted: { kind: "unreachable", code: "EPROTO" },
    });
  });

  it.each<[string, RequestListener]>([
    ["refused as Firehose refuses it", json(400, { __type: "ValidationException", message: "length 0" })],
    ["taken", json(200, { FailedPutCount: 0, Encrypted: false, RequestResponses: [] })],
  ])("puts nothing, with the call that delivers: %s", async (_name, listener) => {
    answer = listener;
    const outcome = await client()
      .putNothing(signal)
      .catch((failure: { readonly code: string }) => failure.code);
    expect([undefined, "ValidationException"]).toContain(outcome);
    expect(lastRequest?.headers["x-amz-target"]).toBe("Firehose_20150804.PutRecordBatch");
    expect(JSON.parse(lastRequest?.body ?? "")).toEqual({
      DeliveryStreamName: "tweet_stream",
      Records: [],
    });
  });

  it.each<[string, RequestListener, string, string]>([
    ["an empty object", json(200, {}), "unreachable", "HTTP 200"],
    ["something else in JSON", json(200, { status: "ok" }), "unreachable", "HTTP 200"],
    ["no body", (_request, response) => response.writeHead(204).end(), "unreachable", "HTTP 200"],
    ["a web page", (_request, response) => response.writeHead(200).end("<html>"), "unreachable", "HTTP 200"],
    ["a redirect", (_request, response) => response.writeHead(302).end(), "unreachable", "HTTP 302"],
    [
      "S3",
      (_request, response) => response.writeHead(405).end("<?xml version='1.0'?><Error/>"),
      "unreachable",
      "HTTP 405",
    ],
    [
      "another JSON service of AWS",
      json(400, { __type: "com.amazon.coral.service#UnknownOperationException" }),
      "misdirected",
      "UnknownOperationException",
    ],
    ["another API", json(404, { error: "not found" }), "unreachable", "HTTP 404"],
  ])("does not take what answers for Firehose: %s", async (_name, listener, kind, code) => {
    answer = listener;
    await expect(client().putNothing(signal)).rejects.toMatchObject({ kind, code });
  });

  it("misses credentials", async () => {
    for (const name of Object.keys(CREDENTIALS)) delete process.env[name];
    await expect(client().describe(signal)).rejects.toMatchObject({
      kind: "refused",
      code: "CredentialsProviderError",
    });
  });

  it("misses a region", async () => {
    await expect(client({ region: undefined }).describe(signal)).rejects.toMatchObject({
      kind: "no_region",
      message: "Region is missing",
    });
  });

  it("stops a request when the signal aborts", async () => {
    const controller = new AbortController();
    answer = () => controller.abort();
    await expect(client().putRecordBatch(RECORDS, controller.signal)).rejects.toMatchObject({
      code: "AbortError",
    });
    await expect(client().putRecordBatch(RECORDS, controller.signal)).rejects.toMatchObject({
      code: "AbortError",
    });
  });

  it("stops a request that follows others by its own signal, and sends the next one", async () => {
    const taken = json(200, { FailedPutCount: 0, RequestResponses: [{ RecordId: "1" }, { RecordId: "2" }] });
    const api = client();
    answer = taken;
    await api.putRecordBatch(RECORDS, new AbortController().signal);
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    answer = (_request, response) => {
      closed = once(response, "close");
      controller.abort();
    };
    await expect(api.putRecordBatch(RECORDS, controller.signal)).rejects.toMatchObject({
      code: "AbortError",
    });
    await closed;
    answer = taken;
    expect(await api.putRecordBatch(RECORDS, signal)).toEqual([undefined, undefined]);
  });

  it("describes a stream", async () => {
    answer = json(200, {
      DeliveryStreamDescription: { DeliveryStreamStatus: "CREATING", DeliveryStreamType: "DirectPut" },
    });
    expect(await client().describe(signal)).toEqual({ status: "CREATING", source: "DirectPut" });
  });
});
