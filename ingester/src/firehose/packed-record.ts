import type { PostLine } from "../post";
import type { EncodedPage } from "./encode";
import { type LineRange, type PackLimits, pack } from "./pack";

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
