import { randomUUID } from "node:crypto";
import type { FailedRecord, ProcessedRecords, RecordProcessor } from "./delivery";
import { type BatchAnswer, readAnswer } from "./lambda-answer";

/** A transform function as Lambda runs it: JSON in, JSON out. */
export type LambdaHandler = (event: unknown) => Promise<unknown>;

/** AWS's defaults. @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
const BUFFER_BYTES = 1024 * 1024;
const RETRIES = 3;
/** Of request and response. */
const MAX_PAYLOAD_BYTES = 6_000_000;

/** Hands records to a function the way Firehose does: in batches, with retries, one result for each record. */
export function lambdaProcessor(handler: LambdaHandler, streamArn: string): RecordProcessor {
  return async (records, arrivalMs) => {
    const delivered: Buffer[] = [];
    const failed: FailedRecord[] = [];
    for (const batch of batchesOf(records)) {
      const processed = await processBatch(batch, { handler, streamArn, arrivalMs });
      delivered.push(...processed.delivered);
      failed.push(...processed.failed);
    }
    return { delivered, failed };
  };
}

function batchesOf(records: readonly Buffer[]): Buffer[][] {
  const batches: Buffer[][] = [];
  let bytes = BUFFER_BYTES;
  for (const record of records) {
    if (bytes >= BUFFER_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(record);
    bytes += record.length;
  }
  return batches;
}

interface BatchProps {
  readonly handler: LambdaHandler;
  readonly streamArn: string;
  readonly arrivalMs: number;
}

async function processBatch(batch: readonly Buffer[], props: BatchProps): Promise<ProcessedRecords> {
  const { answer, attemptsMade } = await invoke(batch, props);
  const delivered: Buffer[] = [];
  const failed: FailedRecord[] = [];
  for (const [index, data] of batch.entries()) {
    const verdict = answer(recordId(index));
    if (verdict.kind === "delivered") delivered.push(verdict.data);
    if (verdict.kind === "failed") failed.push({ data, attemptsMade, ...verdict.reason });
  }
  return { delivered, failed };
}

/** A function that throws is asked again; one that answers is taken at its word. */
async function invoke(
  batch: readonly Buffer[],
  props: BatchProps,
): Promise<{ readonly answer: BatchAnswer; readonly attemptsMade: number }> {
  for (let attemptsMade = 1; ; attemptsMade += 1) {
    try {
      return { answer: readAnswer(await answerOf(eventOf(batch, props), props.handler)), attemptsMade };
    } catch (error) {
      const reason = { errorCode: "Lambda.FunctionError", errorMessage: messageOf(error) };
      if (attemptsMade > RETRIES) return { answer: () => ({ kind: "failed", reason }), attemptsMade };
    }
  }
}

/** Through JSON both ways: what cannot be said in JSON does not get through here either. */
async function answerOf(event: unknown, handler: LambdaHandler): Promise<unknown> {
  const response = JSON.stringify(await handler(JSON.parse(JSON.stringify(event))));
  const bytes = Buffer.byteLength(response ?? "null");
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new Error(`Response payload size (${bytes} bytes) exceeded the limit of ${MAX_PAYLOAD_BYTES}.`);
  }
  return JSON.parse(response ?? "null");
}

function eventOf(batch: readonly Buffer[], { streamArn, arrivalMs }: BatchProps) {
  return {
    invocationId: randomUUID(),
    deliveryStreamArn: streamArn,
    region: streamArn.split(":")[3],
    records: batch.map((data, index) => ({
      recordId: recordId(index),
      approximateArrivalTimestamp: arrivalMs,
      data: data.toString("base64"),
    })),
  };
}

/** Firehose's are long opaque numbers; they mean nothing outside their invocation. */
function recordId(index: number): string {
  return `4966${String(index).padStart(52, "0")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
