/**
 * What Firehose sends to the function and wants back.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */

/** One invocation: some of the records that are on their way to one object. */
export interface TransformEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly SourceRecord[];
}

export interface SourceRecord {
  readonly recordId: string;
  /** Milliseconds since the epoch. */
  readonly approximateArrivalTimestamp: number;
  /** Base64 of the bytes that the producer sent. */
  readonly data: string;
}

/**
 * What becomes of a record: `Ok` is delivered with the given data; `Dropped` is delivered nowhere; `ProcessingFailed`
 * goes under the error prefix with the data that came in, so it needs none of its own.
 */
export type TransformedRecord =
  | { readonly recordId: string; readonly result: "Ok"; readonly data: string }
  | { readonly recordId: string; readonly result: "Dropped" | "ProcessingFailed" };

export interface TransformResponse {
  /** One for each record of the event, in its order. */
  readonly records: readonly TransformedRecord[];
}

/**
 * Most bytes that an invocation may answer with; beyond it the whole invocation fails. AWS says 6 MB: the smaller of
 * the two meanings of MB is the safe one.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_RESPONSE_BYTES = 6_000_000;
