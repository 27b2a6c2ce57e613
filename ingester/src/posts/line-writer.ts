import { bufferEncoding, type TextForm } from "./text-form";

/** A growing piece of memory that text is written to once, as UTF-8: records are cut out of it without copying. */
export class LineWriter {
  private buffer: Buffer;
  private length = 0;

  /** @param capacity bytes to begin with; a good guess saves growing */
  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  get bytes(): number {
    return this.length;
  }

  /** Bytes of its memory. */
  get capacity(): number {
    return this.buffer.length;
  }

  /** @param form of the text. @default characters */
  write(text: string, form: TextForm = "characters"): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    this.length += this.buffer.write(text, this.length, bufferEncoding(form));
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

/** A UTF-16 unit becomes at most 3 bytes of UTF-8 (a pair of them 4). */
const MAX_BYTES_PER_UNIT = 3;
