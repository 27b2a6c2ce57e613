import { AWS_DOCS, nameOf, oneOf, wholeFrom } from "./bound";

const FIREHOSE_API = `${AWS_DOCS}/firehose/latest/APIReference`;
const LAMBDA_API = `${AWS_DOCS}/lambda/latest/api`;

/** Firehose, and the function that it may call. */
export const deliveryBounds = {
  streamName: nameOf(64, {
    characters: "a-zA-Z0-9_.-",
    words: "letters, digits, underscores, dots and hyphens",
    fix: "Replace blanks and other characters.",
    source: `${FIREHOSE_API}/API_CreateDeliveryStream.html`,
  }),
  bufferingSizeMiB: wholeFrom(1, 128, {
    unit: "MiB",
    fix: "Firehose delivers at this size or after the buffering interval, whichever comes first.",
    source: `${FIREHOSE_API}/API_BufferingHints.html`,
  }),
  bufferingIntervalSeconds: wholeFrom(0, 900, {
    unit: "seconds",
    fix: "0 delivers without buffering; 900 makes the fewest, largest objects.",
    source: `${FIREHOSE_API}/API_BufferingHints.html`,
  }),
  deliveryRetrySeconds: wholeFrom(0, 7200, {
    unit: "seconds",
    fix: "0 never tries again.",
    source: `${FIREHOSE_API}/API_RetryOptions.html`,
  }),
  outputPrefix: {
    kind: "pattern",
    pattern: "^[^\\n\\r]*$",
    maxLength: 1024,
    allowed: "at most 1024 characters in one line",
    fix: "Shorten it.",
    source: `${FIREHOSE_API}/API_ExtendedS3DestinationConfiguration.html`,
  },
  fileExtension: {
    kind: "pattern",
    pattern: "^[.][0-9a-z!\\-_.*'()]+$",
    maxLength: 128,
    allowed: "a dot and lower-case letters, digits or !-_.*'(), at most 128 characters",
    fix: "Begin with a dot, and use no slash.",
    source: `${FIREHOSE_API}/API_ExtendedS3DestinationConfiguration.html`,
  },
  lambdaBufferMB: {
    kind: "number",
    whole: false,
    min: 0.2,
    max: 3,
    allowed: "a number from 0.2 to 3 MB",
    fix: "A function's request and response are limited to 6 MB each.",
    source: `${AWS_DOCS}/firehose/latest/dev/data-transformation.html`,
  },
  lambdaRetries: wholeFrom(0, 300, {
    fix: "Firehose tries a failed invocation again this many times.",
    source: `${FIREHOSE_API}/API_ProcessorParameter.html`,
  }),
  transformTimeoutSeconds: wholeFrom(1, 300, {
    unit: "seconds",
    fix: "Firehose gives an invocation five minutes.",
    source: `${AWS_DOCS}/firehose/latest/dev/data-transformation.html`,
  }),
  lambdaMemoryMiB: wholeFrom(128, 10240, {
    unit: "MiB",
    fix: "CPU grows with memory; 256 is plenty for text.",
    source: `${LAMBDA_API}/API_CreateFunction.html`,
  }),
  functionName: nameOf(64, {
    characters: "A-Za-z0-9_-",
    words: "letters, digits, underscores and hyphens",
    fix: "Replace blanks and other characters.",
    source: `${LAMBDA_API}/API_CreateFunction.html`,
  }),
  lambdaRuntime: oneOf(["nodejs22.x"], {
    fix: "Provider 5.100.0 refuses later ones.",
    source: `${AWS_DOCS}/lambda/latest/dg/lambda-runtimes.html`,
  }),
} as const;
