/** The content of `CHECKPOINT_FILE`: one JSON document. */
import { ConfigError } from "../errors";
import type { Position } from "../window";
import type { MeterState } from "./meter";
import { meterFrom } from "./meter-json";
import type { StoredMeter } from "./meter-store";
import { isRecord, positionFrom } from "./position-json";

/** Raised only when an older ingester could no longer read the document. */
export const DOCUMENT_FORMAT = 1;

export interface StateDocument {
  readonly format: typeof DOCUMENT_FORMAT;
  /** Grows with every ingester that takes the file: a write of a former holder is recognised by its smaller one. */
  readonly fence: number;
  readonly checkpoints: Readonly<Record<string, StoredCheckpoint>>;
  readonly meters: Readonly<Record<string, StoredMeterEntry>>;
}

export interface StoredCheckpoint {
  readonly position: Position;
  /** ISO 8601. */
  readonly updatedAt: string;
}

export interface StoredMeterEntry extends StoredMeter {
  /** ISO 8601. */
  readonly updatedAt: string;
}

export const EMPTY_DOCUMENT: StateDocument = {
  format: DOCUMENT_FORMAT,
  fence: 0,
  checkpoints: {},
  meters: {},
};

export function serializeDocument(document: StateDocument): string {
  return `${JSON.stringify(document)}\n`;
}

/**
 * Reads the document back.
 * @throws ConfigError when it is anything else. Starting over silently would buy every post again.
 */
export function parseDocument(text: string, file: string): StateDocument {
  const problem = problemOf(parseJson(text));
  if (problem === undefined) return JSON.parse(text) as StateDocument;
  throw new ConfigError([
    `CHECKPOINT_FILE ${file} holds no checkpoint that can be read: ${problem}. ` +
      "Name another file, or put a backup in its place. " +
      "Deleting it starts over from SEARCH_START, which buys again every post that X still returns.",
  ]);
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return "expected a JSON object";
  if (value.format !== DOCUMENT_FORMAT)
    return `"format" must be ${DOCUMENT_FORMAT}, got ${JSON.stringify(value.format)}`;
  if (!Number.isSafeInteger(value.fence))
    return `"fence" must be an integer, got ${JSON.stringify(value.fence)}`;
  return (
    badEntry("checkpoints", value.checkpoints, isCheckpoint) ?? badEntry("meters", value.meters, isMeterEntry)
  );
}

function badEntry(name: string, entries: unknown, isGood: (entry: unknown) => boolean): string | undefined {
  if (!isRecord(entries)) return `"${name}" must be an object`;
  const bad = Object.keys(entries).find((key) => !isGood(entries[key]));
  return bad === undefined ? undefined : `"${name}" holds an unknown shape under ${JSON.stringify(bad)}`;
}

function isCheckpoint(value: unknown): value is StoredCheckpoint {
  return isRecord(value) && positionFrom(value.position) !== undefined;
}

function isMeterEntry(value: unknown): value is { version: number; state: MeterState } {
  return isRecord(value) && Number.isSafeInteger(value.version) && meterFrom(value.state) !== undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
