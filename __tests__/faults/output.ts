/** What every process of the matrix has to keep to in what it writes. */
import { type Finished, TOKEN } from "../ingest/world";

/** Promises that do not hold of this output. */
export function outputProblems({ stdout, stderr }: Finished): readonly string[] {
  const said = stdout + stderr;
  return [
    ...(said.includes(TOKEN) ? ["no output holds the token"] : []),
    ...(/^\s+at .+:\d+:\d+/m.test(said) ? ["no output holds a stack trace"] : []),
  ];
}

/** In parentheses, behind another sentence. */
export function lastWords(finished: Finished | undefined): string {
  const words = finished?.stderr.trim() ?? "";
  return words === "" ? "" : ` (${words.slice(0, 300)})`;
}
