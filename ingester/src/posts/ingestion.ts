/** The member `ingestion` of a line: where the post comes from, and what had to be left out. */
import { type Provenance, SCHEMA_VERSION } from "./post";

/** Why a line does not hold everything that X sent. */
export type DeadLetterReason =
  /** The whole line is longer than a Firehose record may be. */
  | "oversize"
  /** The destination refused the whole line, alone in its request, and took others. */
  | "refused";

/** `ingestion.dead_letter` of a line. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** Size of the whole line, newline included. */
  readonly bytes: number;
  /** Names of the members that were left out, in the post's order; a long list is cut at whole names. */
  readonly omitted_fields: readonly string[];
  /** How many were left out. */
  readonly omitted_count: number;
}

/** The end of a line, from `ingestion` to the newline. */
export function lineEnd(provenance: Provenance, dead_letter?: DeadLetter): string {
  const ingestion = { schema_version: SCHEMA_VERSION, ...provenance, ...(dead_letter && { dead_letter }) };
  return `,"ingestion":${JSON.stringify(ingestion)}}\n`;
}
