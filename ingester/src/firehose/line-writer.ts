/** A growing piece of memory that text is written to once, as UTF-8: records are cut out of it without copying. */
export class LineWriter {
  private buffer: Buffer;
  private length = 0;

  /** @param capacity bytes to begin with; a good guess saves growing */
  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** Makes room for the next use, in the same memory unless it has grown out of the usual. What was written is lost. */
  clear(): this {
    this.length = 0;
    if (this.buffer.length > MAX_KEPT_BYTES) this.buffer = Buffer.allocUnsafe(0);
    return this;
  }

  get bytes(): number {
    return this.length;
  }

  write(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    this.length += this.buffer.write(text, this.length);
  }

  /** Takes back everything after the first `bytes`. */
  truncate(bytes: number): void {
    this.length = bytes;
  }

  /** What has been written; a view, valid until the next write. */
  view(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

/** Twenty times a usual page. */
const MAX_KEPT_BYTES = 4 * 1_024 * 1_024;
/** A UTF-16 unit becomes at most 3 bytes of UTF-8 (a pair of them 4). */
const MAX_BYTES_PER_UNIT = 3;
