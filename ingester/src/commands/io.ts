/** What a command may touch besides the network: its environment and its terminal. */
import type { Environment } from "../config/reader";

export interface CommandIo {
  readonly env: Environment;
  /** Writes to stdout. Never throws. */
  readonly write: (text: string) => void;
  /** Writes for people: a terminal gets lines that are broken at words. Never throws. */
  readonly say: (text: string) => void;
  /** Aborts when stdout cannot be written any more. Commands that only show something need not go on then. */
  readonly outputGone: AbortSignal;
  /** Stdout is a terminal that a person watches. */
  readonly isTty: boolean;
  /** False for a terminal without control codes (TERM=dumb). */
  readonly canRedraw?: boolean;
  /** Of the terminal, now. */
  readonly columns: () => number;
  /** Puts a question to the person at the terminal; undefined without a terminal for the answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

/** Columns for a table: without a terminal every row is one line, for programs. */
export function roomFor({ isTty, columns }: Pick<CommandIo, "isTty" | "columns">): number {
  return isTty ? columns() : Number.POSITIVE_INFINITY;
}
