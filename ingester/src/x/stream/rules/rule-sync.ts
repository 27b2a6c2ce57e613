/**
 * Makes the rules at X equal to the configuration: lists them, compares, lets X check the new rules without a change, adds
 * them, and then removes the rules of this ingester that are no longer wanted. It adds first, so that posts which an old and
 * a new rule match are never missed.
 */

import { SourceError } from "../../../loop/errors";
import { plural } from "../../../runtime/words";
import { diffRules, type RuleDiff } from "./rule-diff";
import { type LeftRule, quoted, refused } from "./rule-refusals";
import {
  addRules,
  listRules,
  problemOf,
  type RuleDraft,
  type RulesAnswer,
  type RulesClient,
  removeRules,
} from "./rule-requests";
import { type ListedRule, ownedTagOf, type RuleInForce, ruleTag, type StreamRule } from "./rules";

export interface WantedRules {
  readonly rules: readonly StreamRule[];
  /** ownerOfKey() of this ingester. */
  readonly owner: string;
}

/** One change at X, as soon as X has confirmed it. */
export interface RuleChange {
  readonly type: "rules_added" | "rules_removed";
  readonly rules: readonly StreamRule[];
}

export interface RuleSync {
  /** Every wanted rule, in the order of the configuration. */
  readonly inForce: readonly RuleInForce[];
  /** Rules of others, whose posts the stream brings, and X bills, too. */
  readonly foreign: readonly ListedRule[];
  readonly added: readonly StreamRule[];
  readonly removed: readonly StreamRule[];
}

/** The most rounds. If another process changes the same rules, one or two more rounds are enough. */
const MAX_ROUNDS = 4;

/**
 * What syncRules() would do. X checks the new rules; nothing is changed.
 * @throws ConfigError when X would refuse rules; SourceError
 */
export async function planRules(client: RulesClient, wanted: WantedRules): Promise<RuleDiff> {
  return (await checked(client, wanted, new Map())).diff;
}

/**
 * Can be repeated, and several processes can do it at once: to add a rule that exists already, and to remove one that does
 * not exist any more, counts as done.
 * @throws ConfigError when X refuses rules (invalid, or more than the app may have); SourceError
 */
export async function syncRules(
  client: RulesClient,
  wanted: WantedRules,
  observe: (change: RuleChange) => void = () => undefined,
): Promise<RuleSync> {
  const changes = new Changes(observe);
  const duplicates = new Map<string, string>();
  for (let round = 1; ; round += 1) {
    const compare = round === 1 ? checked : listed;
    const { diff, existing } = await compare(client, wanted, duplicates);
    const { created, left } = await add(client, diff.added, wanted.owner);
    changes.note("rules_added", created);
    noteDuplicates(left, duplicates);
    const named = new Set(duplicates.values());
    await remove(
      client,
      diff.removed.filter(({ id }) => !named.has(id)),
      changes,
    );
    const isLast = round >= MAX_ROUNDS;
    const known = isLast ? left.flatMap(inForceAs) : [];
    if (left.length === known.length) {
      const inForce = inOrder([...diff.kept, ...created, ...known], wanted.rules);
      return { ...changes.result, inForce, foreign: diff.foreign };
    }
    if (isLast || !left.every((one) => isPassing(one, diff))) throw refused(left, wanted.owner, existing);
  }
}

interface Comparison {
  readonly diff: RuleDiff;
  readonly existing: readonly ListedRule[];
}

async function listed(
  client: RulesClient,
  { rules, owner }: WantedRules,
  duplicates: ReadonlyMap<string, string>,
): Promise<Comparison> {
  const existing = await listRules(client);
  return { existing, diff: diffRules(rules, existing, { owner, duplicates }) };
}

/** A dry run changes nothing. If the app has no room, rules that will be removed can make room. */
async function checked(
  client: RulesClient,
  wanted: WantedRules,
  duplicates: Map<string, string>,
): Promise<Comparison> {
  const { rules, owner } = wanted;
  const { diff, existing } = await listed(client, wanted, duplicates);
  const { left } = await add(client, diff.added, owner, { dryRun: true });
  const final = left.filter(({ problem }) => {
    return problem?.kind === "invalid" || (problem?.kind === "over_limit" && diff.removed.length === 0);
  });
  if (final.length > 0) throw refused(final, owner, existing);
  noteDuplicates(left, duplicates);
  return { existing, diff: diffRules(rules, existing, { owner, duplicates }) };
}

