import type { ServerResponse } from "node:http";
import { constants, createBrotliCompress, createDeflate, createGzip } from "node:zlib";
import type { Clock } from "../../support/clock";

/** Codings a stream can be sent in. */
export type Encoding = "gzip" | "deflate" | "br";

/** How bytes are cut into chunks; a chunk leaves on its own. */
export interface Pace {
  readonly pieceBytes: number;
  /** Before each chunk, milliseconds. */
  readonly pauseMs: number;
}

type Step = { readonly bytes: Buffer; readonly pauseMs: number } | { readonly action: () => void };

const ENCODERS = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
} as const;

/** Writes a stream's bytes in their order, as fast or as slowly as configured. */
export class Wire {
  private readonly steps: Step[] = [];
  private readonly encoder: ReturnType<(typeof ENCODERS)[Encoding]> | undefined;
  private queuedBytes = 0;
  private pace: Pace | undefined;
  private isPausing = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly clock: Clock,
    encoding: Encoding | undefined,
  ) {
    this.encoder = encoding && ENCODERS[encoding]();
    this.encoder?.on("data", (chunk: Buffer) => this.enqueue(chunk));
  }

  /** Bytes the client has not taken yet. */
  get bufferedBytes(): number {
    return this.queuedBytes + this.response.writableLength + (this.encoder?.writableLength ?? 0);
  }

  /** @param pace for these bytes and those that follow */
  write(bytes: Buffer, pace?: Pace): void {
    this.pace = pace;
    if (this.encoder) this.encoder.write(bytes);
    else this.enqueue(bytes);
  }

  /** Ends the answer behind everything written. */
  end(): void {
    if (this.encoder) {
      // Its last bytes come after the callback of `end`.
      this.encoder.once("end", () => this.afterAll(() => this.response.end()));
      this.encoder.end();
    } else this.afterAll(() => this.response.end());
  }

  /** Breaks the connection behind everything written, without an end of the answer. */
  break(reset: boolean): void {
    const { socket } = this.response;
    const cut = () => (reset ? socket?.resetAndDestroy() : socket?.destroySoon());
    if (this.encoder) this.encoder.flush(() => setImmediate(() => this.afterAll(cut)));
    else this.afterAll(cut);
  }

  private afterAll(action: () => void): void {
    this.steps.push({ action });
    this.go();
  }

  private enqueue(bytes: Buffer): void {
    const { pieceBytes, pauseMs } = this.pace ?? { pieceBytes: bytes.length, pauseMs: 0 };
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      this.steps.push({ bytes: bytes.subarray(at, at + pieceBytes), pauseMs });
    }
    this.queuedBytes += bytes.length;
    this.go();
  }

  private go(): void {
    while (!this.isPausing) {
      const step = this.steps.shift();
      if (step === undefined) return;
      if ("action" in step) step.action();
      else if (step.pauseMs === 0) this.put(step.bytes);
      else this.pause(step.pauseMs, step.bytes);
    }
  }

  private pause(pauseMs: number, bytes: Buffer): void {
    this.isPausing = true;
    this.clock.after(pauseMs, () => {
      this.isPausing = false;
      this.put(bytes);
      this.go();
    });
  }

  private put(bytes: Buffer): void {
    this.queuedBytes -= bytes.length;
    if (!this.response.destroyed && !this.response.writableEnded) this.response.write(bytes);
  }
}
