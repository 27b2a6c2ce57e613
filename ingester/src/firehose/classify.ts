/** Turns what the SDK throws into a FirehoseFailure: by AWS's code, then by HTTP status, then by the system's code. */
import { FirehoseFailure, type FirehoseFailureKind, REGION_MISSING } from "./api";

/** docs.aws.amazon.com/firehose/latest/APIReference/CommonErrors.html and API_PutRecordBatch.html */
const KIND_BY_CODE: Readonly<Record<string, FirehoseFailureKind>> = {
  ...kinds("refused", [
    "AccessDenied",
    "AccessDeniedException",
    "CredentialsProviderError",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidKMSResourceException",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "TokenProviderError",
    "UnrecognizedClientException",
  ]),
  ...kinds("unknown_stream", ["ResourceNotFoundException"]),
  ...kinds("invalid", [
    "InvalidArgumentException",
    "InvalidSourceException",
    "SerializationException",
    "UnknownOperationException",
    "ValidationException",
  ]),
  ...kinds("throttled", [
    "LimitExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
  ]),
};

/** nodejs.org/api/errors.html, nodejs.org/api/tls.html: nobody was reached, or nobody who could be trusted. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|ERR_INVALID_URL|ERR_SSL_|ERR_TLS_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;
/** The one time-out that says nothing was sent; the SDK gives it no code. */
const NOT_CONNECTED = /did not establish a connection/;
const MAX_MESSAGE_CHARACTERS = 300;

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** @param error whatever the SDK rejected with */
export function classify(error: unknown): FirehoseFailure {
  const details = (typeof error === "object" && error !== null ? error : {}) as SdkError;
  const message = details.message ?? String(error);
  if (message === "Region is missing") {
    return new FirehoseFailure("refused", REGION_MISSING, message, { cause: error });
  }
  const kind = kindOf(details, message);
  return new FirehoseFailure(kind, codeOf(details), firstLine(message), { cause: error });
}

function kindOf(details: SdkError, message: string): FirehoseFailureKind {
  const byCode = Object.hasOwn(KIND_BY_CODE, details.name ?? "")
    ? KIND_BY_CODE[details.name ?? ""]
    : undefined;
  if (byCode !== undefined) return byCode;
  const status = details.$metadata?.httpStatusCode;
  if (status !== undefined) return kindOfStatus(status, details.name);
  const unreachable = UNREACHABLE.test(details.code ?? "") || NOT_CONNECTED.test(message);
  return unreachable ? "unreachable" : "transient";
}

function kindOfStatus(status: number, name: string | undefined): FirehoseFailureKind {
  if (status === 413) return "invalid";
  if (status === 429) return "throttled";
  if (status >= 500) return "transient";
  // Firehose answers JSON, and errors with 400 or 403: anybody else is no Firehose.
  if (name === "SyntaxError" || status === 404) return "unreachable";
  return status === 401 || status === 403 ? "refused" : "transient";
}

/** A broken connection is named by the system ("ECONNRESET"), an answer by AWS, a foreign answer by its status. */
function codeOf(details: SdkError): string {
  const status = details.$metadata?.httpStatusCode;
  const nameless = details.name === undefined || ["Error", "Unknown", "SyntaxError"].includes(details.name);
  if (details.code !== undefined) return details.code;
  if (nameless && status !== undefined) return `HTTP ${status}`;
  return details.name ?? "Unknown";
}

/** What follows the first line can quote the request, signature included (SignatureDoesNotMatch does). */
function firstLine(message: string): string {
  const line = (message.split("\n")[0] ?? "").trim();
  return line.slice(0, MAX_MESSAGE_CHARACTERS).replace(/\.$/, "");
}

function kinds(kind: FirehoseFailureKind, codes: readonly string[]): Record<string, FirehoseFailureKind> {
  return Object.fromEntries(codes.map((code) => [code, kind]));
}
