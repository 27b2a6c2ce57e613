import type { Variable } from "./variable";

/**
 * Host names and signatures contain the region, and case matters in signatures. The SDK's own message does not name the
 * variable.
 */
const REGION = {
  pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  allowed: "a region, such as eu-west-1, without quotes or spaces",
} as const;
const URL_FORM = { allowed: "an http or https URL" } as const;

/** Variables of the delivery stream and of AWS. The SDK itself reads the credentials. */
export const DELIVERY = {
  FIREHOSE_STREAM_NAME: {
    meaning: "delivery stream",
    // docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
    text: { pattern: /^[a-zA-Z0-9_.-]{1,64}$/, allowed: "1 to 64 of a-z A-Z 0-9 _ . -" },
    shownDefault: "required",
    help: "delivery stream (required)",
  },
  FIREHOSE_MAX_BYTES_PER_SECOND: {
    meaning: "the most that is sent in a second, in place of the region's quota",
    number: { min: 1_024, max: 10 ** 12, integer: true },
    shownDefault: "the quota; none for a custom endpoint",
  },
  AWS_REGION: {
    meaning: "region of the stream and the table",
    text: REGION,
    shownDefault: "the shared config file",
  },
  AWS_DEFAULT_REGION: {
    meaning: "the same, where `AWS_REGION` is not set",
    text: REGION,
    shownDefault: "none",
  },
  AWS_ENDPOINT_URL: {
    meaning: "endpoint of all these services, such as an emulator's",
    text: URL_FORM,
    shownDefault: "AWS's own",
  },
  AWS_ENDPOINT_URL_FIREHOSE: {
    meaning: "endpoint of Firehose alone",
    text: URL_FORM,
    shownDefault: "`AWS_ENDPOINT_URL`",
  },
  AWS_ENDPOINT_URL_DYNAMODB: {
    meaning: "endpoint of DynamoDB alone",
    text: URL_FORM,
    shownDefault: "`AWS_ENDPOINT_URL`",
  },
  AWS_ENDPOINT_URL_S3: {
    meaning: "endpoint of S3 alone, which only [audit](audit.md) uses",
    text: URL_FORM,
    shownDefault: "`AWS_ENDPOINT_URL`",
  },
} as const satisfies Record<string, Variable>;
