/** `{"DeliveryStreamName":"...","Records":[{"Data":"..."},{"Data":"..."}]}` in pieces. */
const BEFORE_RECORD = '{"Data":"';
const AFTER_RECORD = '"}';
const AFTER_RECORDS = "]}";
const COMMA = ",";

/** Larger bodies are rare, and not worth their memory between two requests. */
const MAX_KEPT_BYTES = 1_024 * 1_024;
/** A little more than is needed, so that the next body, which may be a little larger, fits too. */
const ROUNDING_BYTES = 64 * 1_024;

/**
 * Bodies of PutRecordBatch requests (AWS JSON 1.1), each written into one piece of memory, which is used again. The SDK
 * would encode each byte in JavaScript, and make several copies of 270 kB of text before it is sent: a quarter of what
 * the ingester costs at length.
 */
export class BatchBodies {
  private spare: Buffer | undefined;
  private readonly start: string;

  /** @param streamName by AWS's own rule nothing that JSON would escape */
  constructor(streamName: string) {
    this.start = `{"DeliveryStreamName":${JSON.stringify(streamName)},"Records":[`;
  }

  write(records: readonly Uint8Array[]): Buffer {
    const body = this.memoryFor(this.lengthFor(records));
    let at = 0;
    const write = (text: string) => {
      at += body.write(text, at, "latin1");
    };
    write(this.start);
    records.forEach((record, index) => {
      write(index === 0 ? BEFORE_RECORD : COMMA + BEFORE_RECORD);
      write(base64Of(record));
      write(AFTER_RECORD);
    });
    write(AFTER_RECORDS);
    return body.subarray(0, at);
  }

  /** The next body may overwrite this one: to be called only when it has arrived, for a socket may still read it. */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength <= MAX_KEPT_BYTES) this.spare = Buffer.from(buffer as ArrayBuffer);
  }

  private memoryFor(bytes: number): Buffer {
    const { spare } = this;
    this.spare = undefined;
    if (spare !== undefined && spare.length >= bytes) return spare;
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / ROUNDING_BYTES) * ROUNDING_BYTES);
  }

  private lengthFor(records: readonly Uint8Array[]): number {
    const frame = COMMA.length + BEFORE_RECORD.length + AFTER_RECORD.length;
    const data = records.reduce((sum, { length }) => sum + frame + Math.ceil(length / 3) * 4, 0);
    return this.start.length + data + AFTER_RECORDS.length;
  }
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
