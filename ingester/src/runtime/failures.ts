/** One table of how networks and AWS fail, for every adapter. */

/** nodejs.org/api/errors.html, nodejs.org/api/tls.html: nothing was reached, or nothing that could be trusted. */
const NOT_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|ERR_INVALID_URL|ERR_SSL_|ERR_TLS_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;
/** A connection that broke, or an answer that did not come: the request may have been carried out. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);
/** Connections that failed before anything was sent, and that have no code: the AWS SDK's time-out, a proxy that hung up. */
const NOT_CONNECTED = /did not establish a connection|^Proxy connection ended/;

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
  /** The request was dated too far from AWS's time: this machine's clock is wrong. */
  | "skewed_clock"
  /** Another service of AWS, or the same one of another region, answers at the address. */
  | "misdirected"
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
    "UnrecognizedClientException",
  ]),
  ...kinds("skewed_clock", ["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"]),
  ...kinds("misdirected", ["UnknownOperationException"]),
  ...kinds("refused", [
    "AccessDenied",
    "AccessDeniedException",
    "CredentialsProviderError",
    "InvalidKMSResourceException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "TokenProviderError",
  ]),
  ...kinds("missing", ["ResourceNotFoundException"]),
  ...kinds("invalid", [
    "InvalidArgumentException",
    "InvalidSourceException",
    "SerializationException",
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

/** The message shows why a signature was refused: docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const SIGNATURE_REFUSED = new Set([
  "AuthFailure",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
]);
const WRONG_DATE = /^Signature (expired|not yet current)/;
const WRONG_SCOPE = /^Credential should be scoped to/;

/** What the SDK says without a region, or with one that is no part of a host name; nothing was asked, so there is no code. */
const REGION_MISSING = "Region is missing";
const REGION_INVALID = /^Region not accepted/;
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
  return { kind: kindOf(details, message), code: codeOf(details), message: wordsOf(details, message) };
}

/** Whether the service itself has answered, in AWS's format, whatever it said. */
export function isAwsAnswer(error: unknown): boolean {
  const { name, $metadata } = (typeof error === "object" && error !== null ? error : {}) as SdkError;
  return $metadata?.httpStatusCode !== undefined && !isNameless(name);
}

function kindOf(details: SdkError, message: string): FailureKind {
  if (isRegionMissing(message)) return "no_region";
  const { name = "", $metadata } = details;
  const code = details.code ?? systemCodeIn(message) ?? "";
  if (SIGNATURE_REFUSED.has(name)) return kindOfSignature(message);
  const byCode = Object.hasOwn(AWS_CODES, name) ? AWS_CODES[name] : undefined;
  if (byCode !== undefined) return byCode;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return kindOfStatus(status, name);
  return isNotReached(code) || NOT_CONNECTED.test(message) ? "unreachable" : "transient";
}

function isRegionMissing(message: string): boolean {
  return message === REGION_MISSING || REGION_INVALID.test(message);
}

function kindOfSignature(message: string): FailureKind {
  if (WRONG_DATE.test(message)) return "skewed_clock";
  return WRONG_SCOPE.test(message) ? "misdirected" : "refused";
}

/** AWS answers JSON that names the error: anything else comes from something that stands in its place. */
function kindOfStatus(status: number, name: string): FailureKind {
  if (status === 413) return "invalid";
  if (status === 429) return "throttled";
  if (status >= 500 || status === 408 || status === 425) return "transient";
  if (name === NOT_JSON) return "unreachable";
  if (status === 401 || status === 403) return "refused";
  return isNameless(name) ? "unreachable" : "transient";
}

/** A broken connection is named by the system ("ECONNRESET"), an answer by AWS, a foreign answer by its status. */
function codeOf({ name, code, message, $metadata }: SdkError): string {
  if (message !== undefined && isRegionMissing(message)) return "RegionMissing";
  const status = $metadata?.httpStatusCode;
  const systemCode = code ?? systemCodeIn(message ?? "");
  if (systemCode !== undefined) return systemCode;
  if (isNameless(name) && status !== undefined) return `HTTP ${status}`;
  return name ?? "Unknown";
}

/** What the SDK calls an answer whose body is no JSON. */
const NOT_JSON = "SyntaxError";
/** What the SDK says of an error that came without a message. */
const NO_MESSAGE = "UnknownError";

function isNameless(name: string | undefined): boolean {
  return name === undefined || ["", "Error", "Unknown", NO_MESSAGE, NOT_JSON].includes(name);
}

/** Errors that were wrapped on the way have the system's code in their message alone. */
function systemCodeIn(message: string): string | undefined {
  return /\b(E[A-Z]{5,}|EAI_[A-Z]+)\b/.exec(message)?.[1];
}

function wordsOf({ name, $metadata }: SdkError, message: string): string {
  if (name === NOT_JSON && $metadata !== undefined) return "the answer is not in AWS's format";
  return message === NO_MESSAGE ? "no message" : firstLine(message);
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
