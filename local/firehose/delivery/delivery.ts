import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FirehoseStats } from "../stats";
import type { StreamConfig } from "../stream-config";
import { BucketWriter } from "./bucket-writer";
import { objectKey } from "./object-key";
import type { PendingObject, RecoveredObject } from "./spool";

const compress = promisify(gzip);

/**
 * The fastest level: the endpoint shares its machine with the ingester that is being measured, and AWS
 * does not say which level it uses.
 */
const GZIP_LEVEL = 1;

/** A record that a processor could not transform; it goes under the error prefix. */
export interface FailedRecord {
  readonly data: Buffer;
  readonly errorCode: string;
  readonly errorMessage: string;
  /** How often the processor was asked. */
  readonly attemptsMade: number;
}

/** What became of an object's records. */
export interface ProcessedRecords {
  readonly delivered: readonly Buffer[];
  readonly failed: readonly FailedRecord[];
}

/** Where a transform plugs in: gets an object's records and the arrival of the oldest, in ms since the epoch. */
export type RecordProcessor = (records: readonly Buffer[], arrivalMs: number) => Promise<ProcessedRecords>;

/** Firehose's own name for the folder of records that a transform failed. */
const PROCESSING_FAILED = "processing-failed";

/** Turns buffered records into objects. */
export class Delivery {
  private readonly bucket: BucketWriter;

  constructor(
    private readonly config: StreamConfig,
    private readonly stats: FirehoseStats,
    private readonly processor?: RecordProcessor,
  ) {
    this.bucket = new BucketWriter(config.bucketDirectory);
  }

  /** Delivers one object, and a second one under the error prefix if a processor failed some records. */
  async deliver(pending: PendingObject | RecoveredObject): Promise<void> {
    const processed = await this.processor?.(pending.records, pending.arrivalMs);
    await this.store(pending, processed?.delivered ?? pending.records);
    if (processed && processed.failed.length > 0) await this.storeFailed(pending, processed.failed);
  }

  private async store(pending: PendingObject, records: readonly Buffer[]): Promise<void> {
    if (records.length === 0) return;
    const body = Buffer.concat(records);
    const stored = this.config.compression === "GZIP" ? await compress(body, { level: GZIP_LEVEL }) : body;
    await this.bucket.write(this.key(pending, this.config.dataOutputPrefix), stored);
    this.stats.countObject({ storedBytes: stored.length, bytes: body.length, records: records.length });
  }

  private async storeFailed(pending: PendingObject, failed: readonly FailedRecord[]): Promise<void> {
    const lines = failed.map((record) => `${JSON.stringify(errorLine(record, pending.arrivalMs))}\n`);
    const key = this.key(pending, this.config.errorOutputPrefix, PROCESSING_FAILED);
    await this.bucket.write(key, Buffer.from(lines.join("")));
  }

  private key(pending: PendingObject, prefix: string, errorOutputType?: string): string {
    return objectKey({
      prefix,
      streamName: this.config.streamName,
      arrivalMs: pending.arrivalMs,
      uuid: pending.uuid,
      extension: errorOutputType ? "" : this.config.fileExtension,
      ...(errorOutputType ? { errorOutputType } : {}),
    });
  }
}

/** Firehose wraps a failed record with its reason; `rawData` is base64. */
function errorLine(record: FailedRecord, arrivalMs: number): Readonly<Record<string, unknown>> {
  return {
    attemptsMade: record.attemptsMade,
    arrivalTimestamp: arrivalMs,
    errorCode: record.errorCode,
    errorMessage: record.errorMessage,
    attemptEndingTimestamp: Date.now(),
    rawData: record.data.toString("base64"),
  };
}
