import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FirehoseClient, ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { AwsConnection } from "../../src/aws/connection";
import { systemClock } from "../../src/runtime/clock";

/** The real SDK against a server that answers from a script. */
type Answer = (request: IncomingMessage) => {
  readonly status: number;
  readonly body: object;
  readonly date?: Date;
};

const { signal } = new AbortController();
const environment = { ...process.env };
const directory = mkdtempSync(join(tmpdir(), "connection-"));
const credentialsFile = join(directory, "credentials");
const configFile = join(directory, "config");

let script: Answer[];
let dates: string[];
let keys: string[];
let connection: AwsConnection<FirehoseClient>;

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  dates.push(String(request.headers["x-amz-date"]));
  keys.push(/Credential=(\w+)/.exec(String(request.headers.authorization))?.[1] ?? "");
  const { status, body, date = new Date() } = (script.shift() ?? good)(request);
  response.writeHead(status, { date: date.toUTCString() }).end(JSON.stringify(body));
});

const good: Answer = () => ({
  status: 200,
  body: { DeliveryStreamNames: [], HasMoreDeliveryStreams: false },
});
const refused =
  (type: string, message = "no", date?: Date): Answer =>
  () => ({ status: 400, body: { __type: type, message }, ...(date && { date }) });

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    AWS_CONFIG_FILE: configFile,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  });
  writeFileSync(configFile, "");
  writeKey("ONE");
  [script, dates, keys] = [[], [], []];
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  connection = new AwsConnection({
    ...{ clock: systemClock, connectionTimeoutMs: 5_000 },
    create: (settings) => new FirehoseClient({ ...settings, endpoint, region: "eu-west-1", maxAttempts: 1 }),
  });
});

afterEach(() => connection.close());

afterAll(() => {
  process.env = environment;
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

function writeKey(keyId: string): void {
  writeFileSync(credentialsFile, `[default]\naws_access_key_id=${keyId}\naws_secret_access_key=secret\n`);
}

function ask(timeoutMs = 5_000) {
  const list = new ListDeliveryStreamsCommand({});
  return connection.call((client, http) => client.send(list, http), { timeoutMs, signal });
}

describe("a request that AWS refuses because of the clock", () => {
  const later = () => new Date(Date.now() + 3_600_000);

  it.each([
    ["InvalidSignatureException", "Signature expired: 20261123T120000Z is now earlier than ..."],
    ["SignatureDoesNotMatch", "Signature not yet current"],
    ["RequestTimeTooSkewed", "The difference between the request time and the current time is too large."],
    ["RequestExpired", "Request has expired."],
  ])("is sent again at once, dated by AWS's clock: %s", async (type, message) => {
    script = [refused(type, message, later())];
    await ask();
    expect(dates).toHaveLength(2);
    expect(Math.abs(stampToMs(dates[1]) - later().getTime())).toBeLessThan(10_000);
  });

  it("is sent a bounded number of times", async () => {
    script = Array(9).fill(refused("RequestExpired", "no", later()));
    await expect(ask()).rejects.toThrow();
    expect(dates).toHaveLength(2);
  });

  it("is dated by AWS's clock from then on", async () => {
    script = [
      refused("RequestExpired", "no", later()),
      () => ({ ...good(undefined as never), date: later() }),
    ];
    await ask();
    await ask();
    expect(stampToMs(dates[2]) - Date.now()).toBeGreaterThan(3_000_000);
  });
});

describe("a request that AWS refuses because of its credentials", () => {
  it.each(["ExpiredTokenException", "UnrecognizedClientException", "AccessDeniedException"])(
    "is sent again with those that the file holds by now: %s",
    async (type) => {
      await ask();
      writeKey("TWO");
      script = [refused(type)];
      await ask();
      expect(keys).toEqual(["ONE", "ONE", "TWO"]);
    },
  );

  it("is not repeated where there are no others", async () => {
    script = [refused("ExpiredTokenException")];
    await expect(ask()).rejects.toMatchObject({ name: "ExpiredTokenException" });
    expect(keys).toEqual(["ONE"]);
  });

  it("uses new ones at the next attempt, where they came too late for the first", async () => {
    script = [refused("ExpiredTokenException"), refused("ExpiredTokenException")];
    await expect(ask()).rejects.toThrow();
    writeKey("TWO");
    await ask();
    expect(keys).toEqual(["ONE", "ONE", "TWO"]);
  });

  it("is repeated for no other refusal", async () => {
    script = [refused("ResourceNotFoundException")];
    await expect(ask()).rejects.toThrow();
    expect(keys).toHaveLength(1);
  });
});

describe("a program that is asked for credentials and never answers", () => {
  it("ends the attempt at its deadline, and is asked again at the next", async () => {
    rmSync(credentialsFile);
    const answer = JSON.stringify({ Version: 1, AccessKeyId: "PROGRAM", SecretAccessKey: "secret" });
    const answerFile = join(directory, "answer.json");
    const program = `test -f ${answerFile} && cat ${answerFile} || exec sleep 20`;
    writeFileSync(configFile, `[default]\ncredential_process = sh -c "${program}"\n`);
    await expect(ask(500)).rejects.toMatchObject({ name: "Timeout", message: "no answer within 500 ms" });
    writeFileSync(answerFile, answer);
    await ask();
    expect(keys).toEqual(["PROGRAM"]);
  });
});

function stampToMs(stamp = ""): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
