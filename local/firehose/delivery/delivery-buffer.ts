import { rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "../../support/clock";
import type { StreamConfig } from "../stream-config";
import { INCOMING_DIRECTORY } from "./bucket-writer";
import type { Delivery } from "./delivery";
import { type RecoveredObject, recoverSpools, Spool } from "./spool";

const RETRY_DELAY_MS = 1000;
const MIB = 1024 * 1024;

/** What the buffer needs around it. */
export interface DeliveryBufferProps {
  readonly config: StreamConfig;
  readonly delivery: Delivery;
  readonly clock: Clock;
  /** Forget records as soon as they are counted. @default false */
  readonly discard?: boolean;
  /** Called when the bucket cannot be written, once for each object. */
  readonly warn: (message: string) => void;
}

/**
 * Collects records until an object is large enough or old enough, whichever comes first, then delivers
 * it. Records are on disk when `accept` returns: stopping delivers them at once, and after `kill -9` the
 * next start on the same bucket does, under the very key the killed process would have used.
 */
export class DeliveryBuffer {
  private readonly spoolDirectory: string;
  private current: { readonly spool: Spool; bytes: number; readonly cancelTimer: () => void } | undefined;
  private deliveries: Promise<void> = Promise.resolve();
  private waitingBytes = 0;
  private closing = false;

  constructor(private readonly props: DeliveryBufferProps) {
    const { bucketDirectory, streamName } = props.config;
    this.spoolDirectory = join(bucketDirectory, INCOMING_DIRECTORY, streamName);
  }

  /** Bytes taken and not yet in an object. */
  get pendingBytes(): number {
    return this.waitingBytes + (this.current?.bytes ?? 0);
  }

  /** Delivers what an earlier process took and did not deliver. */
  recover(): void {
    for (const object of recoverSpools(this.spoolDirectory)) this.queue(object, 0);
  }

  /** Takes records; they will be delivered even if the process ends now. */
  accept(records: readonly Buffer[]): void {
    if (records.length === 0 || this.props.discard) return;
    const current = this.current ?? this.open();
    current.spool.append(records);
    for (const record of records) current.bytes += record.length;
    if (current.bytes >= this.props.config.bufferingSizeMiB * MIB) this.seal();
  }

  /** Delivers everything taken so far, without waiting for size or interval. */
  async flush(): Promise<void> {
    this.seal();
    await this.deliveries;
  }

  /** Delivers everything; what cannot be written stays on disk for the next start. */
  async close(): Promise<void> {
    this.closing = true;
    await this.flush();
    removeEmptyDirectory(this.spoolDirectory);
    removeEmptyDirectory(dirname(this.spoolDirectory));
  }

  private open(): { readonly spool: Spool; bytes: number; readonly cancelTimer: () => void } {
    const { clock, config } = this.props;
    const spool = new Spool(this.spoolDirectory, clock.now());
    const cancelTimer = clock.after(config.bufferingIntervalSeconds * 1000, () => this.seal());
    this.current = { spool, bytes: 0, cancelTimer };
    return this.current;
  }

  private seal(): void {
    if (!this.current) return;
    const { spool, bytes, cancelTimer } = this.current;
    this.current = undefined;
    cancelTimer();
    spool.close();
    this.queue(spool, bytes);
  }

  private queue(object: RecoveredObject, bytes: number): void {
    this.waitingBytes += bytes;
    this.deliveries = this.deliveries.then(async () => {
      await this.deliver(object);
      this.waitingBytes -= bytes;
    });
  }

  private async deliver(object: RecoveredObject): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.props.delivery.deliver(object);
        return object.remove();
      } catch (error) {
        if (attempt === 1 || this.closing) this.warn(error);
        if (this.closing) return;
        await new Promise<void>((resolve) => this.props.clock.after(RETRY_DELAY_MS, resolve));
      }
    }
  }

  private warn(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const fate = this.closing ? `kept in ${this.spoolDirectory} for the next start` : "trying again";
    this.props.warn(`Cannot write an object to ${this.props.config.bucketDirectory}: ${reason}; ${fate}.`);
  }
}

/** A tidy bucket is easier to look at; a directory that is missing or not empty is left alone. */
function removeEmptyDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Not empty, or never made.
  }
}
