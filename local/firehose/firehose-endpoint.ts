import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../support/clock";
import { parseFaultCommand } from "../support/fault-command";
import { FaultPlan } from "../support/fault-plan";
import { BodyTooLargeError, readBody, sendJson } from "../support/http-body";
import { type Address, LoopbackServer } from "../support/loopback-server";
import { UsageError } from "../support/usage-error";
import { Access } from "./access";
import { AwsError } from "./aws-error";
import { Delivery, type RecordProcessor } from "./delivery/delivery";
import { DeliveryBuffer } from "./delivery/delivery-buffer";
import { FIREHOSE_FAULT_KINDS, type FirehoseFault } from "./faults";
import { MAX_REQUEST_BYTES } from "./limits";
import { Operations, operationOf } from "./operations";
import { PutHandler } from "./put-handler";
import { QuotaMeter, type StreamQuota } from "./quota";
import { type FirehoseReport, FirehoseStats } from "./stats";
import { type StreamConfig, type StreamOptions, streamConfig } from "./stream-config";

/** How to set up an endpoint. */
export interface FirehoseEndpointOptions extends StreamOptions {
  /** Transforms an object's records before delivery. @default - records are delivered as they are */
  readonly processor?: RecordProcessor;
  /** Refuses what a stream would not take in a second. @default - no limit but the machine's */
  readonly quota?: StreamQuota;
  /** Takes and counts records, and delivers nothing: for measuring clients. @default false */
  readonly discard?: boolean;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** The time that signatures are compared with. @default the machine's clock, as the SDK of this machine signs by it */
  readonly signingClock?: Clock;
  /** Called for objects that cannot be written. @default - prints to stderr */
  readonly warn?: (message: string) => void;
}

const CONTENT_TYPE = "application/x-amz-json-1.1";

/**
 * An Amazon Data Firehose endpoint with one delivery stream, for the real SDK on this machine: AWS JSON
 * 1.1 over HTTP, the real limits, GZIP objects in a directory that stands for the bucket.
 *
 * A record is acknowledged only when it is on disk. Closing (SIGTERM in the command line) delivers all of
 * it; after `kill -9` of the endpoint the next start on the same directory delivers it, under the same
 * object names, so that acknowledged records are neither lost nor doubled. A power cut may lose the last
 * seconds: nothing is synced to the disk.
 *
 * Beside the protocol: `GET /__firehose/stats`, `POST /__firehose/faults`, `POST /__firehose/flush`.
 */
export class FirehoseEndpoint {
  /** Plans what goes wrong with the next PutRecord and PutRecordBatch requests. */
  readonly faults = new FaultPlan<FirehoseFault>();
  /** Who may call, and when. */
  readonly access: Access;
  private readonly config: StreamConfig;
  private readonly counts = new FirehoseStats();
  private readonly buffer: DeliveryBuffer;
  private readonly operations: Operations;
  private readonly server = new LoopbackServer((request, response) => {
    this.handle(request, response).catch((error) => sendError(response, error));
  });

  /** @throws UsageError naming every option Firehose would not accept. */
  constructor(options: FirehoseEndpointOptions) {
    this.config = streamConfig(options);
    const clock = options.clock ?? systemClock;
    this.access = new Access("firehose", options.signingClock);
    this.buffer = new DeliveryBuffer({
      config: this.config,
      delivery: new Delivery(this.config, this.counts, options.processor),
      clock,
      discard: options.discard ?? false,
      warn: options.warn ?? ((message) => process.stderr.write(`${message}\n`)),
    });
    const quota = options.quota && new QuotaMeter(options.quota);
    const puts = new PutHandler({
      buffer: this.buffer,
      stats: this.counts,
      faults: this.faults,
      clock,
      quota,
    });
    this.operations = new Operations(this.config, puts, clock);
  }

  /**
   * Starts listening, and delivers what a killed endpoint left behind.
   * @param port 0 takes any free port.
   * @throws UsageError when the port is taken.
   */
  async listen(port = 0, host?: string): Promise<Address> {
    const address = await this.server.listen(port, host);
    this.buffer.recover();
    return address;
  }

  /** Delivers everything taken so far, without waiting for size or interval. */
  flush(): Promise<void> {
    return this.buffer.flush();
  }

  /** Answers open requests, delivers everything taken, and stops. */
  async close(): Promise<void> {
    await this.server.close();
    await this.buffer.close();
  }

  /** What has gone through so far. */
  get stats(): FirehoseReport {
    return this.counts.report();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith("/__firehose/")) return this.control(request, response);
    const body = await readBody(request, MAX_REQUEST_BYTES);
    const operation = operationOf(request);
    this.counts.countRequest(operation);
    try {
      response.setHeader("date", new Date(this.access.now()).toUTCString());
      this.access.check(request, operation);
      const answer = this.operations.run(operation, body, response);
      if (answer !== undefined) send(response, 200, answer);
    } catch (error) {
      this.counts.countRefusal();
      throw error;
    }
  }

  private async control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case "GET /__firehose/stats":
        return sendJson(response, 200, { ...this.stats, faults: this.faults.report() });
      case "POST /__firehose/flush":
        await this.flush();
        return sendJson(response, 200, this.stats);
      case "POST /__firehose/faults": {
        const text = (await readBody(request, MAX_REQUEST_BYTES)).toString("utf8");
        this.faults.apply(parseFaultCommand<FirehoseFault>(text, FIREHOSE_FAULT_KINDS));
        return sendJson(response, 200, this.faults.report());
      }
      default:
        return sendJson(response, 404, { message: "Use GET stats, POST flush or POST faults." });
    }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  sendJson(response, status, body, { "content-type": CONTENT_TYPE, "x-amzn-requestid": randomUUID() });
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const answer = toAwsError(error);
  send(response, answer.status, answer.toBody());
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof UsageError) return new AwsError("InvalidArgumentException", error.message);
  if (error instanceof BodyTooLargeError) return new AwsError("SerializationException", error.message, 413);
  return new AwsError("InternalFailure", error instanceof Error ? error.message : String(error), 500);
}
