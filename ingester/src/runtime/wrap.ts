/** Breaks text for people at words; a terminal would break it in the middle of them. Pure. */

/** What an indented line must have room for; a narrow column of single words is hard to read. */
const LEAST_COLUMNS = 24;
/** What its later lines begin below: a bullet, or the time of a log line. */
const MARKER = /^(?:- |\d\d:\d\d:\d\dZ )/;
/** A space that stays: between a number and its unit, and between a mark of a legend (█ ▓ ▒ · ×) and its word. */
const KEPT_BEFORE = /(?:\d|(?:^| )[\u2588\u2593\u2592\u00b7\u00d7])$/;
const UNIT = /^ (?:s|min|h|d|days?|%|kB|MB|posts?|records?|UTC)(?![\w-])/;
const WORD = /^ \w/;

/**
 * Breaks every line that is longer than the terminal is wide. Its later lines begin below its last column, or a bit
 * deeper than the line itself. A word that is longer than a line stays whole, so that it can be copied.
 * @param columns width of the terminal
 * @example wrapped("pass  token  X accepts it; the project has used 0 posts", 40)
 * // "pass  token  X accepts it; the project\n             has used 0 posts"
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrappedLine(line, columns))
    .join("\n");
}

function wrappedLine(line: string, columns: number): string {
  const indent = " ".repeat(indentOf(line, columns));
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const end = breakOf(rest, columns, lines.length === 0 ? line.search(/\S/) : indent.length);
    if (end === undefined) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${indent}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest].join("\n");
}

/** The last space that still fits, else the first one behind the word that does not. */
function breakOf(line: string, columns: number, start: number): number | undefined {
  let last = line.lastIndexOf(" ", columns);
  while (last > start && isKept(line, last)) last = line.lastIndexOf(" ", last - 1);
  const end = last > start ? last : line.indexOf(" ", Math.max(start + 1, columns));
  return end < 0 || line.slice(end).trim() === "" ? undefined : end;
}

function isKept(line: string, space: number): boolean {
  const before = KEPT_BEFORE.exec(line.slice(0, space))?.[0];
  if (before === undefined) return false;
  return (/\d/.test(before) ? UNIT : WORD).test(line.slice(space));
}

function indentOf(line: string, columns: number): number {
  const ends = [...line.matchAll(/\S {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const most = columns - LEAST_COLUMNS;
  const leading = line.search(/\S/);
  const marker = MARKER.exec(line)?.[0].length ?? 0;
  if (marker > 0 && marker <= most) return ends.findLast((end) => end <= most) ?? marker;
  const deeper = leading <= 0 ? 0 : Math.max(0, Math.min(leading + 2, most));
  const inColumn = ends.findLast((end) => end <= most);
  // Where the column has no room, a bit deeper than its row.
  return inColumn ?? (ends.length > 0 ? Math.max(deeper, Math.min(2, Math.max(0, most))) : deeper);
}
