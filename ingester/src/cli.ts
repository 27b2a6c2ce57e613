/** The command line: which command, with which typed options. Parsing only; nothing is started here. */
import { parseArgs } from "node:util";
import type { RunCaps } from "./config/budget";
import { ConfigError } from "./loop/errors";

export type Command =
  | { readonly name: "help" }
  | { readonly name: "version" }
  | { readonly name: "run"; readonly caps: RunCaps; readonly json: boolean }
  | {
      readonly name: "backfill";
      /** Epoch milliseconds, inclusive and exclusive. */
      readonly fromMs: number;
      readonly toMs: number;
      readonly fullArchive: boolean;
      readonly caps: RunCaps;
      readonly json: boolean;
    }
  | {
      readonly name: "estimate";
      readonly query: string | undefined;
      readonly fullArchive: boolean;
      readonly json: boolean;
    }
  | { readonly name: "doctor"; readonly json: boolean }
  | {
      readonly name: "coverage";
      /** Ask X what filling each hole would cost. */
      readonly price: boolean;
      /** Key of a coverage to remove. */
      readonly forget: string | undefined;
      readonly json: boolean;
    }
  | { readonly name: "budget"; readonly correction: BudgetCorrection | undefined; readonly json: boolean }
  | { readonly name: "rules"; readonly action: RulesAction; readonly json: boolean };

/** Of the stream's rules: say what a sync would do, do it, show all rules of the app. */
const RULES_ACTIONS = ["plan", "sync", "list"] as const;
export type RulesAction = (typeof RULES_ACTIONS)[number];

export type BudgetCorrection =
  | { readonly type: "set_spent"; readonly usd: number; readonly reason: string }
  | { readonly type: "release"; readonly reason: string };

const COMMANDS = ["run", "backfill", "estimate", "doctor", "coverage", "budget", "rules"] as const;
type Name = (typeof COMMANDS)[number];

