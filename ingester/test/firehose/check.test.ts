import type { DeliveryTarget, StreamDescription } from "../../src/firehose/api";
import { FirehoseFailure } from "../../src/firehose/api";
import { checkDestination } from "../../src/firehose/check";
import { AccessError, ConfigError, DeliveryError, EXIT } from "../../src/loop/errors";
import { FakeClock } from "../helpers/fake-clock";
import { FakeFirehose, failure } from "../helpers/fake-firehose";

const AWS: DeliveryTarget = { streamName: "tweet_stream", region: "eu-west-1", endpointUrl: undefined };
const LOCAL: DeliveryTarget = { ...AWS, endpointUrl: "http://user:secret@127.0.0.1:4566/?token=secret" };
/** How Firehose refuses a batch of nothing from a caller that may write. */
const EMPTY = failure("invalid", "ValidationException");
const ACTIVE = describing("ACTIVE");

interface Answers {
  /** To a batch of nothing; undefined: taken. */
  readonly put?: FirehoseFailure | undefined;
  readonly description?: StreamDescription | FirehoseFailure;
}

function setUp({ description = ACTIVE, ...answers }: Answers, target = AWS) {
  const api = new FakeFirehose();
  const clock = new FakeClock();
  api.description = description;
  api.nothing = "put" in answers ? answers.put : EMPTY;
  const check = (signal = new AbortController().signal) => checkDestination({ api, target, clock }, signal);
  return { api, clock, check };
}

function describing(status: string | undefined, source: string | undefined = "DirectPut") {
  return { status, source };
}

