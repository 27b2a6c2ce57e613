/** The interfaces and unions that stacks/ exports, read from their source with their docstrings. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  /** Without `@default`. */
  readonly doc: string;
  readonly default: string | undefined;
}

export interface Declaration {
  readonly members: readonly Member[];
  /** Names of interfaces whose members it has, too: parents, or the alternatives of a union. */
  readonly of: readonly Reference[];
}

/** `Omit<X, "a" | "b">` and `Pick` say which members of X. */
export interface Reference {
  readonly name: string;
  readonly picked?: readonly string[];
  readonly omitted?: readonly string[];
}

const INTERFACE = /^export interface (\w+)(?:\s+extends ([^{]+))? \{(\}|\n[\s\S]*?\n\})/gm;
const ALIAS = /^export type (\w+) =([\s\S]*?);\n(?=\n|$|export|const|function|\/\*)/gm;
const MEMBER = /(?: {2}\/\*\*([\s\S]*?)\*\/\n)? {2}readonly (\w+)(\?)?: ([\s\S]*?);\n/g;

export function declarationsIn(directory: string): ReadonlyMap<string, Declaration> {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const found = new Map<string, Declaration>();
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const source = readFileSync(join(directory, file), "utf8");
    for (const [, name = "", parents = "", body = ""] of source.matchAll(INTERFACE)) {
      found.set(name, { members: membersOf(body), of: referencesIn(parents) });
    }
    for (const [, name = "", value = ""] of source.matchAll(ALIAS)) {
      found.set(name, { members: membersOf(value.replace(/^ {4}/gm, "  ")), of: referencesIn(value) });
    }
  }
  return found;
}

export function referencesIn(type: string): readonly Reference[] {
  const picked = [...type.matchAll(/(Omit|Pick)<\s*(\w+),([^>]*)>/g)].map(
    ([, kind, name = "", keys = ""]) => {
      const names = [...keys.matchAll(/"(\w+)"/g)].map(([, key = ""]) => key);
      return kind === "Omit" ? { name, omitted: names } : { name, picked: names };
    },
  );
  const rest = type.replace(/(Omit|Pick)<[^>]*>/g, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...picked, ...[...rest.matchAll(/\b([A-Z]\w+)\b/g)].map(([, name = ""]) => ({ name }))];
}

function membersOf(body: string): readonly Member[] {
  return [...body.matchAll(MEMBER)].map(([, comment = "", name = "", mark, type = ""]) => {
    const text = comment
      .replace(/\n\s*\*/g, "\n")
      .replace(/\s+/g, " ")
      .trim();
    const [doc = "", standard] = text.split(/\s*@default\s*/);
    return {
      ...{ name, isOptional: mark === "?", type: type.replace(/\s+/g, " ").trim() },
      doc: doc.trim(),
      default: standard?.replace(/^- /, ""),
    };
  });
}
