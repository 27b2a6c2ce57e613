/** What one delivered line says about itself. Pure, but for the hash of what is no id. */

import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { isId } from "../posts/ids";
import { isObject } from "../posts/post";

export interface Entry {
  /** X's id; of what has none, 64 bits of a hash of the id that the line has instead. */
  readonly id: bigint;
  /** When X's answer was complete, in epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly origin: Origin;
  /** The query comes from full-archive search, whose pages are larger. */
  readonly isArchive: boolean;
  /** Why it is no whole post. */
  readonly deadLetter: string | undefined;
}

/** What a line was bought for. */
export type Origin =
  | { readonly type: "query"; readonly query: string }
  /** Of the filtered stream, or by search in its holes. */
  | { readonly type: "stream" }
  /** The transform could not read the line. */
  | { readonly type: "unknown" };

/** JSON, but no line of this ingester: it was put there by something else. */
export const FOREIGN = "foreign";
/** No JSON, or not in UTF-8. */
export const INVALID = "invalid";

export function entryOf(line: Buffer): Entry | typeof FOREIGN | typeof INVALID {
  if (!isUtf8(line)) return INVALID;
  try {
    return entryOfValue(JSON.parse(line.toString("utf8")));
  } catch {
    return INVALID;
  }
}

/** @param line as a reader of JSON or of Parquet returns it; members that are null count as absent */
export function entryOfValue(line: unknown): Entry | typeof FOREIGN {
  if (!isObject(line) || typeof line.id !== "string" || !isObject(line.ingestion)) return FOREIGN;
  const { source, query, received_at, dead_letter } = line.ingestion;
  const receivedAtMs = received_at instanceof Date ? received_at.getTime() : Date.parse(String(received_at));
  if (typeof source !== "string" || !Number.isFinite(receivedAtMs)) return FOREIGN;
  const isOfStream = source === "stream" || (Array.isArray(line.matching_rules) && source !== "unknown");
  return {
    ...{ id: numberOf(line.id), receivedAtMs, origin: originOf(source, query, isOfStream) },
    isArchive: source === "search/all",
    deadLetter: isObject(dead_letter) ? String(dead_letter.reason) : undefined,
  };
}

function originOf(source: string, query: unknown, isOfStream: boolean): Origin {
  if (isOfStream) return { type: "stream" };
  if (source === "unknown" || typeof query !== "string") return { type: "unknown" };
  return { type: "query", query: normalized(query) };
}

/** As the ledger's keys have it: white space makes no difference. */
export function normalized(query: string): string {
  return query.trim().replace(/\s+/g, " ");
}

function numberOf(id: string): bigint {
  if (isId(id)) return BigInt(id);
  // The highest bit is set: X's ids have 63 bits.
  return createHash("sha256").update(id).digest().readBigUInt64BE(0) | (1n << 63n);
}
