/** The changes at X after which the wanted rules, and no others of the same owner, exist there. Pure. */
import { type ListedRule, ownedTagOf, type RuleInForce, ruleText, type StreamRule } from "./rules";

/** Every rule that X lists is in exactly one of `kept`, `removed` and `foreign`. */
export interface RuleDiff {
  /** Wanted, and not at X, in the order of the configuration. */
  readonly added: readonly StreamRule[];
  /** Wanted, and at X. */
  readonly kept: readonly RuleInForce[];
  /** Rules of this ingester that are no longer wanted. */
  readonly removed: readonly ListedRule[];
  /** Rules of other owners: never changed, although the stream brings their posts, too. */
  readonly foreign: readonly ListedRule[];
}

export interface DiffOptions {
  /** ownerOfKey() of this ingester. */
  readonly owner: string;
  /** Ids of the rules that X has named as duplicates of a value, by that value: X may write it in another way. */
  readonly duplicates?: ReadonlyMap<string, string>;
}

/**
 * Rules with the same value are the same rule. A rule whose tag has changed keeps its old tag at X: X cannot change a tag,
 * and removing the rule and adding it again would lose the posts in between.
 * @param wanted without two of the same value
 */
export function diffRules(
  wanted: readonly StreamRule[],
  existing: readonly ListedRule[],
  { owner, duplicates = new Map() }: DiffOptions,
): RuleDiff {
  const isOwn = ({ tag }: ListedRule) => ownedTagOf(tag)?.owner === owner;
  const ownFirst = [...existing].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  const byId = new Map(existing.map((rule) => [rule.id, rule]));
  const byText = new Map(ownFirst.toReversed().map((rule) => [ruleText(rule.value), rule]));
  const added: StreamRule[] = [];
  const kept: RuleInForce[] = [];
  for (const { value, tag } of wanted) {
    const found = byText.get(ruleText(value)) ?? byId.get(duplicates.get(value) ?? "");
    if (found === undefined) added.push({ value, tag });
    else kept.push({ id: found.id, value, tag, owned: isOwn(found) });
  }
  const inForce = new Set(kept.map(({ id }) => id));
  const others = existing.filter(({ id }) => !inForce.has(id));
  return {
    ...{ added, kept },
    removed: others.filter(isOwn),
    foreign: others.filter((rule) => !isOwn(rule)),
  };
}
