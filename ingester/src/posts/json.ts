/**
 * JSON without loss. JSON.parse rounds numbers to doubles, and JSON.stringify writes lone surrogates, which strict
 * readers refuse. Text where neither can happen takes the fast way through both. Pure.
 */
import { isSafeNumber, LosslessNumber, parse, stringify as stringifyLossless } from "lossless-json";

/**
 * A number that a double may not hold: at least 16 digits, or an exponent. Matches in strings, too, which costs time
 * and changes nothing.
 */
const LONG_NUMBER = /[:,[ \n\r\t][-\d](?:[\d.]{15}|[\d.]*[eE][-+]?\d)/;
const REPLACEMENT = "\uFFFD";
/** With the flag `u` a pair is one character, so only lone surrogates match. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** What JSON.stringify makes of a lone surrogate begins so; other text may, too. */
const SURROGATE_ESCAPE = "\\ud";

/** A number whose value a double does not hold: `value` is its text. */
export class ExactNumber extends LosslessNumber {
  /** For JSON.stringify, which cannot write it: its text is found by the same mark as a lone surrogate. */
  toJSON(): string {
    return "\uD800";
  }
}

/**
 * Parses as JSON.parse does (members named `__proto__` are members, the last of equal names wins), but for numbers
 * whose value a double does not hold: they become an ExactNumber.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "number" && !LONG_NUMBER.test(text)) return value;
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function parseNumber(text: string): number | ExactNumber {
  return isSafeNumber(text) ? Number(text) : new ExactNumber(text);
}

/** Writes what parseJson has read, each number with its value. Lone surrogates are written as escapes. */
export function stringify(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes(SURROGATE_ESCAPE) ? (stringifyLossless(value) ?? json) : json;
}

/** False when JSON.stringify may have written a lone surrogate, or something else in the place of an ExactNumber. */
export function isExact(json: Buffer): boolean {
  return !json.includes(SURROGATE_ESCAPE);
}

/** A copy of a parsed value in which U+FFFD takes the place of each lone surrogate, also in names. */
export function wellFormed<T>(value: T): { readonly value: T; readonly replaced: number } {
  let replaced = 0;
  const repair = (text: string) =>
    text.replace(LONE_SURROGATE, () => {
      replaced += 1;
      return REPLACEMENT;
    });
  return { value: mapStrings(value, repair) as T, replaced };
}

/** A copy of a parsed value with every string changed, also names. Numbers stay. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return value;
  const names = new Set(Object.keys(value));
  const members = Object.entries(value).map(([name, member]) => {
    return [changedName(name, names, change), mapStrings(member, change)] as const;
  });
  return Object.fromEntries(members);
}

/** Two names must not become one: the second would take the place of the first. @param taken gets the new name */
function changedName(name: string, taken: Set<string>, change: (text: string) => string): string {
  let changed = change(name);
  if (changed === name) return name;
  while (taken.has(changed)) changed += REPLACEMENT;
  taken.add(changed);
  return changed;
}
