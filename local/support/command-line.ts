import { parseArgs } from "node:util";
import { complain, say } from "./say";
import { UsageError } from "./usage-error";

/** One option of a command. */
export interface OptionSpec {
  readonly type: "string" | "boolean" | "integer" | "number";
  /** What stands for the value in the help, for example `DIR`. Required unless boolean. */
  readonly placeholder?: string;
  /** One line for the help, the default included. */
  readonly help: string;
  /** For numbers: the allowed range, both ends included. */
  readonly min?: number;
  readonly max?: number;
}

/** A command's name, purpose and options: what its help prints and its arguments are checked against. */
export interface CommandSpec {
  /** As a user types it, for example `npm run local:x --`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Lines after the options. */
  readonly notes?: readonly string[];
}

/** The options a user gave; numbers are numbers. */
export type OptionValues = Readonly<Record<string, string | boolean | number | undefined>>;

/** Exit code for a user's mistake, as in the ingester. */
const EXIT_USAGE = 2;

/**
 * Reads a command's arguments.
 * @returns `"help"` when the user asked for it.
 * @throws UsageError naming every unknown option, missing value and value out of range, all at once.
 */
export function readOptions(spec: CommandSpec, args: readonly string[]): OptionValues | "help" {
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries([
      ...Object.entries(spec.options).map(([name, option]) => [
        name,
        { type: option.type === "boolean" ? "boolean" : "string" } as const,
      ]),
      ["help", { type: "boolean", short: "h" } as const],
    ]),
  });
  if (values.help) return "help";
  const problems = positionals.map((word) => `${JSON.stringify(word)} is not an option.`);
  const result: Record<string, string | boolean | number | undefined> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = spec.options[token.name];
    const read = option ? readValue(token, option) : { problem: `Unknown option ${token.rawName}.` };
    if ("problem" in read) problems.push(read.problem);
    else result[token.name] = read.value;
  }
  if (problems.length > 0) {
    throw new UsageError([...problems, `Allowed: ${allowed(spec)}. See ${spec.usage} --help.`].join("\n"));
  }
  return result;
}

/** The help text of a command. */
export function helpText(spec: CommandSpec): string {
  const rows = [...Object.entries(spec.options), ["help", { type: "boolean", help: "print this" }] as const];
  const lefts = rows.map(([name, option]) => optionLabel(name, option));
  const width = Math.max(...lefts.map((left) => left.length)) + 2;
  const lines = rows.map(([, option], row) => `  ${(lefts[row] ?? "").padEnd(width)}${option.help}`);
  const notes = spec.notes ? ["", ...spec.notes] : [];
  return [`Usage: ${spec.usage} [options]`, "", spec.summary, "", ...lines, ...notes, ""].join("\n");
}

/**
 * Runs a command to its exit code. A user's mistake prints its message alone and exits 2; anything else
 * is a defect and keeps its stack trace.
 */
export async function runCommand(
  spec: CommandSpec,
  main: (options: OptionValues) => Promise<number>,
): Promise<void> {
  process.stdout.on("error", endWithoutOutput);
  process.stderr.on("error", () => undefined);
  try {
    const options = readOptions(spec, process.argv.slice(2));
    if (options === "help") say(helpText(spec));
    else process.exitCode = (await main(options)) || codeWithoutOutput;
  } catch (error) {
    const mistake = error instanceof UsageError;
    const text = mistake ? error.message : error instanceof Error ? error.stack : String(error);
    complain(`${text}\n`);
    process.exitCode = mistake ? EXIT_USAGE : 1;
  }
}

/** What stops the command when its output goes away; without any, it ends at once. */
export const stopWithoutOutput = new Set<() => void>();

/** The exit code once stdout cannot be written any more. */
let codeWithoutOutput: number | undefined;

/**
 * Stops as a signal does when stdout cannot be written. A reader that has ended, as in `| head -1`, has seen what it
 * wanted; on a full device something is lost.
 */
function endWithoutOutput({ code, message }: NodeJS.ErrnoException): void {
  if (codeWithoutOutput !== undefined) return;
  codeWithoutOutput = code === "EPIPE" || code === "EIO" ? 0 : 1;
  process.stderr.write(`stopped: stdout cannot be written (${message}).\n`);
  if (stopWithoutOutput.size === 0) process.exit(codeWithoutOutput);
  for (const stop of stopWithoutOutput) stop();
}

/** Resolves when a signal asks this process to end, or its output goes away. Keeps no process alive. */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    stopWithoutOutput.add(resolve);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

type Reading = { readonly value: string | boolean | number } | { readonly problem: string };

function readValue(
  token: { readonly rawName: string; readonly value?: string | undefined },
  option: OptionSpec,
): Reading {
  if (option.type === "boolean") {
    if (token.value === undefined) return { value: true };
    return { problem: `${token.rawName} takes no value, got ${JSON.stringify(token.value)}.` };
  }
  if (token.value === undefined || token.value === "") {
    return { problem: `${token.rawName} needs a value: ${token.rawName} ${option.placeholder ?? "VALUE"}.` };
  }
  if (option.type === "string") return { value: token.value };
  return readNumber(token.rawName, token.value, option);
}

function readNumber(name: string, text: string, option: OptionSpec): Reading {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  // Plain decimal notation only, as in the ingester: "1e3" and "0x10" are typing mistakes more often than intentions.
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fits = value >= min && value <= max;
  if (fits && (option.type === "number" || Number.isInteger(value))) return { value };
  const kind = option.type === "integer" ? "a whole number" : "a number";
  const range = option.max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return { problem: `${name} must be ${kind} ${range}, got ${JSON.stringify(text)}.` };
}

function optionLabel(name: string, option: OptionSpec): string {
  return option.type === "boolean" ? `--${name}` : `--${name} ${option.placeholder ?? "VALUE"}`;
}

function allowed(spec: CommandSpec): string {
  return Object.keys(spec.options)
    .map((name) => `--${name}`)
    .join(", ");
}
