/** Messages for rules that X does not accept, with X's reasons. */

import { ConfigError, SourceError } from "../../../loop/errors";
import { count, plural } from "../../../runtime/words";
import type { RuleProblem } from "./rule-requests";
import { type ListedRule, ownedTagOf, type StreamRule } from "./rules";

/** A wanted rule that X has not added. */
export interface LeftRule {
  readonly rule: StreamRule;
  /** Undefined: X gave no reason. */
  readonly problem: RuleProblem | undefined;
}

/** @param existing all rules of the app, at the time */
export function refused(
  left: readonly LeftRule[],
  owner: string,
  existing: readonly ListedRule[],
): ConfigError | SourceError {
  const of = (kind: RuleProblem["kind"]) => left.filter(({ problem }) => problem?.kind === kind);
  const problems = of("invalid").map(
    ({ rule, problem }) => `STREAM_RULES: X refuses the rule ${described(rule)}. ${xSays(problem)}`,
  );
  const over = of("over_limit");
  if (over.length > 0) problems.push(overLimit(over, owner, existing));
  if (problems.length > 0) return new ConfigError(problems);
  const message = `X did not add these rules, and does not list them: ${several(left)}.`;
  return new SourceError(`${message} ${xSays(left.find(({ problem }) => problem)?.problem)}`, {
    kind: "transient",
  });
}

function overLimit(over: readonly LeftRule[], owner: string, existing: readonly ListedRule[]): string {
  const others = existing.filter(({ tag }) => ownedTagOf(tag)?.owner !== owner).length;
  return (
    `STREAM_RULES: the app has no room for these rules: ${several(over)}. It has ${plural(existing.length, "rule")}, ` +
    `${count(others)} of them not of this ingester (see ingester rules list). Join rules with OR, or remove some. ` +
    xSays(over[0]?.problem)
  );
}

function several(left: readonly LeftRule[]): string {
  const [shown, more] = [left.slice(0, 3), left.length - 3];
  return shown.map(({ rule }) => described(rule)).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function xSays(problem: RuleProblem | undefined): string {
  return problem === undefined ? "X says nothing about them." : `X says: ${quoted(problem.words)}`;
}

function described({ value, tag }: StreamRule): string {
  return `${quoted(tag)} (${value.length > 100 ? `${value.slice(0, 100)}...` : value})`;
}

export function quoted(words: string): string {
  return `"${words.slice(0, 500)}"`;
}
