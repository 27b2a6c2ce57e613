/** The command line: which command, with which typed options. Parsing only; nothing is started here. */
import { parseArgs } from "node:util";
import { ConfigError } from "../loop/errors";
import {
  COMMAND_NAMES,
  type Command,
  type CommandName,
  type Invocation,
  RULES_ACTIONS,
  SHELLS,
} from "./command";
import { Options, type Values } from "./options";
import { COMMANDS, COMMON, type OptionName, SPECS } from "./spec";

/**
 * @param argv without node and script
 * @param nowMs the default end of a range, and the end of the past
 * @throws ConfigError with every problem at once
 */
export function parseInvocation(argv: readonly string[], nowMs: number): Invocation {
  const { values, words, problems } = split(argv);
  const [first, ...rest] = words;
  if (first === "help" || values.help !== undefined) {
    return { command: { name: "help", topic: topicOf(first === "help" ? rest : words) }, envFile: undefined };
  }
  if (values.version !== undefined || (first === "version" && rest.length === 0))
    return { command: { name: "version" }, envFile: undefined };
  const name = commandName(words, problems);
  const taken = [...COMMANDS[name].options, ...COMMON];
  const foreign = (Object.keys(values) as OptionName[]).filter((option) => !taken.includes(option));
  problems.push(
    ...foreign.map((option) => `--${option} is no option of ${name}. ${name} takes ${listed(taken)}.`),
  );
  const options = new Options(values, problems, nowMs);
  const command = typed(name, options, { words: words.slice(1), nowMs });
  const envFile = options.text("dotenv");
  if (problems.length > 0) throw new ConfigError([...problems]);
  return { command, envFile };
}

interface Split {
  readonly values: Values;
  readonly words: readonly string[];
  readonly problems: string[];
}

/** Node's own strict mode stops at the first problem, and calls a negative number ambiguous. */
function split(argv: readonly string[]): Split {
  const options = Object.fromEntries(
    Object.entries(SPECS).map(([name, { value }]) => {
      const short = name === "help" ? { short: "h" } : {};
      return [name, { type: value === undefined ? "boolean" : "string", ...short } as const];
    }),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Partial<Record<OptionName, string[]>> = {};
  const words: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const problem = problemOf(token);
    if (problem !== undefined) problems.push(problem);
    else {
      const name = token.name as OptionName;
      values[name] = [...(values[name] ?? []), token.value ?? ""];
    }
  }
  for (const [name, given] of Object.entries(values)) {
    if (given.length < 2 || SPECS[name as OptionName].isRepeatable === true) continue;
    const what = given[0] === "" ? "" : ` (${given.map((value) => `"${value}"`).join(", ")})`;
    problems.push(
      `--${name} is given ${given.length === 2 ? "twice" : `${given.length} times`}${what}. Give it once.`,
    );
  }
  return { values, words, problems };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function problemOf({ name, rawName, value, inlineValue }: OptionToken): string | undefined {
  if (!Object.hasOwn(SPECS, name)) return `Unknown option ${rawName}. See ingester --help.`;
  const { value: placeholder } = SPECS[name as OptionName];
  if (placeholder === undefined) {
    return value === undefined ? undefined : `--${name} takes no value, got "${value}".`;
  }
  const isMissing = value === undefined || value === "" || (inlineValue === false && value.startsWith("--"));
  return isMissing ? `--${name} needs a value: --${name} ${placeholder}.` : undefined;
}

function topicOf(words: readonly string[]): CommandName | undefined {
  return words.length === 0 ? undefined : commandName(words, []);
}

/** @param problems what is wrong already: it is said, too */
function commandName(words: readonly string[], problems: readonly string[]): CommandName {
  const [word = "run", ...rest] = words;
  const name = COMMAND_NAMES.find((command) => command === word);
  if (name !== undefined && (rest.length === 0 || COMMANDS[name].words !== undefined)) return name;
  const known = `Commands: ${COMMAND_NAMES.join(", ")}. See ingester --help.`;
  if (name === undefined) throw new ConfigError([...problems, `Unknown command "${word}". ${known}`]);
  throw new ConfigError([
    ...problems,
    `${name} takes no words beside its options, got "${rest.join(" ")}". ${known}`,
  ]);
}

function listed(options: readonly OptionName[]): string {
  return options.map((option) => `--${option}`).join(", ");
}

/** What `audit` looks at by default. */
const AUDIT_MS = 7 * 24 * 60 * 60_000;

function typed(
  name: CommandName,
  options: Options,
  { words, nowMs }: { readonly words: readonly string[]; readonly nowMs: number },
): Command {
  const json = options.flag("json");
  const yes = options.flag("yes");
  const fullArchive = options.flag("full-archive");
  switch (name) {
    case "run":
      return { name, caps: options.caps(), yes, json };
    case "backfill": {
      const dryRun = options.flag("dry-run");
      return { name, ...options.range(), fullArchive, dryRun, caps: options.caps(), yes, json };
    }
    case "estimate":
      return { name, query: options.text("query"), variants: options.texts("with"), fullArchive, json };
    case "doctor":
      return { name, json };
    case "coverage":
      return { name, price: options.flag("price"), forget: options.text("forget"), json };
    case "budget":
      return { name, correction: options.correction(), json };
    case "audit":
      return {
        ...{ name, ...options.range(nowMs - AUDIT_MS), bucket: options.text("bucket") },
        ...{ prefixes: options.texts("prefix"), errorPrefix: options.text("error-prefix") },
        ...{ delayMs: options.age("delay"), counts: options.flag("counts") },
        fullArchive,
        ...{ report: options.text("report"), json },
      };
    case "rules":
      return { name, action: options.word(name, words, RULES_ACTIONS), json };
    case "completion":
      return { name, shell: options.word(name, words, SHELLS) };
  }
}
