/** A difference between the sides of an audit, and what it is found in. */
import type { Contents } from "../../bucket/contents";
import type { Ledger } from "../../ledger/ledger";
import type { Terms } from "../../ledger/limits";
import type { Joined } from "./rows";

export interface Finding {
  /** A breach is against docs/promises.md, and makes the exit code 1. */
  readonly level: "breach" | "note";
  /** Stable, for programs. */
  readonly code: string;
  /** UTC day of X's answers. */
  readonly date?: string;
  readonly query?: string;
  /** Lines, posts or requests that it is about. */
  readonly count?: number;
  readonly text: string;
}

export interface FindingsInput {
  readonly ledger: Ledger;
  readonly joined: Joined;
  readonly contents: Contents | undefined;
  readonly terms: Terms;
  /** When the bucket began to be read. */
  readonly nowMs: number;
  /** Firehose and its transform may take so long. */
  readonly delayMs: number;
}
