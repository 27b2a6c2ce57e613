import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../support/clock";
import { AwsError } from "./aws-error";
import { describeStream, listStreams } from "./describe";
import type { EntryError } from "./faults";
import type { PutHandler } from "./put-handler";
import { type PutRequest, parseBody, readPutRecord, readPutRecordBatch, readStreamName } from "./requests";
import type { StreamConfig } from "./stream-config";

const TARGET = /^Firehose_20150804\.(\w+)$/;
const NO_RECORDS = '"Records":[]';
const ALLOWED_OPERATIONS = "PutRecordBatch, PutRecord, DescribeDeliveryStream, ListDeliveryStreams";

/** The operation a request names. @throws AwsError when it names none of Firehose's. */
export function operationOf(request: IncomingMessage): string {
  const [, operation] = TARGET.exec(String(request.headers["x-amz-target"] ?? "")) ?? [];
  if (operation === undefined) {
    throw new AwsError(
      "UnknownOperationException",
      `The header X-Amz-Target must be Firehose_20150804.<operation>. Supported here: ${ALLOWED_OPERATIONS}.`,
    );
  }
  return operation;
}

/** Firehose's operations on the endpoint's one stream. */
export class Operations {
  private readonly createdMs: number;
  private recordNumber = 0;

  constructor(
    private readonly config: StreamConfig,
    private readonly puts: PutHandler,
    clock: Clock,
  ) {
    this.createdMs = clock.now();
  }

  /**
   * Runs an operation.
   * @returns the response body; `undefined` when a fault has dealt with the response.
   * @throws AwsError for everything AWS would answer with an error.
   */
  run(operation: string, body: Buffer, response: ServerResponse): unknown {
    switch (operation) {
      case "PutRecordBatch":
        return this.putRecordBatch(body, response);
      case "PutRecord":
        return this.putRecord(body, response);
      case "DescribeDeliveryStream":
        this.checkStream(readStreamName(parseBody(body)));
        return describeStream(this.config, this.createdMs);
      case "ListDeliveryStreams":
        return listStreams(this.config);
      default:
        throw new AwsError(
          "UnknownOperationException",
          `${operation} is not supported here. Supported: ${ALLOWED_OPERATIONS}.`,
        );
    }
  }

  private putRecordBatch(body: Buffer, response: ServerResponse): unknown {
    const read = () => this.check(readPutRecordBatch(parseBody(body)));
    // Clients put nothing to see that they may put; faults are planned for requests that carry records.
    if (body.includes(NO_RECORDS)) read();
    const outcome = this.puts.put(read, response);
    return (
      outcome && {
        FailedPutCount: outcome.filter((error) => error !== undefined).length,
        Encrypted: false,
        RequestResponses: outcome.map((error) => error ?? { RecordId: this.recordId() }),
      }
    );
  }

  private putRecord(body: Buffer, response: ServerResponse): unknown {
    const outcome = this.puts.put(() => this.check(readPutRecord(parseBody(body))), response);
    const error = outcome?.[0];
    if (error) throw entryFailure(error);
    return outcome && { RecordId: this.recordId(), Encrypted: false };
  }

  private check(request: PutRequest): PutRequest {
    this.checkStream(request.streamName);
    return request;
  }

  private checkStream(name: string): void {
    if (name === this.config.streamName) return;
    throw new AwsError(
      "ResourceNotFoundException",
      `Firehose ${name} under account 111111111111 not found. This endpoint has ${this.config.streamName}.`,
    );
  }

  private recordId(): string {
    this.recordNumber += 1;
    return `${RUN_ID}${this.recordNumber.toString(36).padStart(10, "0")}`;
  }
}

/** Makes record ids of two runs differ, as they do in AWS. */
const RUN_ID = randomUUID().replaceAll("-", "");

/** A batch reports a failed entry; a single record's failure is the request's. */
function entryFailure(error: EntryError): AwsError {
  const status = error.ErrorCode === "InternalFailure" ? 500 : 503;
  return new AwsError(error.ErrorCode, error.ErrorMessage, status);
}
