import { isAscii } from "node:buffer";
import { AwsError, validationError } from "./aws-error";
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from "./limits";

/** A put as the endpoint understands it, whichever operation it came by. */
export interface PutRequest {
  readonly streamName: string;
  /** Decoded data, in the request's order. */
  readonly records: readonly Buffer[];
}

/**
 * Parses a request body.
 * @throws AwsError (SerializationException) when it is not a JSON object.
 */
export function parseBody(body: Buffer): Record<string, unknown> {
  try {
    // Base64 is ASCII, which is read many times faster as such.
    const value: unknown = JSON.parse(body.toString(isAscii(body) ? "latin1" : "utf8"));
    if (isObject(value)) return value;
  } catch {
    // Not JSON at all: the same answer as JSON that is no object.
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object.");
}

/**
 * Reads PutRecord's parameters.
 * @throws AwsError when one is missing or beyond its limit.
 */
export function readPutRecord(body: Record<string, unknown>): PutRequest {
  return { streamName: readStreamName(body), records: [readRecord(body.Record, "record")] };
}

/**
 * Reads PutRecordBatch's parameters.
 * @throws AwsError when one is missing or beyond its limit.
 */
export function readPutRecordBatch(body: Record<string, unknown>): PutRequest {
  const streamName = readStreamName(body);
  const entries = body.Records;
  if (!Array.isArray(entries)) throw validationError("records", "Member must not be null");
  if (entries.length < 1) {
    throw validationError("records", "Member must have length greater than or equal to 1");
  }
  if (entries.length > MAX_BATCH_RECORDS) {
    throw validationError("records", `Member must have length less than or equal to ${MAX_BATCH_RECORDS}`);
  }
  const records = entries.map((entry, position) => readRecord(entry, `records.${position + 1}.member`));
  checkBatchBytes(records);
  return { streamName, records };
}

/**
 * Reads the stream a request is about.
 * @throws AwsError when it is missing.
 */
export function readStreamName(body: Record<string, unknown>): string {
  const name = body.DeliveryStreamName;
  if (typeof name !== "string") throw validationError("deliveryStreamName", "Member must not be null");
  return name;
}

function readRecord(entry: unknown, at: string): Buffer {
  const data = isObject(entry) ? entry.Data : undefined;
  if (typeof data !== "string") throw validationError(`${at}.data`, "Member must not be null");
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > MAX_RECORD_BYTES) {
    throw validationError(`${at}.data`, `Member must have length less than or equal to ${MAX_RECORD_BYTES}`);
  }
  return bytes;
}

function checkBatchBytes(records: readonly Buffer[]): void {
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw new AwsError(
      "InvalidArgumentException",
      `Records size exceeds 4 MB limit: got ${bytes} bytes, allowed ${MAX_BATCH_BYTES}.`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
