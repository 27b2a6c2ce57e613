/** The commands with their typed options: what the command line says, and what commands are given. */
import type { RunCaps } from "../config/budget";

export const COMMAND_NAMES = [
  "run",
  "backfill",
  "estimate",
  "doctor",
  "coverage",
  "budget",
  "audit",
  "rules",
  "completion",
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

export type Command =
  /** `topic` undefined: the overview. */
  | { readonly name: "help"; readonly topic: CommandName | undefined }
  | { readonly name: "version" }
  | {
      readonly name: "run";
      readonly caps: RunCaps;
      /** Buy without asking, whatever it costs. */
      readonly yes: boolean;
      readonly json: boolean;
    }
  | {
      readonly name: "backfill";
      /** Epoch milliseconds, inclusive and exclusive. */
      readonly fromMs: number;
      readonly toMs: number;
      readonly fullArchive: boolean;
      /** Say what it would buy, and what that would cost; buy nothing. */
      readonly dryRun: boolean;
      readonly caps: RunCaps;
      readonly yes: boolean;
      readonly json: boolean;
    }
  | {
      readonly name: "estimate";
      /** Undefined: the queries of the configuration. */
      readonly query: string | undefined;
      /** Added to the query one at a time, and priced beside it. */
      readonly variants: readonly string[];
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
  | {
      readonly name: "audit";
      /** Epoch milliseconds; widened to whole UTC days. */
      readonly fromMs: number;
      readonly toMs: number;
      /** `s3://BUCKET` or a folder. @default - no bucket is read */
      readonly bucket: string | undefined;
      /** Of objects with posts. @default - those of the stacks */
      readonly prefixes: readonly string[];
      readonly errorPrefix: string | undefined;
      /** What was delivered less than so long ago may still be on its way. */
      readonly delayMs: number | undefined;
      /** Ask X how many posts the queries match. */
      readonly counts: boolean;
      /** With counts: beyond 7 days, too. */
      readonly fullArchive: boolean;
      /** File that the report is written to, too. */
      readonly report: string | undefined;
      readonly json: boolean;
    }
  | { readonly name: "rules"; readonly action: RulesAction; readonly json: boolean }
  | { readonly name: "completion"; readonly shell: Shell };

/** Of the stream's rules: say what a sync would do, do it, show all rules of the app. */
export const RULES_ACTIONS = ["plan", "sync", "list"] as const;
export type RulesAction = (typeof RULES_ACTIONS)[number];

/** Shells that completion scripts are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What a command is given: its options without its name. */
export type OptionsOf<Name extends CommandName> = Omit<Extract<Command, { name: Name }>, "name">;

export type BudgetCorrection =
  | { readonly type: "set_spent"; readonly usd: number; readonly reason: string }
  | { readonly type: "release"; readonly reason: string };

/** A whole command line. */
export interface Invocation {
  readonly command: Command;
  /** A file of environment variables to read first. */
  readonly envFile: string | undefined;
}
