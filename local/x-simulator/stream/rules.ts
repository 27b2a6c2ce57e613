import type { Clock } from "../../support/clock";
import type { Matching, PostTest } from "../query/matching";
import { parseQuery, QueryProblem } from "../query/parse";
import { firstIdAt } from "../snowflake";
import { duplicateRule, invalidRule, type RuleProblem, ruleCapReached } from "./rule-problems";

/** X's limits, pay per use. @see https://docs.x.com/x-api/posts/filtered-stream/introduction */
export const MAX_RULES = 1000;
export const MAX_RULE_LENGTH = 1024;

/** A rule without an id: what a client asks for. */
export interface RuleDraft {
  readonly value: string;
  readonly tag?: string;
}

/** A rule as X lists it. */
export interface Rule extends RuleDraft {
  readonly id: string;
}

/** What became of rules to be added. */
export interface AddedRules {
  readonly created: readonly Rule[];
  readonly problems: readonly RuleProblem[];
  /** Rules X can read, also those that exist already. */
  readonly valid: number;
}

/** Which rules to delete. */
export type RuleSelector = "all" | { readonly ids?: readonly string[]; readonly values?: readonly string[] };

/** What became of rules to be deleted. */
export interface DeletedRules {
  readonly deleted: readonly Rule[];
  /** Ids and values that no rule has. */
  readonly notFound: readonly string[];
}

/** What a rule book needs. */
export interface RuleBookProps {
  readonly clock: Clock;
  readonly matching: Matching;
  /** How long until a change acts on the stream; X's is about 20 s. */
  readonly ruleLagMs: number;
}

/** A rule and when it selects posts; it may be listed no longer and act still. */
interface ActingRule {
  readonly rule: Rule;
  readonly test: PostTest;
  readonly fromMs: number;
  untilMs: number;
}

/** The app's rules. They outlive connections and restarts of the simulator's server. */
export class RuleBook {
  private listed: readonly Rule[] = [];
  private acting: ActingRule[] = [];
  private lastId = 0n;

  constructor(private readonly props: RuleBookProps) {}

  /** Oldest first. */
  list(): readonly Rule[] {
    return this.listed;
  }

  /** Adds rules, each for itself: a bad one does not keep the others out. @param dryRun checks only */
  add(drafts: readonly RuleDraft[], dryRun = false): AddedRules {
    const created: Rule[] = [];
    const problems: RuleProblem[] = [];
    for (const draft of drafts) {
      const known = [...this.listed, ...created].find(({ value }) => value === draft.value);
      const problem = known
        ? duplicateRule(known)
        : (unreadable(draft) ?? (this.hasRoom(created) ? undefined : ruleCapReached(draft, MAX_RULES)));
      if (problem) problems.push(problem);
      else created.push({ ...draft, id: this.nextId() });
    }
    if (!dryRun) for (const rule of created) this.enter(rule);
    const invalid = problems.filter(({ title }) => title === "UnprocessableEntity").length;
    return { created, problems, valid: drafts.length - invalid };
  }

  /** Deletes rules. @param dryRun checks only */
  delete(which: RuleSelector, dryRun = false): DeletedRules {
    const deleted = this.listed.filter((rule) => isSelected(rule, which));
    const { ids = [], values = [] } = which === "all" ? {} : which;
    const notFound = [
      ...ids.filter((id) => !deleted.some((rule) => rule.id === id)),
      ...values.filter((value) => !deleted.some((rule) => rule.value === value)),
    ];
    if (!dryRun) for (const rule of deleted) this.remove(rule);
    return { deleted, notFound };
  }

  /** The rules that act now and select this post. */
  matching(index: number, nowMs: number): readonly Rule[] {
    this.acting = this.acting.filter(({ untilMs }) => untilMs > nowMs);
    return this.acting.filter(({ fromMs, test }) => fromMs <= nowMs && test(index)).map(({ rule }) => rule);
  }

  private enter(rule: Rule): void {
    const { clock, matching, ruleLagMs } = this.props;
    const fromMs = clock.now() + ruleLagMs;
    this.listed = [...this.listed, rule];
    this.acting.push({
      rule,
      test: matching.testOf(rule.value, "rule"),
      fromMs,
      untilMs: Number.POSITIVE_INFINITY,
    });
  }

  private remove(rule: Rule): void {
    this.listed = this.listed.filter(({ id }) => id !== rule.id);
    const acting = this.acting.find((each) => each.rule.id === rule.id);
    if (acting) acting.untilMs = this.props.clock.now() + this.props.ruleLagMs;
  }

  private hasRoom(created: readonly Rule[]): boolean {
    return this.listed.length + created.length < MAX_RULES;
  }

  private nextId(): string {
    const now = firstIdAt(this.props.clock.now());
    this.lastId = now > this.lastId ? now : this.lastId + 1n;
    return this.lastId.toString();
  }
}

function isSelected({ id, value }: Rule, which: RuleSelector): boolean {
  return which === "all" || (which.ids?.includes(id) ?? false) || (which.values?.includes(value) ?? false);
}

function unreadable(draft: RuleDraft): RuleProblem | undefined {
  const length = [...draft.value].length;
  if (length > MAX_RULE_LENGTH) {
    return invalidRule(draft, `rule length [${length}] exceeds max [${MAX_RULE_LENGTH}]`);
  }
  try {
    parseQuery(draft.value);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return invalidRule(draft, error.message);
  }
}
