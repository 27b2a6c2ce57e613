/**
 * Packing: lines become records, records become batches, all of it in order and by size alone. Firehose bills each
 * record rounded up to 5 KB and a page of 100 posts is about 200 KB, so a page usually is one record in one batch.
 */
import type { EncodedPage } from "../posts/line";
import type { PostLine } from "../posts/post";
import { MAX_BATCH_BYTES, MAX_LINES_PER_RECORD, MAX_RECORDS_PER_BATCH, PACKED_RECORD_BYTES } from "./limits";

/** Consecutive lines, `first` inclusive, `end` exclusive. */
export interface LineRange {
  readonly first: number;
  readonly end: number;
  readonly bytes: number;
}

export interface PackLimits {
  readonly linesPerRecord: number;
  /** A single line may be longer; it is a record of its own then. */
  readonly recordBytes: number;
  readonly recordsPerBatch: number;
  /** A single record may be longer; it is a batch of its own then. Firehose's records never are. */
  readonly batchBytes: number;
}

export const FIREHOSE_LIMITS: PackLimits = {
  linesPerRecord: MAX_LINES_PER_RECORD,
  recordBytes: PACKED_RECORD_BYTES,
  recordsPerBatch: MAX_RECORDS_PER_BATCH,
  batchBytes: MAX_BATCH_BYTES,
};

/**
 * @param lineBytes sizes of the lines, newline included, each at most MAX_RECORD_BYTES
 * @returns batches of records; together every line once, in order
 */
export function pack(
  lineBytes: readonly number[],
  limits: PackLimits = FIREHOSE_LIMITS,
): readonly (readonly LineRange[])[] {
  const lines = lineBytes.map((bytes, index) => ({ first: index, end: index + 1, bytes }));
  const records = group(lines, { count: limits.linesPerRecord, bytes: limits.recordBytes }).map(joined);
  return group(records, { count: limits.recordsPerBatch, bytes: limits.batchBytes });
}

/** Fills each group as far as both limits let it; only a single item may be larger than `limit.bytes`. */
function group(
  items: readonly LineRange[],
  limit: { readonly count: number; readonly bytes: number },
): LineRange[][] {
  const groups: LineRange[][] = [];
  let current: LineRange[] = [];
  let bytes = 0;
  for (const item of items) {
    if (current.length > 0 && (current.length >= limit.count || bytes + item.bytes > limit.bytes)) {
      groups.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += item.bytes;
  }
  if (current.length > 0) groups.push(current);
  return groups;
}

function joined(ranges: readonly LineRange[]): LineRange {
  return {
    first: ranges[0]?.first ?? 0,
    end: ranges.at(-1)?.end ?? 0,
    bytes: ranges.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** One Firehose record: whole lines of a page, without a copy of their bytes. */
export class PackedRecord {
  constructor(
    private readonly page: EncodedPage,
    private readonly range: Pick<LineRange, "first" | "end">,
  ) {}

  get lines(): readonly PostLine[] {
    return this.page.lines.slice(this.range.first, this.range.end);
  }

  get lineCount(): number {
    return this.range.end - this.range.first;
  }

  get data(): Buffer {
    const { offsets, data } = this.page;
    return data.subarray(offsets[this.range.first], offsets[this.range.end]);
  }

  get bytes(): number {
    return this.data.length;
  }

  /** The record as two; undefined for a single line. */
  halves(): readonly [PackedRecord, PackedRecord] | undefined {
    const { first, end } = this.range;
    if (end - first < 2) return undefined;
    const middle = (first + end) >>> 1;
    return [
      new PackedRecord(this.page, { first, end: middle }),
      new PackedRecord(this.page, { first: middle, end }),
    ];
  }
}

/** Batches of records that hold every line of the page once, in order. */
export function packPage(page: EncodedPage, limits?: PackLimits): readonly (readonly PackedRecord[])[] {
  const sizes = page.lines.map((_, index) => (page.offsets[index + 1] ?? 0) - (page.offsets[index] ?? 0));
  return pack(sizes, limits).map((batch) => batch.map((range) => new PackedRecord(page, range)));
}

export function linesIn(records: readonly PackedRecord[]): number {
  return records.reduce((sum, record) => sum + record.lineCount, 0);
}

export function bytesIn(records: readonly PackedRecord[]): number {
  return records.reduce((sum, record) => sum + record.bytes, 0);
}
