/**
 * How strings that were parsed from an answer hold its text. V8 keeps a string at one or two bytes a character, and one
 * emoji makes a whole answer two: held as bytes it is parsed, kept and written at half the cost. Pure.
 */
import { mapStrings } from "./json";

/**
 * `characters`: as everywhere. `bytes`: each character is one byte of the text's UTF-8 (Buffer's `latin1`), so that ASCII
 * is the same in both. Only an answer that goes into lines is held so; what is shown, compared or cut is in characters.
 */
export type TextForm = "bytes" | "characters";

const ENCODINGS = { bytes: "latin1", characters: "utf8" } as const;

/** Buffer's name of the encoding in which strings of a form become the bytes of a line. */
export function bufferEncoding(form: TextForm): "latin1" | "utf8" {
  return ENCODINGS[form];
}

/** A copy of a parsed value that holds its text, names included, in characters. */
export function inCharacters<T>(value: T): T {
  return mapStrings(value, (text) => Buffer.from(text, "latin1").toString("utf8")) as T;
}
