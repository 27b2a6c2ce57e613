/**
 * PutRecordBatch through the AWS SDK, one request after the other. What does not change between them is kept: the body's
 * memory, and the SDK's chain of handlers, which it would otherwise build for each command (a twentieth of the CPU).
 */
import type { FirehoseClient, PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { putBody } from "./put-body";

/**
 * A body lies outside of V8's heap and counts towards its limit: allocated anew for each page, it made V8 collect the whole
 * heap every 30 pages, which was a tenth of the CPU. Larger bodies do not keep theirs.
 */
const MAX_KEPT_BYTES = 2 * 1_024 * 1_024;

export type Sdk = typeof import("@aws-sdk/client-firehose");

export interface PutRequestOptions {
  readonly sdk: Sdk;
  readonly client: FirehoseClient;
  readonly streamName: string;
}

export class PutRequest {
  private readonly streamName: string;
  private readonly handle: () => Promise<{ readonly output: PutRecordBatchOutput }>;
  private memory: ArrayBufferLike | undefined;
  private body: Buffer | undefined;
  private signal: AbortSignal | undefined;

  constructor({ sdk, client, streamName }: PutRequestOptions) {
    this.streamName = streamName;
    const command = new sdk.PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: [] });
    // In the place of the body that the SDK has made of no records, before its length is written and it is signed.
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: unknown }).body = this.body;
        return next(args);
      },
      { step: "build", priority: "high", name: "putBody" },
    );
    // The SDK reads its options at each request.
    const options = Object.defineProperty({}, "abortSignal", { get: () => this.signal });
    const handler = command.resolveMiddleware(client.middlewareStack, client.config, options);
    this.handle = () => handler(command);
  }

  /** Sends these records from now on. What was sent before must have been answered. */
  filled(records: readonly Uint8Array[]): this {
    this.body = putBody(this.streamName, records, this.memory);
    this.memory = this.body.buffer.byteLength <= MAX_KEPT_BYTES ? this.body.buffer : undefined;
    return this;
  }

  /** @throws whatever the SDK rejects with; then a socket may still read the body, and this is not to be filled again */
  async send(signal: AbortSignal): Promise<PutRecordBatchOutput> {
    this.signal = signal;
    return (await this.handle()).output;
  }
}
