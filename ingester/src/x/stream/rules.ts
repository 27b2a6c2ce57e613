/** Rules of the filtered stream: what one is, and how long and how many they may be. */

/** A rule as the configuration names it. */
export interface StreamRule {
  /** What X matches posts with, without white space that makes no difference: ruleText(). */
  readonly value: string;
  /** How lines and reports call the rule; no two rules have the same. */
  readonly tag: string;
}

/** docs.x.com, "Filtered stream": rules of an app, and characters of a rule. */
export const MAX_RULES = 1_000;
export const RULE_MAX_CHARACTERS = 1_024;
/** Own bound: X documents none, and the tag at X carries the owner, too. */
export const TAG_MAX_CHARACTERS = 100;

/** A rule's identity: X refuses a second rule with the same value. White space makes no difference. */
export function ruleText(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}
