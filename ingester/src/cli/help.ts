import type { Variable } from "../config/variables/variable";
import { VARIABLES } from "../config/variables/variables";
import { EXIT } from "../loop/errors";
import { COMMAND_NAMES, type CommandName } from "./command";
import { COMMANDS, COMMON, type OptionName, SPECS } from "./spec";

/** Lines of help fit into a terminal of 80 columns. */
const WIDTH = 78;

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

/** @param topic undefined: the overview */
export function helpOf(topic: CommandName | undefined): string {
  return topic === undefined ? overview() : helpOfCommand(topic);
}

function overview(): string {
  return [
    "ingester: brings posts from X into Amazon Data Firehose, each billed post once,",
    "within a budget.",
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
  ].join("\n");
}

function helpOfCommand(name: CommandName): string {
  const { summary, words, options, notes, examples } = COMMANDS[name];
  return [
    `ingester ${name}: ${summary}`,
    "",
    `Usage: ingester ${[name, ...(words === undefined ? [] : [words.join(" | ")])].join(" ")} [options]`,
    "",
    "Options",
    ...table([...options, ...COMMON].map((option) => [label(option), SPECS[option].help])),
    "",
    ...notes.flatMap((note) => wrapped(note, WIDTH)),
    "",
    "Examples",
    ...examples.map((example) => `  ${example}`),
    "",
    "Exit codes",
    ...table(EXIT_CODES.map(([code, meaning]) => [String(code), meaning])),
    "",
  ].join("\n");
}

function label(option: OptionName): string {
  const { value } = SPECS[option];
  return value === undefined ? `--${option}` : `--${option} ${value}`;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) =>
    wrapped(right, WIDTH - width - 2).map(
      (line, index) => `  ${(index === 0 ? left : "").padEnd(width)}${line}`,
    ),
  );
}

function wrapped(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
