import type { Variable } from "../config/variables/variable";
import { VARIABLES } from "../config/variables/variables";
import { EXIT } from "../loop/errors";
import { wrapped } from "../runtime/wrap";
import { COMMAND_NAMES, type CommandName } from "./command";
import { COMMANDS, COMMON, type OptionName, SPECS } from "./spec";

/** Longer lines are hard to read, however wide the terminal is. */
const MOST_COLUMNS = 78;
/** Commands that are to be copied: a shell reads their broken lines as one. */
const EXAMPLES = new Set(COMMAND_NAMES.flatMap((name) => COMMANDS[name].examples));

const EXIT_CODES: readonly (readonly [number, string])[] = [
  [EXIT.done, "done, or stopped cleanly"],
  [EXIT.failure, "anything else"],
  [EXIT.configuration, "configuration, or the command line"],
  [EXIT.access, "credentials or access refused"],
  [EXIT.held, "another worker holds what was asked for"],
  [130, "a second SIGTERM or Ctrl-C: left at once"],
];

/** Rows of variables that have a line of help. */
const FIRST_VARIABLES = Object.entries<Variable>(VARIABLES).flatMap(([name, { help }]) =>
  help === undefined ? [] : [[name, help] as const],
);

/**
 * Lines are broken at words.
 * @param topic undefined: the overview
 * @param columns of the terminal
 */
export function helpOf(topic: CommandName | undefined, columns = MOST_COLUMNS): string {
  const width = Math.min(MOST_COLUMNS, columns);
  const lines = topic === undefined ? overview() : helpOfCommand(topic);
  return lines
    .map((line) => (EXAMPLES.has(line.trim()) ? continued(line, columns) : wrapped(line, width)))
    .join("\n");
}

function overview(): readonly string[] {
  return [
    "ingester: brings posts from X into Amazon Data Firehose, each billed post once, within a budget.",
    "",
    "Usage: ingester [command] [options]",
    "       ingester help COMMAND",
    "       ingester --version",
    "",
    "Commands",
    ...table(
      COMMAND_NAMES.map((name) => [name, `${COMMANDS[name].summary}${name === "run" ? " (default)" : ""}`]),
    ),
    "",
    "Environment (all of it: docs/configuration.md)",
    ...table(FIRST_VARIABLES),
    "",
    "Exit codes",
    ...table(EXIT_CODES.map(([code, meaning]) => [String(code), meaning])),
    "",
  ];
}

function helpOfCommand(name: CommandName): readonly string[] {
  const { summary, words, options, notes, examples } = COMMANDS[name];
  return [
    `ingester ${name}: ${summary}`,
    "",
    `Usage: ingester ${[name, ...(words === undefined ? [] : [words.join(" | ")])].join(" ")} [options]`,
    "",
    "Options",
    ...table([...options, ...COMMON].map((option) => [label(option), SPECS[option].help])),
    "",
    ...notes,
    "",
    "Examples",
    ...examples.map((example) => `  ${example}`),
    "",
    "Exit codes",
    ...table(EXIT_CODES.map(([code, meaning]) => [String(code), meaning])),
    "",
  ];
}

function label(option: OptionName): string {
  const { value } = SPECS[option];
  return value === undefined ? `--${option}` : `--${option} ${value}`;
}

/** What of a command stays on one line: an option with its value, a quoted text, a comment. */
const PARTS = /#.*|(?:(?:--\S+|>) (?!--|[|>#]))?(?:[^\s"']|"[^"]*"|'[^']*')+/g;
const CONTINUED = "    ";

/** Breaks a command with backslashes where it is longer than the terminal is wide. */
function continued(line: string, columns: number): string {
  if (line.length <= columns) return line;
  const [first = "", ...rest] = (line.match(PARTS) ?? []).map(String);
  const lines: string[] = [];
  let last = `  ${first}`;
  for (const part of rest) {
    // A comment ends its line; every other line leaves room for its backslash.
    const most = columns - (part.startsWith("#") ? 0 : 2);
    const longer = `${last} ${part}`;
    if (longer.length > most) lines.push(`${last} \\`);
    last = longer.length > most ? `${CONTINUED}${part}` : longer;
  }
  return [...lines, last].join("\n");
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`);
}
