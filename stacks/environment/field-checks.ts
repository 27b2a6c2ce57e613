import { Token } from "cdktf";
import type { BoundName } from "../constructs/checks/bounds";
import { boundProblems, type Problem, problem, shown, under } from "../constructs/checks/check";

/** Looks at one value and says what is wrong with it, with paths relative to the value. */
export type Check = (value: unknown) => Problem[];

/** One check for each field, so that the compiler asks for a check whenever a field is added. */
export type Fields<T> = { readonly [Key in keyof Required<T>]: Check };

/**
 * `tsx` runs environment files without type-checking them, so a misspelt field or a string for a number gets
 * this far: every field is checked, and unknown ones are refused rather than ignored. References that only Terraform
 * can resolve pass.
 */
export function section<T extends object>(fields: Fields<T>): Check {
  return (value) => {
    if (!isRecord(value)) return [wrong("an object", value)];
    const known = Object.entries<Check>(fields)
      .filter(([name]) => !Token.isUnresolved(value[name]))
      .flatMap(([name, check]) => under(name, check(value[name])));
    return [...known, ...unknownFields(value, Object.keys(fields))];
  };
}

function unknownFields(value: Record<string, unknown>, allowed: readonly string[]): Problem[] {
  return Object.keys(value)
    .filter((name) => !allowed.includes(name))
    .map((name) => ({ path: name, text: `is not a known field. Known here: ${allowed.join(", ")}.` }));
}

/** A section whose fields depend on one of them, such as a network's `mode`. */
export function variants(discriminator: string, sections: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isRecord(value)) return [wrong("an object", value)];
    const chosen = value[discriminator];
    const check = typeof chosen === "string" ? sections[chosen] : undefined;
    if (check) return check(value);
    const allowed = `one of ${Object.keys(sections).join(", ")}`;
    return [problem(discriminator, { allowed, got: chosen, fix: "Choose one." })];
  };
}

/** A field that may be left out. */
export function optional(check: Check): Check {
  return (value) => (value === undefined ? [] : check(value));
}

/** A required value from the table of bounds. */
export function bounded(name: BoundName): Check {
  return (value) => (value === undefined ? [missing()] : boundProblems(name, "", value));
}

/** True or false. */
export const flag: Check = (value) => (typeof value === "boolean" ? [] : [wrong("true or false", value)]);

/** A text, which may be empty. */
export const anyText: Check = (value) => (typeof value === "string" ? [] : [wrong("a text", value)]);

/** A text that says something. */
export const text: Check = (value) =>
  typeof value === "string" && value.trim() !== "" ? [] : [wrong("a text that is not empty", value)];

/** Any finite number: its limits are a rule of the construct that takes it. */
export const number: Check = (value) =>
  typeof value === "number" && Number.isFinite(value) ? [] : [wrong("a number", value)];

/** A text of a certain form; `allowed` continues "must be". */
export function matching(pattern: RegExp, allowed: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? [] : [wrong(allowed, value)]);
}

/** One of some words. */
export function choice(...values: readonly string[]): Check {
  return (value) => (values.includes(value as string) ? [] : [wrong(`one of ${values.join(", ")}`, value)]);
}

/** A whole number, both limits included. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  const allowed = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  return (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? []
      : [wrong(`a whole number, ${allowed}`, value)];
}

/** A list whose items all pass; paths count from 0. */
export function listOf(check: Check, { min = 0, max = Number.POSITIVE_INFINITY } = {}): Check {
  const size = Number.isFinite(max) ? ` of ${min} to ${max}` : min > 0 ? ` of ${min} or more` : "";
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      return [wrong(`a list${size}`, value)];
    return value.flatMap((item, index) => under(`${index}`, check(item)));
  };
}

/** An object with any keys, whose values all pass. */
export function recordOf(check: Check): Check {
  return (value) =>
    isRecord(value)
      ? Object.entries(value).flatMap(([name, item]) => under(name, check(item)))
      : [wrong("an object", value)];
}

/**
 * Adds rules that look at several fields. They see the value without the fields that are wrong by themselves, so
 * that one mistake hides no other.
 */
export function withRules<T extends object>(fields: Check, rules: (value: Partial<T>) => Problem[]): Check {
  return (value) => {
    const problems = fields(value);
    if (!isRecord(value)) return problems;
    const sound = Object.entries(value).filter(
      ([name]) => !problems.some((each) => isWithin(each.path, name)),
    );
    return [...problems, ...rules(Object.fromEntries(sound) as Partial<T>)];
  };
}

/** Adds rules about defaults, which make sense only where every field is right by itself. */
export function onceSound<T extends object>(fields: Check, rules: (value: T) => Problem[]): Check {
  return (value) => {
    const problems = fields(value);
    return problems.length > 0 ? problems : rules(value as T);
  };
}

/** Whether a path names a field or a part of it. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}

function missing(): Problem {
  return { path: "", text: "is missing. Set it." };
}

function wrong(allowed: string, got: unknown): Problem {
  return got === undefined ? missing() : { path: "", text: `must be ${allowed}, got ${shown(got)}.` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