function noteDuplicates(left: readonly LeftRule[], duplicates: Map<string, string>): void {
  for (const { rule, problem } of left) {
    if (problem?.kind === "duplicate" && problem.id !== undefined) duplicates.set(rule.value, problem.id);
  }
}

async function add(
  client: RulesClient,
  rules: readonly StreamRule[],
  owner: string,
  options: { readonly dryRun?: boolean } = {},
): Promise<{ readonly created: readonly RuleInForce[]; readonly left: readonly LeftRule[] }> {
  const drafts = rules.map((rule) => draftOf(rule, owner));
  const answer = await addRules(client, drafts, options);
  const ids = rules.map((_rule, index) => idOf(drafts[index], answer));
  return {
    created: rules.flatMap((rule, index) => {
      const id = ids[index];
      return id === undefined ? [] : [{ ...rule, id, owned: true }];
    }),
    left: rules.flatMap((rule, index) =>
      ids[index] === undefined ? [{ rule, problem: problemOf(rule, answer.problems) }] : [],
    ),
  };
}

/** By the tag, which no two drafts share: X may write a value in another way. */
function idOf(draft: RuleDraft | undefined, { created }: RulesAnswer): string | undefined {
  return (
    created.find(({ tag }) => tag === draft?.tag) ?? created.find(({ value }) => value === draft?.value)
  )?.id;
}

async function remove(client: RulesClient, rules: readonly ListedRule[], changes: Changes): Promise<void> {
  if (rules.length === 0) return;
  const problems = await removeRules(
    client,
    rules.map(({ id }) => id),
  );
  const isLeft = ({ id, value }: ListedRule) => problems.some(({ about }) => about === id || about === value);
  changes.note(
    "rules_removed",
    rules
      .filter((rule) => !isLeft(rule))
      .map(({ value, tag }) => ({ value, tag: ownedTagOf(tag)?.tag ?? "" })),
  );
  const [problem] = problems;
  if (problem === undefined) return;
  const message = `X did not remove ${plural(problems.length, "rule")} of this ingester: ${quoted(problem.words)}.`;
  throw new SourceError(message, { kind: "invalid_request" });
}

/**
 * Whether another round can help: the rules are listed again after a duplicate or a missing result; removed rules make
 * room.
 */
function isPassing({ problem }: LeftRule, { removed }: RuleDiff): boolean {
  if (problem === undefined || problem.kind === "duplicate") return true;
  return problem.kind === "over_limit" && removed.length > 0;
}

/** A rule that X repeatedly calls a duplicate, and does not list: it counts as existing. */
function inForceAs({ rule, problem }: LeftRule): readonly RuleInForce[] {
  const isKnown = problem?.kind === "duplicate" && problem.id !== undefined;
  return isKnown ? [{ ...rule, id: String(problem.id), owned: false }] : [];
}

function draftOf({ value, tag }: StreamRule, owner: string): RuleDraft {
  return { value, tag: ruleTag({ owner, tag }) };
}

function inOrder(inForce: readonly RuleInForce[], rules: readonly StreamRule[]): readonly RuleInForce[] {
  const places = new Map(rules.map(({ value }, index) => [value, index]));
  return inForce.toSorted((a, b) => (places.get(a.value) ?? 0) - (places.get(b.value) ?? 0));
}

/** What has been done, over all rounds. */
class Changes {
  private readonly done = { added: [] as StreamRule[], removed: [] as StreamRule[] };

  constructor(private readonly observe: (change: RuleChange) => void) {}

  get result(): Pick<RuleSync, "added" | "removed"> {
    return this.done;
  }

  note(type: RuleChange["type"], rules: readonly StreamRule[]): void {
    if (rules.length === 0) return;
    const plain = rules.map(({ value, tag }) => ({ value, tag }));
    (type === "rules_added" ? this.done.added : this.done.removed).push(...plain);
    this.observe({ type, rules: plain });
  }
}
