/** The tables of docs/configuration.md: one row for each variable that the ingester reads. */
import { join } from "node:path";
import type { ListItems, NumberRange, Variable } from "../../ingester/src/config/variables/variable";
import { SECTIONS } from "../../ingester/src/config/variables/variables";

export const DOCUMENT = join(__dirname, "../../docs/configuration.md");

const HEAD = "| variable | meaning | allowed | default |\n|---|---|---|---|\n";
/** A greater end is own arithmetic's, and says nothing to a reader. */
const MAX_SHOWN = 10 ** 9;

/**
 * The document with its tables written anew, one below the heading of each section.
 * @throws Error when a section has no heading with a table
 */
export function withTables(document: string): string {
  return Object.entries<Readonly<Record<string, Variable>>>(SECTIONS).reduce((text, [heading, variables]) => {
    const start = text.indexOf(HEAD, text.indexOf(`\n## ${heading}\n`));
    const next = text.indexOf("\n## ", text.indexOf(`\n## ${heading}\n`) + 1);
    if (start < 0 || (next >= 0 && start > next)) throw new Error(`No table of variables below ${heading}.`);
    const end = text.indexOf("\n\n", start);
    return text.slice(0, start) + HEAD + Object.entries(variables).map(row).join("\n") + text.slice(end);
  }, document);
}

function row([name, variable]: readonly [string, Variable]): string {
  const cells = [`\`${name}\``, variable.meaning, allowed(variable), standard(variable)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function allowed(variable: Variable): string {
  if ("words" in variable) return variable.words.map((word) => `\`${word}\``).join(", ");
  if ("items" in variable) return items(variable.items);
  if ("text" in variable) return variable.text.allowed ?? "";
  const word = variable.orWord === undefined ? "" : `, or \`${variable.orWord}\``;
  return `${range(variable.number)}${word}`;
}

function items({ allowed: form, known }: ListItems): string {
  const names = known === undefined ? "" : `: ${known.map((name) => `\`${name}\``).join(", ")}`;
  return `${form}, each once${names}`;
}

function range({ min, max, integer = false }: NumberRange): string {
  const shown = (value: number) => value.toLocaleString("en-US");
  const kind = integer ? "a whole number" : "a number";
  return max >= MAX_SHOWN ? `${kind} from ${shown(min)}` : `${kind} from ${shown(min)} to ${shown(max)}`;
}

function standard(variable: Variable): string {
  if (variable.shownDefault !== undefined) return variable.shownDefault;
  return "otherwise" in variable ? `\`${variable.otherwise}\`` : "none";
}
