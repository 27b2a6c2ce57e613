/** What a delivery stream takes in a second. Regions differ; the three rise together. */
export interface StreamQuota {
  readonly recordsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** us-east-1, us-west-2 and eu-west-1. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const LARGE_REGION_QUOTA: StreamQuota = {
  recordsPerSecond: 500_000,
  requestsPerSecond: 2000,
  bytesPerSecond: 5 * 1024 * 1024,
};

/** Most other regions. */
export const SMALL_REGION_QUOTA: StreamQuota = {
  recordsPerSecond: 100_000,
  requestsPerSecond: 1000,
  bytesPerSecond: 1024 * 1024,
};

const SECOND_MS = 1000;

/** How much one request brings. */
export interface Demand {
  readonly records: number;
  readonly bytes: number;
}

/** Counts what arrives in each second and refuses what is beyond the quota. */
export class QuotaMeter {
  private secondStartedMs = Number.NEGATIVE_INFINITY;
  private used = { records: 0, requests: 0, bytes: 0 };

  constructor(private readonly quota: StreamQuota) {}

  /**
   * Counts a request if it fits into the current second.
   * A second's first request always fits: one batch may hold 4 MiB where the quota is 1 MiB a second.
   */
  admit({ records, bytes }: Demand, nowMs: number): boolean {
    if (nowMs - this.secondStartedMs >= SECOND_MS) {
      this.secondStartedMs = nowMs;
      this.used = { records: 0, requests: 0, bytes: 0 };
    }
    const { recordsPerSecond, requestsPerSecond, bytesPerSecond } = this.quota;
    const fits =
      this.used.records + records <= recordsPerSecond &&
      this.used.requests + 1 <= requestsPerSecond &&
      this.used.bytes + bytes <= bytesPerSecond;
    if (!fits && this.used.requests > 0) return false;
    this.used.records += records;
    this.used.requests += 1;
    this.used.bytes += bytes;
    return true;
  }
}
