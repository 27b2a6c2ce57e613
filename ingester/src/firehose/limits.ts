/** What Amazon Data Firehose takes, and what this ingester makes of it. Sizes are bytes before base64. */

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Records in one call: docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const MAX_RECORDS_PER_BATCH = 500;
/** Bytes in one call: docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const MAX_BATCH_BYTES = 4 * MIB;
/** Bytes in one record: docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html */
export const MAX_RECORD_BYTES = 1_000 * KIB;

/**
 * Own limit: Firehose stops splitting a record for the transform, without a word, above 500 sub-records
 * (docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html).
 */
export const MAX_LINES_PER_RECORD = 500;
/**
 * Own limit: Firehose bills each record rounded up to 5 KB, so at 256 KiB at most 2 % are paid for nothing, while a
 * record that has to be sent again stays small and fits the transform's 6 MB many times. A longer line travels alone.
 */
export const PACKED_RECORD_BYTES = 256 * KIB;

/** What one delivery stream takes per second. */
export interface Quota {
  readonly recordsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Direct PUT, per stream: docs.aws.amazon.com/firehose/latest/dev/limits.html */
const LARGE_REGION: Quota = {
  recordsPerSecond: 500_000,
  requestsPerSecond: 2_000,
  bytesPerSecond: 5 * MIB,
};

/** Every region that is not in REGION_QUOTAS. */
const DEFAULT_QUOTA: Quota = {
  recordsPerSecond: 100_000,
  requestsPerSecond: 1_000,
  bytesPerSecond: 1 * MIB,
};

/** Regions with a larger default quota than the others. */
const REGION_QUOTAS: Readonly<Record<string, Quota>> = {
  "us-east-1": LARGE_REGION,
  "us-west-2": LARGE_REGION,
  "eu-west-1": LARGE_REGION,
};

/** Hosts of Firehose itself: public, dual-stack, FIPS and VPC endpoints, in every partition. */
const AWS_HOSTS = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

export interface QuotaQuestion {
  /** Undefined when the SDK finds the region elsewhere; the smaller quota is assumed then. */
  readonly region: string | undefined;
  /** Undefined for AWS's own endpoint. */
  readonly endpointUrl: string | undefined;
  /** The user's own figure (FIREHOSE_MAX_BYTES_PER_SECOND), for quotas that AWS has raised or that are shared. */
  readonly maxBytesPerSecond: number | undefined;
}

/**
 * The quota to keep to; undefined for endpoints that are not AWS's and for which the user named none. AWS raises the
 * three figures of a stream in proportion, so the user's figure scales all of them.
 */
export function quotaFor({ region, endpointUrl, maxBytesPerSecond }: QuotaQuestion): Quota | undefined {
  const regional = REGION_QUOTAS[region ?? ""] ?? DEFAULT_QUOTA;
  if (maxBytesPerSecond !== undefined) return scaled(regional, maxBytesPerSecond / regional.bytesPerSecond);
  return isAwsEndpoint(endpointUrl) ? regional : undefined;
}

function isAwsEndpoint(endpointUrl: string | undefined): boolean {
  if (endpointUrl === undefined) return true;
  if (!URL.canParse(endpointUrl)) return false;
  const { hostname } = new URL(endpointUrl);
  return AWS_HOSTS.some((suffix) => hostname.endsWith(suffix));
}

function scaled(quota: Quota, factor: number): Quota {
  return {
    recordsPerSecond: quota.recordsPerSecond * factor,
    requestsPerSecond: quota.requestsPerSecond * factor,
    bytesPerSecond: quota.bytesPerSecond * factor,
  };
}
