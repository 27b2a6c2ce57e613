/** What has to change at X so that the wanted rules, and no others of the same owner, are in force. Pure. */
import { type ListedRule, ownedTagOf, type RuleInForce, ruleText, type StreamRule } from "./rules";

/** Every rule that X lists is in exactly one of `kept`, `removed` and `foreign`. */
export interface RuleDiff {
  /** Wanted, and not at X, in the order of the configuration. */
  readonly added: readonly StreamRule[];
  /** Wanted, and at X. */
  readonly kept: readonly RuleInForce[];
  /** This ingester's, and not wanted any more. */
  readonly removed: readonly ListedRule[];
  /** Of other owners: never touched, although the stream brings their posts, too. */
  readonly foreign: readonly ListedRule[];
}

export interface DiffOptions {
  /** ownerOfKey() of this ingester. */
  readonly owner: string;
  /** Ids of the rules that X has named as duplicates of a value, by that value: X may write it in another way. */
  readonly duplicates?: ReadonlyMap<string, string>;
}

/**
 * The value is what makes a rule the same. A rule whose tag has changed is kept with its old tag at X: X cannot change a
 * tag, and to remove a rule and add it again would lose the posts of the time between.
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
