/** Firehose through the AWS SDK, which only this file and put-request.ts know. */
import type { FirehoseClient, FirehoseClientConfig, PutRecordBatchOutput } from "@aws-sdk/client-firehose";
import { AwsConnection, type Call } from "../aws/connection";
import type { Bounds } from "../aws/deadline";
import { IngesterError } from "../loop/errors";
import type { Clock } from "../loop/ports";
import { systemClock } from "../runtime/clock";
import { awsFailureOf } from "../runtime/failures";
import { type DeliveryTarget, type FirehoseApi, FirehoseFailure, type StreamDescription } from "./api";
import { PutRequest, type Sdk } from "./put-request";

export interface SdkClientOptions {
  /** @default systemClock */
  readonly clock?: Clock;
  /** Time to connect. @default 5 seconds */
  readonly connectionTimeoutMs?: number;
  /** From sending to the last byte of the answer. @default 30 seconds: 4 MiB at 140 KiB/s */
  readonly requestTimeoutMs?: number;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A question of a few bytes. */
const QUESTION_TIMEOUT_MS = 5_000;

interface Loaded {
  readonly sdk: Sdk;
  readonly client: FirehoseClient;
  destroy(): void;
}

/**
 * The SDK finds credentials in its usual order. Each call is one request, and one more
 * where AWS refused its credentials or its date (AwsConnection): waiting and trying again belong to send.ts, which
 * knows which records it is about.
 */
export function createFirehoseClient(target: DeliveryTarget, options: SdkClientOptions = {}): FirehoseApi {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, clock = systemClock } = options;
  const connectionTimeoutMs = options.connectionTimeoutMs ?? CONNECTION_TIMEOUT_MS;
  const connection = new AwsConnection<Loaded>({
    ...{ clock, connectionTimeoutMs },
    create: (settings) => load({ maxAttempts: 1, ...addressOf(target), ...settings }),
  });
  const call = <T>(run: Call<Loaded, T>, bounds: Bounds): Promise<T> =>
    connection.call(run, bounds).catch((error: unknown) => {
      throw error instanceof IngesterError || error instanceof FirehoseFailure ? error : failureOf(error);
    });
  let idle: PutRequest | undefined;
  const put = async (records: readonly Uint8Array[], bounds: Bounds) => {
    const kept = idle;
    idle = undefined;
    let request: PutRequest | undefined;
    const answer = await call((loaded, { abortSignal }) => {
      request ??= (kept ?? new PutRequest({ ...loaded, streamName: target.streamName })).filled(records);
      return request.send(abortSignal);
    }, bounds);
    // Only an answer shows that no socket reads the body any more.
    idle = request;
    return answer;
  };
  const questionMs = Math.min(requestTimeoutMs, QUESTION_TIMEOUT_MS);

  return {
    async putRecordBatch(records, signal) {
      return entryCodes(await put(records, { timeoutMs: requestTimeoutMs, signal }), records.length);
    },
    async putNothing(signal) {
      if (!isPutAnswer(await put([], { timeoutMs: questionMs, signal }))) throw foreignAnswer();
    },
    async describe(signal) {
      const input = { DeliveryStreamName: target.streamName };
      const describe: Call<Loaded, StreamDescription> = async ({ sdk, client }, http) => {
        const answer = await client.send(new sdk.DescribeDeliveryStreamCommand(input), http);
        const stream = answer.DeliveryStreamDescription;
        return { status: stream?.DeliveryStreamStatus, source: stream?.DeliveryStreamType };
      };
      return call(describe, { timeoutMs: questionMs, signal });
    },
    close: () => connection.close(),
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
 * not taken, since a record sent twice is recognized by its posts' ids, and a lost one is lost.
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

/** An answer of Firehose's, even to a batch of nothing, says how many records failed. */
function isPutAnswer({ FailedPutCount, RequestResponses }: Partial<PutAnswer>): boolean {
  return typeof FailedPutCount === "number" && Array.isArray(RequestResponses);
}

function foreignAnswer(): FirehoseFailure {
  return new FirehoseFailure("unreachable", "HTTP 200", "the answer is not one of Firehose's");
}

async function load(config: FirehoseClientConfig): Promise<Loaded> {
  const sdk = await import("@aws-sdk/client-firehose");
  const client = new sdk.FirehoseClient(config);
  return { sdk, client, destroy: () => client.destroy() };
}

function addressOf({ region, endpointUrl }: DeliveryTarget): FirehoseClientConfig {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
}
