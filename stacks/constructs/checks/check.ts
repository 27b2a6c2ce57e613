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

/** A value as a reader would write it, cut to a length that keeps a list of problems readable. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Makes synthesis fail with these problems, each named with the construct's path. */
export function checkAtSynth(construct: Construct, problems: readonly Problem[]): void {
  construct.node.addValidation({ validate: () => problems.map(({ path, text }) => `${path} ${text}`) });
}
