import { BILLING_UNIT_BYTES } from "./limits";

const NEWLINE = 0x0a;

/** What the endpoint has seen and delivered since it started. */
export interface FirehoseReport {
  /** Requests by operation, for example `PutRecordBatch`; failed ones included. */
  readonly operations: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Requests answered with an error. */
  readonly refusedRequests: number;
  /** Entries refused inside a request that succeeded. */
  readonly failedEntries: number;
  /** Records taken, and the bytes of data and the newlines in them. */
  readonly records: number;
  readonly bytes: number;
  readonly lines: number;
  /** What AWS would bill: each record rounded up to 5 KB. */
  readonly billedBytes: number;
  /** Records and lines taken whose sender got no answer: their duplicates are legitimate. */
  readonly unacknowledgedRecords: number;
  readonly unacknowledgedLines: number;
  /** Objects in the bucket, with their size as stored and before compression. */
  readonly objects: number;
  readonly objectBytes: number;
  readonly deliveredBytes: number;
  readonly deliveredRecords: number;
}

/** A group of records with its measures, taken in one request. */
export interface Intake {
  readonly records: number;
  readonly lines: number;
}

/** Counts what goes through the endpoint. */
export class FirehoseStats {
  private readonly operations = new Map<string, number>();
  private readonly counts = {
    refusedRequests: 0,
    failedEntries: 0,
    records: 0,
    bytes: 0,
    lines: 0,
    billedBytes: 0,
    unacknowledgedRecords: 0,
    unacknowledgedLines: 0,
    objects: 0,
    objectBytes: 0,
    deliveredBytes: 0,
    deliveredRecords: 0,
  };

  countRequest(operation: string): void {
    this.operations.set(operation, (this.operations.get(operation) ?? 0) + 1);
  }

  countRefusal(): void {
    this.counts.refusedRequests += 1;
  }

  /** @returns the measures, to be counted again if the sender turns out never to have got the answer. */
  countIntake(records: readonly Buffer[], failedEntries: number): Intake {
    let lines = 0;
    for (const record of records) {
      lines += countLines(record);
      this.counts.bytes += record.length;
      this.counts.billedBytes += Math.ceil(record.length / BILLING_UNIT_BYTES) * BILLING_UNIT_BYTES;
    }
    this.counts.records += records.length;
    this.counts.lines += lines;
    this.counts.failedEntries += failedEntries;
    return { records: records.length, lines };
  }

  countUnacknowledged(intake: Intake): void {
    this.counts.unacknowledgedRecords += intake.records;
    this.counts.unacknowledgedLines += intake.lines;
  }

  countObject(object: {
    readonly storedBytes: number;
    readonly bytes: number;
    readonly records: number;
  }): void {
    this.counts.objects += 1;
    this.counts.objectBytes += object.storedBytes;
    this.counts.deliveredBytes += object.bytes;
    this.counts.deliveredRecords += object.records;
  }

  report(): FirehoseReport {
    const requests = [...this.operations.values()].reduce((sum, count) => sum + count, 0);
    return { operations: Object.fromEntries(this.operations), requests, ...this.counts };
  }
}

function countLines(record: Buffer): number {
  let lines = 0;
  for (let at = record.indexOf(NEWLINE); at !== -1; at = record.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
