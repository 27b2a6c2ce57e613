import { Token } from "cdktf";
import type { Construct } from "constructs";
import { type Bound, fits } from "./bound";
import { type BoundName, bounds } from "./bounds";

/** One thing wrong with a configuration. */
export interface Problem {
  /** Where, below the checked object: `delivery.bufferingSizeMiB`. */
  readonly path: string;
  /** Continues the path: "must be ..., got .... How to fix it." */
  readonly text: string;
}

/** Prefixes the paths of problems found in a part of a larger configuration. */
export function under(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map(({ path, text }) => ({ path: [prefix, path].filter(Boolean).join("."), text }));
}

/** A problem in the house style: what, allowed, got, fix. */
export function problem(path: string, words: { allowed: string; got: unknown; fix: string }): Problem {
  return { path, text: `must be ${words.allowed}, got ${shown(words.got)}. ${words.fix}` };
}

/** Checks one value against a row of the table; references that only Terraform can resolve pass. */
export function boundProblems(name: BoundName, path: string, value: unknown): Problem[] {
  const bound: Bound = bounds[name];
  if (value === undefined || Token.isUnresolved(value) || fits(bound, value)) return [];
  return [problem(path, { allowed: bound.allowed, got: value, fix: bound.fix })];
}

/** Rows of the table of bounds, by the field that each is for. */
export type FieldBounds<T> = { readonly [Key in keyof T]?: BoundName };

/** Checks fields of a value, each against its row. Fields without a row may be anything of their type. */
export function fieldProblems<T extends object>(rows: FieldBounds<T>, value: Partial<T> = {}): Problem[] {
  return Object.entries<BoundName | undefined>(rows).flatMap(([field, name]) =>
    name === undefined ? [] : boundProblems(name, field, value[field as keyof T]),
  );
}

/** Checks every item of a list against one row; paths count from 0. */
export function itemProblems(name: BoundName, path: string, items: readonly unknown[] = []): Problem[] {
  return items.flatMap((item, index) => boundProblems(name, `${path}.${index}`, item));
}

/**
 * One problem for each item that equals an earlier one; undefined items are not compared.
 * @param field of each item that `items` holds, where items have fields
 */
export function repeatProblems(path: string, items: readonly unknown[] = [], field?: string): Problem[] {
  const placeOf = (index: number) => [path, index, field].filter((part) => part !== undefined).join(".");
  const places = new Map<unknown, number>();
  return items.flatMap((got, index) => {
    const first = places.get(got);
    if (first === undefined) places.set(got, index);
    if (first === undefined || got === undefined || Token.isUnresolved(got)) return [];
    const allowed = `unlike ${placeOf(first)}`;
    return [problem(placeOf(index), { allowed, got, fix: "Change or remove one of the two." })];
  });
}

/** Values that occur more than once, without repetition. */
export function repeated<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Whether a value is given, known at synth time, and within its row, as rules between fields require. */
export function isSound(name: BoundName, value: unknown): boolean {
  return value !== undefined && !Token.isUnresolved(value) && fits(bounds[name], value);
}

/** A value as a reader would write it, cut to a length that keeps a list of problems readable. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/**
 * Makes synthesis fail with these problems, each named with the construct's path.
 * @param problems found already, or a function that finds them when the whole tree has been constructed
 */
export function checkAtSynth(
  construct: Construct,
  problems: readonly Problem[] | (() => readonly Problem[]),
): void {
  const found = typeof problems === "function" ? problems : () => problems;
  construct.node.addValidation({
    validate: () => found().map(({ path, text }) => [path, text].filter(Boolean).join(" ")),
  });
}
