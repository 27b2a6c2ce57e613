/** One table of how networks and AWS fail, for every adapter. */

/** nodejs.org/api/errors.html, nodejs.org/api/tls.html: nothing was reached, or nothing that could be trusted. */
const NOT_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|ERR_INVALID_URL|ERR_SSL_|ERR_TLS_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;
/** A connection that broke, or an answer that did not come: the request may have been carried out. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);
/** The one time-out that says that nothing was sent; the AWS SDK gives it no code. */
const NOT_CONNECTED = /did not establish a connection/;

/** Kinds of failures, by what to do about them. */
export type FailureKind =
  /** Too fast: again later. */
  | "throttled"
  /** 5xx, timeouts, broken connections; the request may have been carried out. Again later. */
  | "transient"
  /** Nothing that speaks the service's protocol answers at the address. */
  | "unreachable"
  /** Credentials have expired or are not known (yet): new ones may work. */
  | "stale_credentials"
  /** Credentials or permissions; a person has to act. */
  | "refused"
  /** The stream or table does not exist. */
  | "missing"
  /** The request itself is refused. */
  | "invalid"
  /** A conditional write found another version. */
  | "conflict"
  /** No region is configured. */
  | "no_region";

/** AWS's error codes: docs.aws.amazon.com, "Common Errors" of Firehose and DynamoDB, and "PutRecordBatch". */
const AWS_CODES: Readonly<Record<string, FailureKind>> = {
  ...kinds("stale_credentials", [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "UnrecognizedClientException",
  ]),
  ...kinds("refused", [
    "AccessDenied",
    "AccessDeniedException",
    "CredentialsProviderError",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidKMSResourceException",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "SignatureDoesNotMatch",
    "TokenProviderError",
  ]),
  ...kinds("missing", ["ResourceNotFoundException"]),
  ...kinds("invalid", [
    "InvalidArgumentException",
    "InvalidSourceException",
    "SerializationException",
    "UnknownOperationException",
    "ValidationException",
  ]),
  ...kinds("throttled", [
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
  ]),
  ...kinds("conflict", ["ConditionalCheckFailedException"]),
};

/** What the SDK says without a region; nothing was asked, so there is no code. */
const REGION_MISSING = "Region is missing";
const MAX_MESSAGE_CHARACTERS = 300;

export interface AwsFailure {
  readonly kind: FailureKind;
  /** AWS's or the system's own name, such as `AccessDeniedException`, `ECONNREFUSED` or `HTTP 404`. */
  readonly code: string;
  /** One line, without a full stop. */
  readonly message: string;
}

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** @param error whatever the AWS SDK rejected with */
export function awsFailureOf(error: unknown): AwsFailure {
  const details = (typeof error === "object" && error !== null ? error : {}) as SdkError;
  const message = details.message ?? String(error);
  return { kind: kindOf(details, message), code: codeOf(details), message: firstLine(message) };
}

function kindOf(details: SdkError, message: string): FailureKind {
  if (message === REGION_MISSING) return "no_region";
  const { name = "", $metadata } = details;
  const code = details.code ?? systemCodeIn(message) ?? "";
  const byCode = Object.hasOwn(AWS_CODES, name) ? AWS_CODES[name] : undefined;
  if (byCode !== undefined) return byCode;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return kindOfStatus(status, name);
  return isNotReached(code) || NOT_CONNECTED.test(message) ? "unreachable" : "transient";
}

function kindOfStatus(status: number, name: string): FailureKind {
  if (status === 413) return "invalid";
  if (status === 429) return "throttled";
  if (status >= 500) return "transient";
  // AWS answers JSON, and errors with 400 or 403: anything else is not AWS.
  if (name === "SyntaxError" || status === 404) return "unreachable";
  return status === 401 || status === 403 ? "refused" : "transient";
}

/** A broken connection is named by the system ("ECONNRESET"), an answer by AWS, a foreign answer by its status. */
function codeOf({ name, code, message, $metadata }: SdkError): string {
  if (message === REGION_MISSING) return "RegionMissing";
  const status = $metadata?.httpStatusCode;
  const isNameless = name === undefined || ["Error", "Unknown", "SyntaxError"].includes(name);
  const systemCode = code ?? systemCodeIn(message ?? "");
  if (systemCode !== undefined) return systemCode;
  if (isNameless && status !== undefined) return `HTTP ${status}`;
  return name ?? "Unknown";
}

/** Errors that were wrapped on the way have the system's code in their message alone. */
function systemCodeIn(message: string): string | undefined {
  return /\b(E[A-Z]{5,}|EAI_[A-Z]+)\b/.exec(message)?.[1];
}

/** What follows the first line can quote the request, signature included (SignatureDoesNotMatch does). */
function firstLine(message: string): string {
  const line = (message.split("\n")[0] ?? "").trim();
  return line.slice(0, MAX_MESSAGE_CHARACTERS).replace(/\.$/, "");
}

/** True for the system's codes of requests that never left this machine or never arrived. */
export function isNotReached(code: string): boolean {
  return NOT_REACHED.test(code);
}

export function isBroken(code: string): boolean {
  return BROKEN.has(code);
}

function kinds(kind: FailureKind, codes: readonly string[]): Record<string, FailureKind> {
  return Object.fromEntries(codes.map((code) => [code, kind]));
}
