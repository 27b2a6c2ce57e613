import { formattedOf } from "./formatted";
import { parseObject } from "./json";

const CLOSING_BRACE_BYTES = 1;

/**
 * The line with `formatted` as its last member, newline included. Everything else keeps its bytes: the line is never
 * written anew, so no number loses digits and no field its place. A line that has the member already, or holds no
 * text, stays as it is.
 * @param line without white space at its ends
 * @returns undefined when the line is no JSON object
 */
export function formatLine(line: Buffer): Buffer | undefined {
  const object = parseObject(line);
  if (object === undefined) return undefined;
  const formatted = Object.hasOwn(object, "formatted") ? undefined : formattedOf(object);
  if (formatted === undefined) return Buffer.concat([line, Buffer.from("\n")]);
  const end = Buffer.from(`,"formatted":${JSON.stringify(formatted)}}\n`);
  return Buffer.concat([line.subarray(0, line.length - CLOSING_BRACE_BYTES), end]);
}
