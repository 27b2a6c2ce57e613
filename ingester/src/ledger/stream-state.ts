/** What the ledger keeps of a stream; stream.ts has the rules. Plain JSON. */
import type { Id } from "../posts/ids";
import type { Interval } from "./intervals";

export interface StreamState {
  /** Rule set that was in force when the stream was last heard. */
  readonly set: string;
  /** That one, and those of the holes. */
  readonly sets: readonly RuleSet[];
  /** Texts of the sets' rules: a rule of a hole is searched for even if it is not configured any more. */
  readonly texts: readonly RuleText[];
  /** Oldest first. */
  readonly holes: readonly StreamHole[];
  /** What was filled by search, which finds other posts than the stream; oldest first. */
  readonly bySearch: readonly FilledBySearch[];
}

export interface RuleSet {
  readonly id: string;
  /** References of its rules, in their order. */
  readonly rules: readonly string[];
}

export interface RuleText {
  /** Reference of the rule. */
  readonly rule: string;
  readonly value: string;
  readonly tag: string;
}

/** Why search was not asked for a rule. */
export type SkipReason =
  /** It uses operators that search ignores, so that search would buy more than the stream sends. */
  | "ignored_operators"
  /** Only full-archive search takes it, and X does not grant that. */
  | "too_long"
  | "refused"
  /** X returned the same posts again and again. */
  | "no_progress"
  /** Its text is kept neither in the ledger nor in the configuration. */
  | "text_unknown";

export interface SkippedRule {
  /** Reference of the rule. */
  readonly rule: string;
  readonly why: SkipReason;
}

export interface StreamHole extends Interval {
  readonly set: string;
  /** So many rules of the set have been searched for, or skipped. */
  readonly searched: number;
  /** So many of them were skipped, because search cannot be asked for them. */
  readonly skipped: number;
  /** The first of those, at most MAX_NAMED_SKIPS. @default - none */
  readonly skippedRules?: readonly SkippedRule[];
  /** Of the next rule, everything above this has been read. @default - nothing */
  readonly downTo?: Id;
}

export interface FilledBySearch extends Interval {
  readonly rules: number;
  /** Rules that search could not be asked for. */
  readonly skipped: number;
  /** The first of those, at most MAX_NAMED_SKIPS. @default - none */
  readonly skippedRules?: readonly SkippedRule[];
}
