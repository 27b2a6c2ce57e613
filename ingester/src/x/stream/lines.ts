/**
 * Lines of a stream, cut out of its bytes. X ends a message with "\r\n" and keeps the connection alive with an empty
 * line (docs.x.com, "Consuming streaming data"). A chunk can end anywhere, also inside a character or between CR and LF:
 * bytes are joined before they become text, and no byte of a character of UTF-8 is a line feed.
 */

/** Our own bound, far above X's messages: a line without an end must not use up the memory. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** So much of a longer line is kept: its beginning contains the post's id. */
const KEPT_BYTES = 64 * 1024;

export type StreamLine =
  | { readonly type: "heartbeat" }
  | { readonly type: "message"; readonly text: string; readonly bytes: number }
  /** A line longer than the bound; its beginning. */
  | { readonly type: "too_long"; readonly text: string; readonly bytes: number };

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class LineSplitter {
  private pieces: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_LINE_BYTES) {}

  /** Bytes of a line that has begun and not ended. */
  get pending(): number {
    return this.bytes;
  }

  /** @param chunk is kept until its line ends: it must not be written to again */
  push(chunk: Buffer): readonly StreamLine[] {
    const lines: StreamLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.add(chunk.subarray(start, end));
      lines.push(this.finish());
      start = end + 1;
    }
    if (start < chunk.length) this.add(chunk.subarray(start));
    return lines;
  }

  private add(piece: Buffer): void {
    const kept = this.bytes < this.maxBytes ? piece : undefined;
    this.bytes += piece.length;
    if (kept !== undefined) this.pieces.push(kept);
    // Only the beginning of a line that has become too long is of use.
    if (this.bytes > this.maxBytes && this.pieces.length > 0) {
      this.pieces = [Buffer.concat(this.pieces).subarray(0, KEPT_BYTES)];
    }
  }

  private finish(): StreamLine {
    const [first] = this.pieces;
    const whole = this.pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.pieces);
    const { bytes } = this;
    this.pieces = [];
    this.bytes = 0;
    const end = whole.at(-1) === CARRIAGE_RETURN ? whole.length - 1 : whole.length;
    const text = whole.toString("utf8", 0, end);
    if (bytes > this.maxBytes) return { type: "too_long", text, bytes };
    return text.trim() === "" ? { type: "heartbeat" } : { type: "message", text, bytes };
  }
}
