/** A rule that a problem is about; one that exists has an id. */
interface Subject {
  readonly value: string;
}

/** What X says about one rule, in `errors` beside the others' `data`. */
export interface RuleProblem {
  readonly title: string;
  readonly type: string;
  readonly value: string;
  readonly detail?: string;
  readonly [other: string]: unknown;
}

const PROBLEMS = "https://api.twitter.com/2/problems";

/** A rule with this value exists; X names it. */
export function duplicateRule({ id, value }: Subject & { readonly id: string }): RuleProblem {
  return { value, id, title: "DuplicateRule", type: `${PROBLEMS}/duplicate-rules` };
}

/** A rule X cannot read. */
export function invalidRule({ value }: Subject, detail: string): RuleProblem {
  return { value, details: [detail], title: "UnprocessableEntity", type: `${PROBLEMS}/invalid-rules` };
}

/** The app has as many rules as it may have. */
export function ruleCapReached({ value }: Subject, max: number): RuleProblem {
  return {
    value,
    title: "RulesCapExceeded",
    detail: `The number of rules exceeds the maximum of ${max} for this app.`,
    type: `${PROBLEMS}/rule-cap`,
  };
}

/** A rule to be deleted that does not exist. */
export function ruleNotFound(idOrValue: string): RuleProblem {
  return {
    value: idOrValue,
    title: "Not Found Error",
    detail: "Rule does not exist",
    resource_type: "rule",
    type: "https://api.x.com/2/problems/resource-not-found",
  };
}
