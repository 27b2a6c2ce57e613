/**
 * Amazon Data Firehose's limits for direct puts.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */

/** Records in one PutRecordBatch call. */
export const MAX_BATCH_RECORDS = 500;

/** Bytes of data in one PutRecordBatch call, before base64. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Bytes of data in one record, before base64: 1,000 KiB. */
export const MAX_RECORD_BYTES = 1000 * 1024;

/** Direct puts are billed per record, each rounded up to 5 KB. */
export const BILLING_UNIT_BYTES = 5 * 1024;

/** Buffering hints a delivery stream to S3 accepts. */
export const BUFFERING_SIZE_MIB = { min: 1, max: 128 } as const;
export const BUFFERING_INTERVAL_SECONDS = { min: 0, max: 900 } as const;

/** What a file extension may look like, and how long it may be. */
export const FILE_EXTENSION_PATTERN = /^\.[0-9a-z!\-_.*'()]+$/;
export const MAX_FILE_EXTENSION_LENGTH = 128;

/** A request body: base64 makes 4 MiB a third larger, JSON adds a little for each record. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
