/**
 * Packing: lines become records, records become batches, all of it in order and by size alone. Firehose bills each
 * record rounded up to 5 KB and a page of 100 posts is about 200 KB, so a page usually is one record in one batch.
 */
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
