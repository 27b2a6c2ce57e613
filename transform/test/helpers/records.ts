import type { SourceRecord, TransformEvent, TransformedRecord } from "../../src/firehose-event";

/** 2026-11-23T18:00:00.000Z */
export const ARRIVAL_MS = 1_795_456_800_000;

/** A record as Firehose hands it to the function. */
export function recordOf(data: string | Buffer, recordId = "record-1"): SourceRecord {
  return {
    recordId,
    approximateArrivalTimestamp: ARRIVAL_MS,
    data: Buffer.from(data).toString("base64"),
  };
}

/** An event whose records are numbered from 0. */
export function eventOf(...records: readonly (string | Buffer)[]): TransformEvent {
  return {
    invocationId: "invocation-1",
    deliveryStreamArn: "arn:aws:firehose:eu-west-1:111111111111:deliverystream/tweet_stream",
    region: "eu-west-1",
    records: records.map((data, index) => recordOf(data, `record-${index}`)),
  };
}

/** What Firehose would deliver for this answer. */
export function deliveredText(answer: TransformedRecord | undefined): string {
  if (answer?.result !== "Ok") throw new Error(`Expected a delivered record, got ${answer?.result}`);
  return Buffer.from(answer.data, "base64").toString("utf8");
}

/** The objects of a delivered record, one for each line; throws when a line is no JSON. */
export function deliveredLines(answer: TransformedRecord | undefined): Record<string, unknown>[] {
  const text = deliveredText(answer);
  if (!text.endsWith("\n")) throw new Error("A delivered record has to end with a newline");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A line as the ingester writes it, with some members replaced. */
export function postLine(changes: Readonly<Record<string, unknown>> = {}): string {
  const line = {
    id: "2089996193672200192",
    text: "hello",
    full_text: "hello",
    ...changes,
    ingestion: {
      schema_version: 1,
      source: "search/recent",
      query: "cats",
      received_at: "2026-11-23T17:59:00.000Z",
    },
  };
  return `${JSON.stringify(line)}\n`;
}
