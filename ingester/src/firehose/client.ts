/** The only file that knows the AWS SDK. It is loaded with the first request: it costs a start 60 ms. */
import type { FirehoseClient, FirehoseClientConfig, PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { awsFailureOf } from "../runtime/failures";
import {
  type DeliveryTarget,
  type FirehoseApi,
  FirehoseFailure,
  type StreamDescription,
  TIMED_OUT,
} from "./api";

export interface SdkClientOptions {
  /** Time to connect. @default 5 seconds */
  readonly connectionTimeoutMs?: number;
  /** From sending to the last byte of the answer. @default 30 seconds: 4 MiB at 140 KiB/s */
  readonly requestTimeoutMs?: number;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A question of a few bytes; who does not answer it in this time does not answer. */
const DESCRIBE_TIMEOUT_MS = 5_000;

type Sdk = typeof import("@aws-sdk/client-firehose");
interface Loaded {
  readonly sdk: Sdk;
  readonly client: FirehoseClient;
}
type Call<T> = (loaded: Loaded, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

interface Bounds {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Firehose through the AWS SDK, which finds credentials in its usual order. Each call is one request: waiting and
 * trying again belong to send.ts, which knows which records it is about.
 */
export function createFirehoseClient(target: DeliveryTarget, options: SdkClientOptions = {}): FirehoseApi {
  let loaded: Promise<Loaded> | undefined;
  const timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;

  async function call<T>(run: Call<T>, bounds: Bounds): Promise<T> {
    loaded ??= load(target, options);
    try {
      const ready = await loaded;
      return await withDeadline((abortSignal) => run(ready, { abortSignal }), bounds);
    } catch (error) {
      throw error instanceof FirehoseFailure ? error : failureOf(error);
    }
  }

  return {
    async putRecordBatch(records, signal) {
      const input = { DeliveryStreamName: target.streamName, Records: records.map((Data) => ({ Data })) };
      const put: Call<readonly (string | undefined)[]> = async ({ sdk, client }, http) =>
        entryCodes(await client.send(new sdk.PutRecordBatchCommand(input), http), records.length);
      return call(put, { timeoutMs, signal });
    },
    async describe(signal) {
      const input = { DeliveryStreamName: target.streamName };
      const describe: Call<StreamDescription> = async ({ sdk, client }, http) => {
        const answer = await client.send(new sdk.DescribeDeliveryStreamCommand(input), http);
        const stream = answer.DeliveryStreamDescription;
        return { status: stream?.DeliveryStreamStatus, source: stream?.DeliveryStreamType };
      };
      return call(describe, { timeoutMs: Math.min(timeoutMs, DESCRIBE_TIMEOUT_MS), signal });
    },
    close() {
      void loaded?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

function failureOf(cause: unknown): FirehoseFailure {
  const { kind, code, message } = awsFailureOf(cause);
  return new FirehoseFailure(kind, code, message, { cause });
}

/** Code of entries of an answer that does not add up. */
export const UNCLEAR_ANSWER = "UnclearAnswer";

type PutAnswer = Pick<PutRecordBatchOutput, "FailedPutCount" | "RequestResponses">;

/**
 * HTTP 200 does not mean that anything was taken: each entry says so for itself, in the order of the request
 * (docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). What an answer leaves open counts as
 * not taken, since a record sent twice can be told apart by its posts' ids, and a lost one is lost.
 * @returns for each of the `count` records undefined when it was taken, else a code
 */
export function entryCodes(answer: Partial<PutAnswer>, count: number): readonly (string | undefined)[] {
  const entries = answer.RequestResponses ?? [];
  const failed = entries.filter(({ ErrorCode }) => isCode(ErrorCode)).length;
  const addsUp = entries.length === count && (answer.FailedPutCount ?? 0) <= failed;
  return Array.from({ length: count }, (_, index) => {
    if (!addsUp) return UNCLEAR_ANSWER;
    const code = entries[index]?.ErrorCode;
    return isCode(code) ? code : undefined;
  });
}

function isCode(code: string | undefined): code is string {
  return code !== undefined && code !== "";
}

async function load(target: DeliveryTarget, options: SdkClientOptions): Promise<Loaded> {
  const sdk = await import("@aws-sdk/client-firehose");
  return { sdk, client: new sdk.FirehoseClient(clientConfig(target, options)) };
}

function clientConfig(target: DeliveryTarget, options: SdkClientOptions): FirehoseClientConfig {
  return {
    maxAttempts: 1,
    ...(target.region === undefined ? {} : { region: target.region }),
    ...(target.endpointUrl === undefined ? {} : { endpoint: target.endpointUrl }),
    requestHandler: {
      connectionTimeout: options.connectionTimeoutMs ?? CONNECTION_TIMEOUT_MS,
      httpAgent: { keepAlive: true },
      httpsAgent: { keepAlive: true },
    },
  };
}

/**
 * The SDK's own request time-out ends with the answer's headers; a body that never comes would hold a page for ever.
 * Not AbortSignal.any: on Node 20 it keeps a reference in the long-lived signal for each request.
 */
async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal }: Bounds,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const deadline = { passed: false };
  const timer = setTimeout(() => {
    deadline.passed = true;
    abort();
  }, timeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await run(controller.signal);
  } catch (error) {
    if (!deadline.passed) throw error;
    throw new FirehoseFailure("transient", TIMED_OUT, `no answer within ${timeoutMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
