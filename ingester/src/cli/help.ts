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

const VARIABLES: readonly (readonly [string, string])[] = [
  ["X_BEARER_TOKEN", "app-only token of the X app (required)"],
  ["SEARCH_QUERY", 'an X query; or SEARCH_QUERIES, [{"name","query"}, ...]'],
  ["INGEST_MODE", "search, or stream with STREAM_RULES (search)"],
  ["FIREHOSE_STREAM_NAME", "delivery stream (required)"],
  ["CHECKPOINT_FILE", "file of the ledger; or CHECKPOINT_TABLE, its table"],
  [
    "MONTHLY_USD_LIMIT",
    'hard limit of a billing cycle; or MONTHLY_POST_LIMIT, or --max-usd, --max-posts; "none" is explicit',
  ],
  ["SEARCH_START", "where a new query starts: window, now or a time (window)"],
  ["RUN_ONCE", "true: run ends when caught up (false)"],
  ["HTTP_PORT", "port of the status page, 0 = off (8080)"],
  ["LOG_LEVEL", "error, warn, info, debug, trace (info)"],
];

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
    ...table(VARIABLES),
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
