import type { DeliveryTarget, FirehoseFailure, StreamDescription } from "../../src/firehose/api";
import { checkDestination } from "../../src/firehose/check";
import { AccessError, ConfigError, EXIT } from "../../src/loop/errors";
import { FakeClock } from "../helpers/fake-clock";
import { FakeFirehose, failure } from "../helpers/fake-firehose";

const AWS: DeliveryTarget = { streamName: "tweet_stream", region: "eu-west-1", endpointUrl: undefined };
const LOCAL: DeliveryTarget = { ...AWS, endpointUrl: "http://user:secret@127.0.0.1:4566/?token=secret" };

function setUp(description: StreamDescription | FirehoseFailure, target = AWS) {
  const api = new FakeFirehose();
  const clock = new FakeClock();
  api.description = description;
  const check = (signal = new AbortController().signal) => checkDestination({ api, target, clock }, signal);
  return { api, clock, check };
}

const describing = (status: string | undefined, source: string | undefined = "DirectPut") => ({
  status,
  source,
});

describe("checkDestination", () => {
  it.each([
    ["an active stream", describing("ACTIVE")],
    ["an endpoint that tells nothing", describing(undefined, undefined)],
    ["no permission to describe", failure("refused", "AccessDeniedException")],
    ["an endpoint that does not know the operation", failure("invalid", "UnknownOperationException")],
    ["an emulator that refuses what it does not know as invalid", failure("invalid", "ValidationException")],
    ["an emulator that does not know the operation at all", failure("unreachable", "HTTP 404")],
    ["throttling", failure("throttled")],
    ["a server error", failure("transient")],
  ])("passes at once: %s", async (_name, description) => {
    const { check, api } = setUp(description);
    await check();
    expect(api.describes).toBe(1);
  });

  it.each([
    [
      "an unknown stream",
      failure("missing"),
      ConfigError,
      /There is no .*"tweet_stream" \(FIREHOSE_STREAM_NAME\)/,
    ],
    ["a stream on its way out", describing("DELETING"), ConfigError, /is DELETING; it must be ACTIVE/],
    ["a stream fed by Kinesis", describing("ACTIVE", "KinesisStreamAsSource"), ConfigError, /Direct PUT/],
    [
      "wrong credentials",
      failure("stale_credentials", "UnrecognizedClientException"),
      AccessError,
      /UnrecognizedClientException/,
    ],
    [
      "expired credentials",
      failure("stale_credentials", "ExpiredTokenException"),
      AccessError,
      /not expired/,
    ],
    ["no credentials", failure("refused", "CredentialsProviderError"), AccessError, /AWS_ACCESS_KEY_ID/],
    ["no region", failure("no_region", "Error"), ConfigError, /AWS_REGION is missing/],
  ])("fails at once: %s", async (_name, description, type, message) => {
    const { check, api } = setUp(description);
    const checking = check();
    await expect(checking).rejects.toThrow(type);
    await expect(checking).rejects.toThrow(message);
    expect(api.describes).toBe(1);
  });

  it.each([
    ["its variable, where there is one", LOCAL, /AWS_ENDPOINT_URL_FIREHOSE .*"http:\/\/127\.0\.0\.1:4566\/"/],
    ["the region, where there is none", AWS, /Firehose cannot be reached .*eu-west-1.*Check AWS_REGION/],
  ])("tries an unreachable endpoint for a few seconds, then names %s", async (_name, target, message) => {
    const { check, api, clock } = setUp(failure("unreachable", "ECONNREFUSED"), target);
    await expect(check()).rejects.toMatchObject({
      exitCode: EXIT.configuration,
      message: expect.stringMatching(message),
    });
    expect(api.describes).toBe(5);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(10_000);
  });

  it("takes an endpoint that never answers for unreachable, and asks it no longer than ten seconds or so", async () => {
    const { check, api, clock } = setUp(failure("transient", "Timeout"), LOCAL);
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
    const { check } = setUp(failure("refused", "CredentialsProviderError"), LOCAL);
    await expect(check()).rejects.toMatchObject({
      exitCode: EXIT.access,
      message: expect.stringMatching(/127\.0\.0\.1.*not AWS's own/),
    });
  });

  it.each([failure("unreachable"), failure("missing"), failure("refused", "CredentialsProviderError")])(
    "never shows what a URL may hold beside its host (%#)",
    async (description) => {
      await expect(setUp(description, LOCAL).check()).rejects.toMatchObject({
        message: expect.not.stringContaining("secret"),
      });
    },
  );

  it("waits for a stream that is being created", async () => {
    const { check, api, clock } = setUp(describing("CREATING"));
    clock.sleep = async () => {
      api.description = describing("ACTIVE");
    };
    await check();
    expect(api.describes).toBe(2);
  });

  it("does not wait for it for ever", async () => {
    await expect(setUp(describing("CREATING")).check()).rejects.toThrow(/is CREATING/);
  });

  it("ends quietly when aborted between tries", async () => {
    const controller = new AbortController();
    const { check, api, clock } = setUp(failure("unreachable"));
    clock.sleep = async () => controller.abort();
    await check(controller.signal);
    expect(api.describes).toBe(1);
  });
});
