/** What a scanner itself says of every judged stack, as recorded when it ran. */
export interface RecordedRun {
  /** Release that ran, without a `v`. */
  readonly version: string;
  /** Checks that fail somewhere. */
  readonly failing: readonly string[];
  /** Checks that look at some resource, and fail nowhere. */
  readonly passing: readonly string[];
}

/** Ids from lines of ids. */
export function idsOf(...lines: string[]): string[] {
  return lines.flatMap((line) => line.split(" "));
}

/** What the scanner says of a rule that it may know by several ids. */
export function verdictOf({ failing, passing }: RecordedRun, ids: readonly string[]): string {
  if (ids.some((id) => failing.includes(id))) return "fails somewhere";
  return ids.some((id) => passing.includes(id)) ? "passes" : "-";
}