const OPTIONS = {
  "max-posts": { type: "string" },
  "max-usd": { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  query: { type: "string" },
  "full-archive": { type: "boolean" },
  price: { type: "boolean" },
  forget: { type: "string" },
  "set-spent": { type: "string" },
  release: { type: "boolean" },
  reason: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;
type OptionName = keyof typeof OPTIONS;

const TAKES: Readonly<Record<Name, readonly OptionName[]>> = {
  run: ["max-posts", "max-usd", "json"],
  backfill: ["from", "to", "full-archive", "max-posts", "max-usd", "json"],
  estimate: ["query", "full-archive", "json"],
  doctor: ["json"],
  coverage: ["price", "forget", "json"],
  budget: ["set-spent", "release", "reason", "json"],
  rules: ["json"],
};

type Values = Readonly<{ [K in OptionName]?: string | boolean | undefined }>;

/**
 * @param argv without node and script
 * @param nowMs the default end of a backfill
 * @throws ConfigError with every problem at once
 */
export function parseCommand(argv: readonly string[], nowMs: number): Command {
  const { values, positionals } = split(argv);
  if (values.help === true || positionals[0] === "help") return { name: "help" };
  if (values.version === true) return { name: "version" };
  const { name, words } = commandName(positionals);
  const foreign = (Object.keys(values) as OptionName[]).filter((option) => !TAKES[name].includes(option));
  const problems = foreign.map(
    (option) => `--${option} is no option of ${name}. ${name} takes ${listed(TAKES[name])}.`,
  );
  const command = typed(name, new Options(values, problems, nowMs, words));
  if (problems.length > 0) throw new ConfigError(problems);
  return command;
}

function split(argv: readonly string[]): { values: Values; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (cause) {
    const what = (cause as Error).message.split(". To specify")[0];
    throw new ConfigError([`${what} See ingester --help.`], { cause });
  }
}

function commandName(positionals: readonly string[]): {
  readonly name: Name;
  readonly words: readonly string[];
} {
  const [word = "run", ...words] = positionals;
  const name = COMMANDS.find((command) => command === word);
  if (name === "rules" || (name !== undefined && words.length === 0)) return { name, words };
  const got = words.length === 0 ? `"${word}"` : `"${positionals.join(" ")}"`;
  throw new ConfigError([`Unknown command ${got}. Commands: ${COMMANDS.join(", ")}. See ingester --help.`]);
}

function listed(options: readonly OptionName[]): string {
  return options.map((option) => `--${option}`).join(", ");
}

function typed(name: Name, options: Options): Command {
  const json = options.flag("json");
  const fullArchive = options.flag("full-archive");
  switch (name) {
    case "run":
      return { name, caps: options.caps(), json };
    case "backfill":
      return { name, ...options.range(), fullArchive, caps: options.caps(), json };
    case "estimate":
      return { name, query: options.text("query"), fullArchive, json };
    case "doctor":
      return { name, json };
    case "coverage":
      return { name, price: options.flag("price"), forget: options.text("forget"), json };
    case "budget":
      return { name, correction: options.correction(), json };
    case "rules":
      return { name, action: options.action(), json };
  }
}

class Options {
  constructor(
    private readonly values: Values,
    private readonly problems: string[],
    private readonly nowMs: number,
    /** After the command's name. */
    private readonly words: readonly string[],
  ) {}

  flag(name: OptionName): boolean {
    return this.values[name] === true;
  }

  text(name: OptionName): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  caps(): RunCaps {
    return {
      maxPosts: this.amount("max-posts", /^\d{1,12}$/, "a whole number of posts"),
      maxUsd: this.dollars("max-usd"),
    };
  }

  range(): { fromMs: number; toMs: number } {
    const fromMs = this.time("from", undefined);
    const toMs = this.time("to", this.nowMs);
    if (fromMs >= toMs) this.problems.push("--from must be before --to.");
    return { fromMs, toMs };
  }

  action(): RulesAction {
    const [word, ...rest] = this.words;
    const action = RULES_ACTIONS.find((one) => one === word);
    if (action !== undefined && rest.length === 0) return action;
    const got = this.words.length === 0 ? "nothing" : `"${this.words.join(" ")}"`;
    this.problems.push(
      `rules takes one of ${RULES_ACTIONS.join(", ")}, such as ingester rules plan; got ${got}.`,
    );
    return "plan";
  }

  /** A correction changes what may be spent: it is kept with its reason. */
  correction(): BudgetCorrection | undefined {
    const usd = this.dollars("set-spent");
    const reason = this.text("reason")?.trim() ?? "";
    const wanted = [usd !== undefined, this.flag("release")].filter(Boolean).length;
    if (wanted === 2) this.problems.push("--set-spent and --release are two corrections: give one of them.");
    if (wanted === 0 && reason !== "") this.problems.push("--reason goes with --set-spent or --release.");
    if (wanted > 0 && reason === "") {
      this.problems.push(
        '--reason is missing: say why, such as --reason "X\'s invoice of November". It is kept.',
      );
    }
    if (usd !== undefined) return { type: "set_spent", usd, reason };
    return this.flag("release") ? { type: "release", reason } : undefined;
  }

  private dollars(name: OptionName): number | undefined {
    return this.amount(name, /^\d{1,9}(\.\d+)?$/, "an amount in US dollars, such as 2.50");
  }

  private amount(name: OptionName, pattern: RegExp, allowed: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!pattern.test(value)) this.problems.push(`--${name} must be ${allowed}, got "${value}".`);
    return Number(value);
  }

  private time(name: OptionName, fallback: number | undefined): number {
    const value = this.text(name);
    if (value === undefined && fallback !== undefined) return fallback;
    const time = timeOf(value ?? "", this.nowMs);
    if (Number.isNaN(time)) {
      const got = value === undefined ? "nothing" : `"${value}"`;
      this.problems.push(
        `--${name} must be an ISO 8601 time, such as 2026-11-20 or 2026-11-20T08:00:00Z, or how long ago it is, such as 5d, 12h or 30m; got ${got}.`,
      );
    }
    return time;
  }
}

const AGO_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** @returns epoch milliseconds; NaN for anything else */
function timeOf(text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (unit !== undefined) return nowMs - Number(count) * AGO_MS[unit as keyof typeof AGO_MS];
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
