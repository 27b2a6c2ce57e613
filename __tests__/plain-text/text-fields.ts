import { ConfigurationError, checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { recordPaths } from "./every-field";

/** Where a text stands: the names of fields, items of lists counted from 0. */
export type Path = readonly string[];

/** What some layer on the way to AWS could take for something else. */
const NASTY: readonly string[] = [
  "\u0024{HOME}",
  "\u0024\u0024{x}",
  "\u0024{",
  "\u0024",
  "%{if true}yes%{endif}",
  "%%{x}",
  "%{",
  '"quoted"',
  "'single'",
  "`ticks`",
  "\\",
  "\\n\\u0041",
  "two\nlines",
  "\r",
  "\t",
  "天気 👍 é",
  "\u2028",
  "<&>",
  "{{x}}",
  "a = b",
  "#",
  "/*",
  "two words",
];

/** Types say which words these may be, and what stands beside them. */
const DISCRIMINATORS = ["mode", "kind"];

/** A text of a configuration: a field's, an item's, or the name of an entry. */
interface Place {
  readonly path: Path;
  readonly text: string;
  readonly isName: boolean;
}

/** A text that takes some of the nasty ones. */
export interface NastyText {
  readonly place: string;
  /** Begins and ends what was added, and stands nowhere else. */
  readonly marker: string;
  /** What was added to the place's own text. */
  readonly added: string;
  /** Those that it holds. */
  readonly taken: readonly string[];
}

export interface NastyConfig {
  readonly config: EnvironmentConfig;
  readonly texts: readonly NastyText[];
}

/**
 * The same configuration with nasty texts wherever its checks let one through. Places that are known already stay as
 * they are, so that a second configuration is tried for what it has more.
 */
export function withNastyTexts(config: EnvironmentConfig, known: ReadonlySet<string>): NastyConfig {
  const added = new Set<string>();
  const places = placesOf(config).filter((place) => !known.has(nameOf(place)));
  return places.reduce<NastyConfig>(
    (before, place) => {
      const name = nameOf(place);
      if (added.has(name)) return before;
      const found = filled(before.config, place, `zq${added.size}zq`);
      if (found === undefined) return before;
      added.add(name);
      return { config: found.config, texts: [...before.texts, found] };
    },
    { config, texts: [] },
  );
}

/** Items of one list are alike. */
function nameOf({ path, isName }: Place): string {
  return `${pattern(path)}${isName ? " (name)" : ""}`;
}

function pattern(path: Path): string {
  return path.join(".").replace(/\.\d+(?=\.|$)/g, ".*");
}

/** With as many nasty texts as the place takes, before or behind its own text. */
function filled(config: EnvironmentConfig, place: Place, marker: string) {
  const sides = [(text: string) => place.text + text, (text: string) => text + place.text];
  for (const side of sides) {
    const addedOf = (parts: readonly string[]) => [marker, ...parts, marker].join("");
    const changed = (parts: readonly string[]) => withText(config, place, side(addedOf(parts)));
    if (!isAccepted(changed([]))) continue;
    const taken = isAccepted(changed(NASTY)) ? NASTY : eachTaken((parts) => isAccepted(changed(parts)));
    if (taken.length > 0) {
      return { config: changed(taken), place: nameOf(place), marker, taken, added: addedOf(taken) };
    }
  }
  return undefined;
}

function eachTaken(isTaken: (parts: readonly string[]) => boolean): readonly string[] {
  const taken: string[] = [];
  for (const part of NASTY) if (isTaken([...taken, part])) taken.push(part);
  return taken;
}

function placesOf(value: unknown, path: Path = []): Place[] {
  if (DISCRIMINATORS.includes(path.at(-1) ?? "")) return [];
  if (typeof value === "string") return [{ path, text: value, isName: false }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(recordPaths.includes(pattern(path)) ? [{ path: [...path, name], text: name, isName: true }] : []),
    ...placesOf(part, [...path, name]),
  ]);
}

function withText<T>(value: T, { path, isName }: Pick<Place, "path" | "isName">, text: string): T {
  const [name = "", ...rest] = path;
  if (isName && rest.length === 0) {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, part]) => [key === name ? text : key, part]),
    ) as T;
  }
  if (path.length === 0) return text as T;
  const part = withText((value as Record<string, unknown>)[name], { path: rest, isName }, text);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? part : item)) as T;
  return { ...value, [name]: part };
}

function isAccepted(config: EnvironmentConfig): boolean {
  return problemsOf(config).length === 0;
}

/** What the checks of environment files say. */
export function problemsOf(config: EnvironmentConfig): readonly string[] {
  try {
    checkEnvironments({ "test.ts": config });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}
