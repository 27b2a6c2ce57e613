/** Text for people: a terminal gets lines that are broken at words. */
import { wrapped } from "../../ingester/src/runtime/wrap";

const DEFAULT_COLUMNS = 80;

/** Where text goes; a terminal or not. */
export interface TextOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function say(text: string, output: TextOutput = process.stdout): void {
  output.write(output.isTTY === true ? wrapped(text, output.columns || DEFAULT_COLUMNS) : text);
}

/** To stderr. */
export function complain(text: string): void {
  say(text, process.stderr);
}
