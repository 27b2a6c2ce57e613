/** Rows as columns; in a terminal that is too narrow for them, each row as a sentence. Pure. */

import { column, usd } from "../../runtime/words";

/** What the last column must have room for, where it holds longer texts: they are continued in it. */
const LEAST_TEXT = 24;
const GAP = "  ";
/** What is indented is continued deeper. */
const SENTENCE_INDENT = "  ";

export interface TableOptions {
  /** Of the terminal. Infinity: no terminal, so that every row is one line. */
  readonly room: number;
  /** A name for each column. @default - no line of names */
  readonly head?: readonly string[];
  /** Columns of numbers, from 0. */
  readonly right: readonly number[];
  /** @default "" */
  readonly indent?: string;
}

/**
 * @example table([["spent", "400 posts", "$2.00"]], { room: 80, right: [1, 2] })
 * // ["spent  400 posts  $2.00"]; with room for 10: ["  spent: 400 posts, $2.00"]
 */
export function table(
  rows: readonly (readonly string[])[],
  { room, head, right, indent = "" }: TableOptions,
): readonly string[] {
  const lines = head === undefined ? rows : [head, ...rows];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const last = widths.length - 1;
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, indent.length);
  const ending = right.includes(last) ? (widths[last] ?? 0) : Math.min(LEAST_TEXT, widths[last] ?? 0);
  if (fixed + ending > room) return rows.map((row) => `${SENTENCE_INDENT}${sentenceOf(row, head)}`);
  return lines.map((line) => {
    const cells = line.map((cell, at) =>
      right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    return `${indent}${cells.join(GAP)}`.trimEnd();
  });
}

/** The cells of an amount, for columns that are aligned to the right: `1,400 posts` and `$7.00`. */
export function amountCells({
  posts,
  usd: dollars,
}: {
  readonly posts: number;
  readonly usd: number;
}): readonly [string, string] {
  return [column(posts, "post"), usd(dollars)];
}

function sentenceOf([first = "", ...rest]: readonly string[], head: readonly string[] | undefined): string {
  const named = rest.map((cell, at) => `${head === undefined ? "" : `${head[at + 1]} `}${cell.trim()}`);
  return `${first.trim()}: ${named.join(", ")}`;
}
