import type { SourceRecord, TransformedRecord } from "./firehose-event";
import { formatLine } from "./format-line";
import { linesOf } from "./lines";
import { unreadableLine } from "./unreadable";

/** The ways in which one record could be answered. */
export interface RecordOutcome {
  /** Best first, smallest last; at least one. */
  readonly answers: readonly TransformedRecord[];
  readonly lines: number;
  readonly unreadableLines: number;
}

/** Formats one record; which of the answers is given depends on the room in the response. */
export function transformRecord(record: SourceRecord): RecordOutcome {
  const lines = linesOf(Buffer.from(record.data, "base64")).map((line) => ({
    line,
    formatted: formatLine(line),
  }));
  const unreadableLines = lines.filter(({ formatted }) => formatted === undefined).length;
  return { answers: answersOf(record, lines, unreadableLines), lines: lines.length, unreadableLines };
}

interface Line {
  readonly line: Buffer;
  /** Undefined when the line is no JSON object. */
  readonly formatted: Buffer | undefined;
}

/**
 * A record with at least one readable line is delivered, its unreadable lines wrapped. One without any goes under the
 * error prefix as it came: it is no post, and people look there. A record without lines holds nothing to deliver.
 */
function answersOf(record: SourceRecord, lines: readonly Line[], unreadable: number): TransformedRecord[] {
  const { recordId, approximateArrivalTimestamp } = record;
  if (lines.length === 0) return [{ recordId, result: "Dropped" }];
  const failed = { recordId, result: "ProcessingFailed" } as const;
  if (unreadable === lines.length) return [failed];
  const wrapped = ({ line, formatted }: Line) =>
    formatted ?? Buffer.from(unreadableLine(line, approximateArrivalTimestamp));
  const isolated = delivered(recordId, lines.map(wrapped));
  if (unreadable > 0) return [isolated, failed];
  const asItCame = delivered(
    recordId,
    lines.flatMap(({ line }) => [line, NEWLINE]),
  );
  return [isolated, asItCame, failed];
}

const NEWLINE = Buffer.from("\n");

function delivered(recordId: string, parts: readonly Buffer[]): TransformedRecord {
  return { recordId, result: "Ok", data: Buffer.concat(parts).toString("base64") };
}
