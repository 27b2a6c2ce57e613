/** docs/environment.md: every field of an environment file, from the docstrings of its types. */
import { join } from "node:path";
import { type Declaration, declarationsIn, type Member, type Reference, referencesIn } from "./declarations";

const ROOT = join(__dirname, "../..");
export const DOCUMENT = join(ROOT, "docs/environment.md");

const HEAD = `# The environment file

One file in [environments/](../environments) describes one environment; \`main.ts\` makes three stacks of it. This page
is made of the docstrings of its types by \`npm run docs:environment\`. What a change of a field does to an environment
that runs: [changes.md](changes.md). The smallest file is [environments/dev.ts](../environments/dev.ts).

Names with a dot are nested: \`worker.cpu\` is \`worker: { cpu: ... }\`. A field without a default is required.
`;

type Declarations = ReadonlyMap<string, Declaration>;

export interface Field extends Member {
  /** With the names of what it is nested in. */
  readonly path: string;
}

export function environmentDocument(): string {
  const declarations = declarationsIn(join(ROOT, "stacks"));
  const fields = fieldsOf("EnvironmentConfig", declarations);
  const groups = [...new Set(fields.map(({ path }) => path.split(".")[0] ?? ""))];
  const isGroup = (name: string) => fields.some(({ path }) => path.startsWith(`${name}.`));
  const single = fields.filter(({ path }) => !path.includes(".") && !isGroup(path));
  const sections = groups.filter(isGroup).map((name) => {
    const own = fields.find(({ path }) => path === name);
    const nested = fields.filter(({ path }) => path.startsWith(`${name}.`));
    const about = [
      own?.doc,
      own?.isOptional ? `Optional; without it: ${own.default ?? "the defaults below"}.` : "Required.",
    ];
    return [`## ${name}`, "", about.filter(Boolean).join(" "), "", table(nested)].join("\n");
  });
  return [HEAD, "## Of the whole environment", "", table(single), "", sections.join("\n\n"), ""].join("\n");
}

function fieldsOf(type: string, declarations: Declarations, prefix = ""): readonly Field[] {
  const members = merged({ name: type }, declarations, new Set());
  return members.flatMap((member) => {
    const path = `${prefix}${member.name}`;
    // Only one level of nesting is an object of settings; below that the type says it all.
    const nested = prefix.split(".").length > 2 ? [] : referencesIn(member.type);
    const inner = nested.flatMap(({ name, ...which }) =>
      declarations.has(name)
        ? fieldsOf(name, declarations, `${path}.`).filter((field) =>
            isIn(which, field.path.slice(path.length + 1)),
          )
        : [],
    );
    return [{ ...member, path }, ...unique(inner, ({ path: each }) => each)];
  });
}

/** Members of a type with those of its parents or alternatives, each name once. */
function merged(reference: Reference, declarations: Declarations, seen: Set<string>): readonly Member[] {
  const { name } = reference;
  const declaration = declarations.get(name);
  if (declaration === undefined || seen.has(name)) return [];
  seen.add(name);
  const inherited = declaration.of.flatMap((one) => merged(one, declarations, seen));
  return combined([...declaration.members, ...inherited]).filter((member) => isIn(reference, member.name));
}

/** Each name once. Alternatives differ in a literal, such as `mode`: every one of them is named, in place of a meaning. */
function combined(members: readonly Member[]): readonly Member[] {
  const all = members.filter(({ type }) => type !== "undefined");
  return unique(all, ({ name }) => name).map((member) => {
    const types = [...new Set(all.filter(({ name }) => name === member.name).map(({ type }) => type))];
    const isLiteral = types.length > 1 && types.every((type) => type.startsWith('"'));
    return isLiteral ? { ...member, type: types.join(" or "), doc: "" } : member;
  });
}

function isIn({ picked, omitted }: Omit<Reference, "name">, path: string): boolean {
  const [name = ""] = path.split(".");
  return (picked === undefined || picked.includes(name)) && omitted?.includes(name) !== true;
}

function unique<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...new Map([...all].reverse().map((one) => [key(one), one])).values()].reverse();
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(({ path, doc, isOptional, default: standard, type }) => {
    const what = doc === "" ? `\`${type}\`` : doc;
    return `| \`${path}\` | ${cell(what)} | ${cell(isOptional ? (standard ?? "none") : "required")} |`;
  });
  return ["| field | meaning | default |", "|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
