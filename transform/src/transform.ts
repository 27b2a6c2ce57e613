import { MAX_RESPONSE_BYTES, type TransformEvent, type TransformResponse } from "./firehose-event";
import { fit } from "./fit";
import { transformRecord } from "./transform-record";

/** What one invocation did. */
export interface TransformCounts {
  readonly records: number;
  readonly lines: number;
  /** Lines that are no JSON object: wrapped, or under the error prefix with their record. */
  readonly unreadableLines: number;
  /** Records delivered as they came, because the formatted response would have been too large. */
  readonly unformattedRecords: number;
  /** Records that go under the error prefix. */
  readonly failedRecords: number;
}

/**
 * Formats the posts of an event. Answers every record once, in order, within the limit of a response; nothing that
 * came in is lost.
 * @param maxBytes of the response as JSON. @default what Lambda lets through
 */
export function transform(
  event: TransformEvent,
  maxBytes = MAX_RESPONSE_BYTES,
): { readonly response: TransformResponse; readonly counts: TransformCounts } {
  const outcomes = event.records.map(transformRecord);
  const chosen = fit(
    outcomes.map(({ answers }) => answers),
    maxBytes,
  );
  const records = outcomes.flatMap(({ answers }, index) => answers[chosen[index] ?? 0] ?? []);
  return {
    response: { records },
    counts: {
      records: records.length,
      lines: total(outcomes.map(({ lines }) => lines)),
      unreadableLines: total(outcomes.map(({ unreadableLines }) => unreadableLines)),
      unformattedRecords: records.filter(({ result }, index) => result === "Ok" && chosen[index] !== 0)
        .length,
      failedRecords: records.filter(({ result }) => result === "ProcessingFailed").length,
    },
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