describe("checkDestination", () => {
  it.each<[string, Answers]>([
    ["an active stream", {}],
    ["an emulator that takes a batch of nothing", { put: undefined }],
    ["an endpoint that says nothing about the stream", { description: describing(undefined, undefined) }],
    ["no permission to describe", { description: failure("refused", "AccessDeniedException") }],
    [
      "an emulator that does not know the operation",
      { description: failure("misdirected", "UnknownOperationException") },
    ],
    [
      "an emulator that refuses what it does not know as invalid",
      { description: failure("invalid", "ValidationException") },
    ],
    [
      "an emulator that does not know the operation at all",
      { description: failure("unreachable", "HTTP 404") },
    ],
  ])("passes at once: %s", async (_name, answers) => {
    const { check, clock } = setUp(answers);
    await check();
    expect(clock.sleeps).toEqual([]);
  });

  it.each<[string, Answers]>([
    ["throttling of the description", { description: failure("throttled") }],
    ["a description that fails", { description: failure("transient") }],
    ["an emulator that fails at a batch of nothing", { put: failure("transient", "HTTP 500") }],
    ["a stream that is busy", { put: failure("throttled") }],
  ])("tries again, and passes when enough is known without it: %s", async (_name, answers) => {
    const { check, api } = setUp(answers);
    await check();
    expect(api.describes).toBe(5);
  });

  it.each<[string, Answers, new (...args: never[]) => Error, RegExp]>([
    [
      "an unknown stream",
      { description: failure("missing") },
      ConfigError,
      /There is no .*"tweet_stream" \(FIREHOSE_STREAM_NAME\)/,
    ],
    ["an unknown stream, said by the put", { put: failure("missing") }, ConfigError, /There is no /],
    [
      "a stream on its way out",
      { description: describing("DELETING") },
      ConfigError,
      /is DELETING; it must be ACTIVE/,
    ],
    [
      "a stream fed by Kinesis",
      { description: describing("ACTIVE", "KinesisStreamAsSource") },
      ConfigError,
      /Direct PUT/,
    ],
    [
      "a stream fed by Kinesis, whose description is refused",
      {
        put: new FirehoseFailure("invalid", "InvalidArgumentException", "is not permitted on this stream"),
        description: failure("refused"),
      },
      ConfigError,
      /not permitted.*Direct PUT/,
    ],
    [
      "no permission to write",
      { put: failure("refused", "AccessDeniedException") },
      AccessError,
      /firehose:PutRecordBatch/,
    ],
    [
      "no use of the stream's key",
      { put: failure("refused", "InvalidKMSResourceException") },
      AccessError,
      /kms:GenerateDataKey/,
    ],
    [
      "wrong credentials",
      { put: failure("stale_credentials", "UnrecognizedClientException") },
      AccessError,
      /UnrecognizedClientException/,
    ],
    [
      "expired credentials",
      { put: failure("stale_credentials", "ExpiredTokenException") },
      AccessError,
      /not expired/,
    ],
    [
      "no credentials",
      { put: failure("refused", "CredentialsProviderError") },
      AccessError,
      /AWS_ACCESS_KEY_ID/,
    ],
    ["a clock that AWS refuses", { put: failure("skewed_clock") }, AccessError, /clock \(NTP\)/],
    ["no region", { put: failure("no_region", "Error") }, ConfigError, /AWS_REGION is missing/],
    [
      "another service of AWS",
      { put: failure("misdirected", "UnknownOperationException"), description: failure("misdirected") },
      ConfigError,
      /not Firehose.*AWS_ENDPOINT_URL_FIREHOSE/,
    ],
  ])("fails at once: %s", async (_name, answers, type, message) => {
    const { check, clock } = setUp(answers);
    const checking = check();
    await expect(checking).rejects.toThrow(type);
    await expect(checking).rejects.toThrow(message);
    expect(clock.sleeps).toEqual([]);
  });

  it.each([
    ["its variable, where there is one", LOCAL, /AWS_ENDPOINT_URL_FIREHOSE .*"http:\/\/127\.0\.0\.1:4566\/"/],
    ["the region, where there is none", AWS, /Firehose cannot be reached .*eu-west-1.*Check AWS_REGION/],
  ])("tries an unreachable endpoint for a few seconds, then names %s", async (_name, target, message) => {
    const unreached = failure("unreachable", "ECONNREFUSED");
    const { check, api, clock } = setUp({ put: unreached, description: unreached }, target);
    await expect(check()).rejects.toMatchObject({
      exitCode: EXIT.configuration,
      message: expect.stringMatching(message),
    });
    expect(api.describes).toBe(5);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(10_000);
  });

  it.each<[string, FirehoseFailure]>([
    ["web pages", failure("unreachable", "HTTP 200")],
    ["an empty object", failure("unreachable", "HTTP 200")],
  ])("passes nothing that answers everything alike: %s", async (_name, put) => {
    const { check } = setUp({ put, description: describing(undefined, undefined) }, LOCAL);
    await expect(check()).rejects.toThrow(/No Firehose answers at AWS_ENDPOINT_URL_FIREHOSE/);
  });

  it("says so when Firehose is too broken to prove anything", async () => {
    const { check } = setUp({ put: failure("transient"), description: failure("transient") });
    await expect(check()).rejects.toThrow(DeliveryError);
  });

  it("takes an endpoint that never answers for unreachable, and asks it no longer than ten seconds or so", async () => {
    const never = failure("transient", "Timeout");
    const { check, api, clock } = setUp({ put: never, description: never }, LOCAL);
    const describe = api.describe.bind(api);
    api.describe = async () => {
      clock.advance(5_000);
      return describe();
    };
    const start = clock.nowMs;
    await expect(check()).rejects.toThrow(/No Firehose answers/);
    expect(clock.nowMs - start).toBeLessThan(15_000);
  });

  it("says of a custom endpoint that requests are signed all the same", async () => {
    const { check } = setUp({ put: failure("refused", "CredentialsProviderError") }, LOCAL);
    await expect(check()).rejects.toMatchObject({
      exitCode: EXIT.access,
      message: expect.stringMatching(/127\.0\.0\.1.*not AWS's own/),
    });
  });

  it.each([failure("unreachable"), failure("missing"), failure("refused", "CredentialsProviderError")])(
    "never shows what a URL may hold beside its host (%#)",
    async (put) => {
      await expect(setUp({ put, description: put }, LOCAL).check()).rejects.toMatchObject({
        message: expect.not.stringContaining("secret"),
      });
    },
  );

  it("waits for a stream that is being created", async () => {
    const { check, api, clock } = setUp({ description: describing("CREATING") });
    clock.sleep = async () => {
      api.description = ACTIVE;
    };
    await check();
    expect(api.describes).toBe(2);
  });

  it("stops waiting for it", async () => {
    await expect(setUp({ description: describing("CREATING") }).check()).rejects.toThrow(/is CREATING/);
  });

  it("ends quietly when aborted between tries", async () => {
    const controller = new AbortController();
    const { check, api, clock } = setUp({ put: failure("unreachable"), description: failure("unreachable") });
    clock.sleep = async () => controller.abort();
    await check(controller.signal);
    expect(api.describes).toBe(1);
  });
});
