/** Reading typed values out of environment variables, collecting every problem instead of stopping at the first. */

import { parseDecimal } from "../runtime/decimal";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** Reads variables by name; every method returns a usable value and notes a problem where there is one. */
export class EnvReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  /** The trimmed value; undefined when absent or blank. */
  text(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value === "" ? undefined : value;
  }

  required(name: string, hint: string): string {
    const value = this.text(name);
    if (value === undefined) this.problem(name, `is missing. ${hint}`);
    return value ?? "";
  }

  number(name: string, range: NumberRange): number | undefined;
  number(name: string, range: NumberRange, fallback: number): number;
  number(name: string, range: NumberRange, fallback?: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const parsed = parseNumber(value, range);
    if (parsed !== undefined) return parsed;
    const kind = range.integer === true ? "a whole number" : "a number";
    this.problem(name, `must be ${kind} from ${range.min} to ${range.max}, got "${value}".`);
    return fallback ?? range.min;
  }

  /** A number, or a word that stands for none. */
  numberOr<const T extends string>(name: string, range: NumberRange, word: T): number | T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value.toLowerCase() === word) return word;
    const parsed = parseNumber(value, range);
    const kind = range.integer === true ? "a whole number" : "a number";
    if (parsed === undefined) {
      this.problem(name, `must be ${kind} from ${range.min} to ${range.max}, or ${word}, got "${value}".`);
    }
    return parsed;
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.oneOf(name, ["true", "false"] as const, fallback ? "true" : "false") === "true";
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const found = allowed.find((item) => item === value.toLowerCase());
    if (found === undefined) this.problem(name, `must be one of ${allowed.join(", ")}, got "${value}".`);
    return found ?? fallback;
  }

  /** A comma-separated list without blanks. */
  list(name: string): readonly string[] {
    const items = (this.text(name) ?? "").split(",").map((item) => item.trim());
    return items.filter((item) => item !== "");
  }

  /** Notes a problem once, however often its variable is read. */
  problem(name: string, what: string): void {
    const problem = `${name} ${what}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

function parseNumber(value: string, { min, max, integer = false }: NumberRange): number | undefined {
  const parsed = parseDecimal(value);
  if (parsed === undefined) return undefined;
  if (integer && !Number.isSafeInteger(parsed)) return undefined;
  return parsed >= min && parsed <= max ? parsed : undefined;
}
