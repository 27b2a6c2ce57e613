/** The member `ingestion` of a line: where the post comes from, and what had to be left out. */
import { stringify } from "./json";
import { type Provenance, SCHEMA_VERSION } from "./post";

/** Why a line is no whole post. */
export type DeadLetterReason =
  /** X sent no id, or something that is none. */
  | "no_id"
  /** The whole line is longer than a Firehose record may be. */
  | "oversize"
  /** The destination refused the whole line, alone in its request, and took others. */
  | "refused";

/** `ingestion.dead_letter` of a line. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** Size of the whole line without this member, newline included. */
  readonly bytes: number;
  /** Names of the members that were left out, in the post's order; a long list is cut at whole names. */
  readonly omitted_fields: readonly string[];
  /** How many were left out. */
  readonly omitted_count: number;
}

/** What happened to a line on its way. */
export interface Changes {
  readonly deadLetter?: DeadLetter;
  /** Lone surrogates that became U+FFFD. */
  readonly replacedCharacters?: number | undefined;
}

/** The end of a line, from `ingestion` to the newline. */
export function lineEnd(provenance: Provenance, { deadLetter, replacedCharacters }: Changes = {}): string {
  const ingestion = {
    schema_version: SCHEMA_VERSION,
    ...provenance,
    ...(replacedCharacters !== undefined && { replaced_characters: replacedCharacters }),
    ...(deadLetter && { dead_letter: deadLetter }),
  };
  return `,"ingestion":${stringify(ingestion)}}\n`;
}
