import { isUtf8 } from "node:buffer";

/** A JSON object that nothing is known about yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The object that these bytes are the JSON of; undefined for anything else, whatever is wrong with it. */
export function parseObject(bytes: Buffer): Json | undefined {
  // Decoding would replace broken UTF-8 without a word, and the line would look whole.
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects in a list; none when it is no list. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The member of an object, whatever the object turns out to be. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
