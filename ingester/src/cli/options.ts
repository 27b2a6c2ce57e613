/** The values of options, read into types; what is wrong with them is collected. */
import type { RunCaps } from "../config/budget";
import { parseDecimal } from "../runtime/decimal";
import { readTime } from "../runtime/times";
import { count } from "../runtime/words";
import type { BudgetCorrection, CommandName } from "./command";
import type { OptionName } from "./spec";

/** Every value that was given; a switch has the empty string. */
export type Values = Readonly<Partial<Record<OptionName, readonly string[]>>>;

const AGO_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_POSTS = 10 ** 12 - 1;
const MAX_USD = 10 ** 9;
const MAX_REASON_CHARACTERS = 500;

export class Options {
  constructor(
    private readonly values: Values,
    private readonly problems: string[],
    private readonly nowMs: number,
  ) {}

  flag(name: OptionName): boolean {
    return this.values[name] !== undefined;
  }

  text(name: OptionName): string | undefined {
    return this.values[name]?.[0];
  }

  texts(name: OptionName): readonly string[] {
    return this.values[name] ?? [];
  }

  caps(): RunCaps {
    const isCount = (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_POSTS;
    return {
      maxPosts: this.amount("max-posts", isCount, "a whole number of posts"),
      maxUsd: this.dollars("max-usd"),
    };
  }

  /** @param defaultFromMs where --from is left out. @default - it is required */
  range(defaultFromMs?: number): { fromMs: number; toMs: number } {
    const isLeftOut = this.text("from") === undefined && defaultFromMs !== undefined;
    const fromMs = isLeftOut ? defaultFromMs : this.time("from");
    const toMs = this.text("to") === undefined ? this.nowMs : this.time("to");
    if (toMs > this.nowMs) {
      const it = this.text("to");
      this.problems.push(
        `--to lies in the future, got "${it}" (${iso(toMs)}); it is ${iso(this.nowMs)} now.`,
      );
    } else if (this.text("to") === undefined && fromMs >= this.nowMs) {
      const it = this.text("from");
      this.problems.push(
        `--from must lie in the past, got "${it}" (${iso(fromMs)}); it is ${iso(this.nowMs)} now.`,
      );
    } else if (fromMs >= toMs) {
      this.problems.push(`--from must be before --to, got ${iso(fromMs)} and ${iso(toMs)}.`);
    }
    return { fromMs, toMs };
  }

  /** @returns milliseconds */
  age(name: OptionName): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = ageOf(text);
    if (ms === undefined)
      this.problems.push(`--${name} must be an age, such as 15m, 2h or 1d; got "${text}".`);
    return ms;
  }

  /**
   * The one word that a command takes; the first one allowed, with a problem, where it is none of them.
   * @param words after the command's name
   */
  word<Word extends string>(
    command: CommandName,
    words: readonly string[],
    allowed: readonly [Word, ...Word[]],
  ): Word {
    const [word, ...rest] = words;
    const found = allowed.find((one) => one === word);
    if (found !== undefined && rest.length === 0) return found;
    const got = words.length === 0 ? "nothing" : `"${words.join(" ")}"`;
    this.problems.push(
      `${command} takes one of ${allowed.join(", ")}, such as ingester ${command} ${allowed[0]}; got ${got}.`,
    );
    return allowed[0];
  }

  /** A correction changes what may be spent: it is kept with its reason. */
  correction(): BudgetCorrection | undefined {
    const usd = this.dollars("set-spent");
    const reason = this.text("reason")?.trim() ?? "";
    const wanted = [this.flag("set-spent"), this.flag("release")].filter(Boolean).length;
    if (wanted === 2) this.problems.push("--set-spent and --release are two corrections: give one of them.");
    if (wanted === 0 && reason !== "") this.problems.push("--reason goes with --set-spent or --release.");
    if (wanted > 0 && reason === "") {
      this.problems.push(
        '--reason is missing: say why, such as --reason "X\'s invoice of November". It is kept.',
      );
    }
    if (reason.length > MAX_REASON_CHARACTERS) {
      const got = `got ${count(reason.length)}`;
      this.problems.push(
        `--reason must have at most ${MAX_REASON_CHARACTERS} characters, ${got}. The ledger keeps it.`,
      );
    }
    if (usd !== undefined) return { type: "set_spent", usd, reason };
    return this.flag("release") ? { type: "release", reason } : undefined;
  }

  private dollars(name: OptionName): number | undefined {
    const isAmount = (value: number) => value >= 0 && value < MAX_USD;
    return this.amount(name, isAmount, "an amount in US dollars, such as 2.50");
  }

  private amount(
    name: OptionName,
    isAllowed: (value: number) => boolean,
    allowed: string,
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parseDecimal(text);
    if (value !== undefined && isAllowed(value)) return value;
    this.problems.push(`--${name} must be ${allowed}, got "${text}".`);
    return undefined;
  }

  /** @returns epoch milliseconds; NaN with a problem */
  private time(name: "from" | "to"): number {
    const text = this.text(name);
    const age = ageOf(text ?? "");
    if (age !== undefined) return this.nowMs - age;
    const time = readTime(text ?? "");
    if ("ms" in time) return time.ms;
    const got = text === undefined ? "nothing" : `"${text}"`;
    this.problems.push(
      time.problem === "impossible"
        ? `--${name} is no date and time of the calendar, got ${got}.`
        : `--${name} must be a time (2026-11-20, 2026-11-20T08:00Z, 2026-11-20T09:00+01:00; UTC without a zone) or an age (5d, 12h, 30m); got ${got}.`,
    );
    return Number.NaN;
  }
}

function ageOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * AGO_MS[unit as keyof typeof AGO_MS];
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
