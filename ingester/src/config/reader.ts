/** Reads typed values from environment variables and collects every problem, so that all are reported together. */

import { parseDecimal } from "../runtime/decimal";
import type { ListItems, NumberRange, NumberVariable, TextForm } from "./variables/variable";
import {
  type ListName,
  type NumberName,
  type TextName,
  VARIABLES,
  type VariableName,
  type Variables,
  type WordName,
  type WordOf,
} from "./variables/variables";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A number; the word that the row allows; undefined if the row has no default. */
type NumberOf<Name extends NumberName> =
  | number
  | (Variables[Name] extends { readonly orWord: infer Word } ? Word : never)
  | (Variables[Name] extends { readonly otherwise: number } ? never : undefined);

/**
 * Reads each variable according to its row of the table. Every method notes problems and still returns a usable value.
 */
export class EnvReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  isSet(name: VariableName): boolean {
    return this.raw(name) !== undefined;
  }

  /** The trimmed value; undefined when absent or blank. */
  text(name: TextName): string | undefined {
    const value = this.raw(name);
    const { pattern, allowed }: TextForm = VARIABLES[name].text;
    if (value !== undefined && pattern?.test(value) === false) {
      this.problem(name, `must be ${allowed}, got ${JSON.stringify(value)}.`);
    }
    return value;
  }

  /** @param hint how to set it */
  required(name: TextName, hint: string): string {
    const value = this.text(name);
    if (value === undefined) this.problem(name, `is missing. ${hint}`);
    return value ?? "";
  }

  number<Name extends NumberName>(name: Name): NumberOf<Name> {
    return this.readNumber(name) as NumberOf<Name>;
  }

  private readNumber(name: NumberName): number | string | undefined {
    const { number: range, orWord, otherwise }: NumberVariable = VARIABLES[name];
    const value = this.raw(name);
    if (value === undefined) return otherwise;
    if (orWord !== undefined && value.toLowerCase() === orWord) return orWord;
    const parsed = parseNumber(value, range);
    if (parsed !== undefined) return parsed;
    const kind = range.integer === true ? "a whole number" : "a number";
    const word = orWord === undefined ? "" : `, or ${orWord}`;
    this.problem(name, `must be ${kind} from ${range.min} to ${range.max}${word}, got "${value}".`);
    return otherwise ?? (orWord === undefined ? range.min : undefined);
  }

  boolean(
    name: WordName & { [N in WordName]: WordOf<N> extends "true" | "false" ? N : never }[WordName],
  ): boolean {
    return this.word(name) === "true";
  }

  /** @param otherwise in place of the row's default */
  word<Name extends WordName>(name: Name, otherwise: WordOf<Name> = VARIABLES[name].otherwise): WordOf<Name> {
    const value = this.raw(name);
    if (value === undefined) return otherwise;
    const words: readonly WordOf<Name>[] = VARIABLES[name].words;
    const found = words.find((word) => word === value.toLowerCase());
    if (found === undefined) this.problem(name, `must be one of ${words.join(", ")}, got "${value}".`);
    return found ?? otherwise;
  }

  /** Items between commas, without blanks. An item that is there twice, under one name or two, is a mistake. */
  list(name: ListName): readonly string[] {
    const items = (this.raw(name) ?? "").split(",").map((item) => item.trim());
    const given = items.filter((item) => item !== "");
    const { allowed, known, pattern, otherNames = {} }: ListItems = VARIABLES[name].items;
    const malformed = given.filter((item) => pattern?.test(item) === false);
    if (malformed.length > 0) this.problem(name, `must be ${allowed}, got "${malformed.join(", ")}".`);
    const unknown = given.filter((item) => known?.includes(item) === false);
    if (unknown.length > 0) {
      this.problem(name, `holds unknown names: ${unknown.join(", ")}. Allowed: ${known?.join(", ")}.`);
    }
    const repeated = given.filter((item, index) => given.indexOf(item) !== index);
    if (repeated.length > 0) {
      this.problem(
        name,
        `must name each item once, got ${[...new Set(repeated)].join(", ")} more than once.`,
      );
    }
    for (const [one, other] of Object.entries(otherNames)) {
      const both = [...new Set(given.filter((item) => item === one || item === other))];
      if (both.length > 1) {
        this.problem(
          name,
          `must name each item once: ${both.join(" and ")} are two names for one thing. Remove one.`,
        );
      }
    }
    return given;
  }

  /** Notes a problem once, however often its variable is read. */
  problem(name: string, what: string): void {
    const problem = `${name} ${what}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }

  private raw(name: VariableName): string | undefined {
    const value = this.env[name]?.trim();
    return value === "" ? undefined : value;
  }
}

function parseNumber(value: string, { min, max, integer = false }: NumberRange): number | undefined {
  const parsed = parseDecimal(value);
  if (parsed === undefined) return undefined;
  if (integer && !Number.isSafeInteger(parsed)) return undefined;
  return parsed >= min && parsed <= max ? parsed : undefined;
}
