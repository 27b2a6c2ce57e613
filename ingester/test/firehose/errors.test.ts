import type { DeliveryTarget } from "../../src/firehose/api";
import { explain, nameOf } from "../../src/firehose/errors";
import { AccessError, ConfigError, DeliveryError } from "../../src/loop/errors";
import { failure } from "../helpers/fake-firehose";

const AWS: DeliveryTarget = { streamName: "tweet_stream", region: "eu-west-1", endpointUrl: undefined };
const LOCAL: DeliveryTarget = { ...AWS, endpointUrl: "http://user:secret@127.0.0.1:4566/?token=secret" };

describe("explain", () => {
  it.each([
    ["refused", "AccessDeniedException", AccessError, /AWS refuses access .*AccessDeniedException/],
    ["refused", "CredentialsProviderError", AccessError, /No AWS credentials .*AWS_ACCESS_KEY_ID/],
    ["refused", "InvalidKMSResourceException", AccessError, /InvalidKMSResource.*kms:GenerateDataKey/],
    ["refused", "InvalidSignatureException", AccessError, /AWS_SECRET_ACCESS_KEY belongs to the key id/],
    ["stale_credentials", "ExpiredTokenException", AccessError, /AWS refuses access .*ExpiredTokenException/],
    ["skewed_clock", "RequestExpired", AccessError, /Set this machine's clock/],
    ["misdirected", "UnknownOperationException", ConfigError, /not Firehose.*AWS_ENDPOINT_URL_FIREHOSE/],
    ["throttled", "ServiceUnavailableException", DeliveryError, /busy.*quotas/],
    ["transient", "InternalFailure", DeliveryError, /fails or does not answer.*InternalFailure/],
    ["no_region", "Error", ConfigError, /AWS_REGION is missing/],
    ["missing", "ResourceNotFoundException", ConfigError, /There is no .*Deploy the data stack first/],
    ["unreachable", "ECONNREFUSED", ConfigError, /ECONNREFUSED/],
    ["invalid", "InvalidSourceException", ConfigError, /Not a single record .*InvalidSourceException/],
  ] as const)("says what a person can do: %s (%s)", (kind, code, type, message) => {
    const cause = failure(kind, code);
    const error = explain(cause, AWS);
    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(message);
    expect(error.cause).toBe(cause);
  });

  it("counts the posts that were paid for and are not delivered", () => {
    const refused = failure("refused");
    expect(explain(refused, AWS, 42).message).toMatch(/42 posts are not delivered; the next run reads /);
    expect(explain(refused, AWS).message).not.toContain("not delivered");
  });

  it.each(["refused", "stale_credentials", "no_region", "missing", "unreachable", "invalid"] as const)(
    "never shows what a URL may hold beside its host: %s",
    (kind) => {
      expect(explain(failure(kind), LOCAL, 1).message).not.toContain("secret");
    },
  );
});

describe("nameOf", () => {
  it("says where a stream is looked for", () => {
    expect(nameOf(AWS)).toBe('delivery stream "tweet_stream" (FIREHOSE_STREAM_NAME) in region eu-west-1');
    expect(nameOf({ ...AWS, region: undefined })).toMatch(/in the SDK's region$/);
    expect(nameOf(LOCAL)).toMatch(/in region eu-west-1 at http:\/\/127\.0\.0\.1:4566\/$/);
  });
});
