import type { ServerResponse } from "node:http";
import { randomSequence } from "../support/random";
import { AwsError } from "./aws-error";

/** The codes Firehose gives to single entries of a batch. */
export type EntryErrorCode = "ServiceUnavailableException" | "InternalFailure";

/** What can go wrong with one PutRecord or PutRecordBatch request. */
export type FirehoseFault =
  /** Nothing: lets one request through. */
  | { readonly kind: "none" }
  /** HTTP 200, but these entries of the batch are not taken. PutRecord fails as a whole. */
  | { readonly kind: "fail-entries"; readonly entries: readonly number[]; readonly code?: EntryErrorCode }
  /** HTTP 200, but a random share (0 to 1) of the entries is not taken. */
  | {
      readonly kind: "fail-random-entries";
      readonly share: number;
      readonly seed?: number;
      readonly code?: EntryErrorCode;
    }
  /** The whole request is refused; nothing is taken. */
  | { readonly kind: "service-unavailable" }
  | { readonly kind: "internal-failure" }
  | { readonly kind: "throttling" }
  | { readonly kind: "access-denied" }
  | { readonly kind: "expired-token" }
  | { readonly kind: "unrecognized-client" }
  | { readonly kind: "invalid-kms-resource" }
  /** No answer ever; nothing is taken. */
  | { readonly kind: "hang-before-accept" }
  /** No answer ever, although everything is taken: the client cannot know. */
  | { readonly kind: "hang-after-accept" }
  /** The connection breaks; nothing is taken. */
  | { readonly kind: "reset-before-accept" }
  /** The connection breaks although everything is taken: a resend makes legitimate duplicates. */
  | { readonly kind: "reset-after-accept" }
  /** HTTP 500 although everything is taken. */
  | { readonly kind: "internal-failure-after-accept" };

/** Every kind, for checking what comes over HTTP. */
export const FIREHOSE_FAULT_KINDS: readonly FirehoseFault["kind"][] = [
  "none",
  "fail-entries",
  "fail-random-entries",
  "service-unavailable",
  "internal-failure",
  "throttling",
  "access-denied",
  "expired-token",
  "unrecognized-client",
  "invalid-kms-resource",
  "hang-before-accept",
  "hang-after-accept",
  "reset-before-accept",
  "reset-after-accept",
  "internal-failure-after-accept",
];

const MESSAGES: Readonly<Record<EntryErrorCode, string>> = {
  ServiceUnavailableException: "Slow down.",
  InternalFailure: "The request processing has failed because of an unknown error, exception or failure.",
};

const REFUSALS: Readonly<Record<string, () => AwsError>> = {
  "service-unavailable": () =>
    new AwsError("ServiceUnavailableException", MESSAGES.ServiceUnavailableException, 503),
  "internal-failure": () => new AwsError("InternalFailure", MESSAGES.InternalFailure, 500),
  "internal-failure-after-accept": () => new AwsError("InternalFailure", MESSAGES.InternalFailure, 500),
  throttling: () => new AwsError("ThrottlingException", "Rate exceeded"),
  "access-denied": () =>
    new AwsError(
      "AccessDeniedException",
      "User: arn:aws:iam::111111111111:user/local is not authorized to perform: firehose:PutRecordBatch",
    ),
  "expired-token": () =>
    new AwsError("ExpiredTokenException", "The security token included in the request is expired"),
  "unrecognized-client": () =>
    new AwsError("UnrecognizedClientException", "The security token included in the request is invalid."),
  "invalid-kms-resource": () =>
    new AwsError(
      "InvalidKMSResourceException",
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    ),
};

/** An entry that was not taken. */
export interface EntryError {
  readonly ErrorCode: EntryErrorCode;
  readonly ErrorMessage: string;
}

/** Which entries of a batch of `count` the fault keeps out: the error by position. */
export function failedEntries(
  fault: FirehoseFault | undefined,
  count: number,
): ReadonlyMap<number, EntryError> {
  if (fault?.kind !== "fail-entries" && fault?.kind !== "fail-random-entries") return new Map();
  const code = fault.code ?? "ServiceUnavailableException";
  const error: EntryError = { ErrorCode: code, ErrorMessage: MESSAGES[code] };
  const positions = fault.kind === "fail-entries" ? fault.entries : randomPositions(fault, count);
  return new Map(positions.filter((position) => position < count).map((position) => [position, error]));
}

function randomPositions(fault: { readonly share: number; readonly seed?: number }, count: number): number[] {
  const random = randomSequence(fault.seed ?? 1);
  return Array.from({ length: count }, (_, position) => position).filter(() => random() < fault.share);
}

/**
 * Meets a request before anything is taken.
 * @returns true when the fault has dealt with the response.
 * @throws AwsError when the fault is a refusal.
 */
export function meetBeforeAccept(fault: FirehoseFault | undefined, response: ServerResponse): boolean {
  if (!fault) return false;
  if (fault.kind === "hang-before-accept") return true;
  if (fault.kind === "reset-before-accept") return reset(response);
  const refusal = fault.kind === "internal-failure-after-accept" ? undefined : REFUSALS[fault.kind];
  if (refusal) throw refusal();
  return false;
}

/**
 * Meets a request whose records have been taken.
 * @returns true when the fault has dealt with the response.
 * @throws AwsError when the client gets a failure.
 */
export function meetAfterAccept(fault: FirehoseFault | undefined, response: ServerResponse): boolean {
  if (fault?.kind === "hang-after-accept") return true;
  if (fault?.kind === "reset-after-accept") return reset(response);
  const refusal = fault?.kind === "internal-failure-after-accept" ? REFUSALS[fault.kind] : undefined;
  if (refusal) throw refusal();
  return false;
}

/** Sends a TCP reset, as a crashing host or a cut network does; a plain end could pass for an answer. */
function reset(response: ServerResponse): true {
  response.socket?.resetAndDestroy();
  return true;
}
