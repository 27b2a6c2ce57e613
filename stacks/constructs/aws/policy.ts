import { boundProblems, itemProblems, type Problem, problem, under } from "../checks/check";
import { literalText } from "../terraform/literal-text";

/** One condition of a policy statement, in IAM's words. */
export interface PolicyCondition {
  /** For example `StringEquals`. */
  readonly test: string;
  /** Condition key, for example `aws:SourceAccount`. */
  readonly variable: string;
  readonly values: readonly string[];
}

/** One allowing statement. No role of this project denies anything. */
export interface PolicyStatement {
  /** Names the statement in plans and reviews; unique in its role. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** @default - no condition */
  readonly conditions?: readonly PolicyCondition[];
}

/** Something that can be given permissions: `grantXxx` methods take one. */
export interface Grantee {
  addStatement(statement: PolicyStatement): void;
}

/** Problems of handwritten statements; paths count from 0. */
export function statementProblems(path: string, statements: readonly PolicyStatement[] = []): Problem[] {
  const none = { allowed: "a list of one or more", got: 0, fix: "IAM takes no empty list." };
  return statements.flatMap(({ sid, actions, resources, conditions = [] }, index) =>
    under(`${path}.${index}`, [
      ...boundProblems("statementId", "sid", sid),
      ...(actions.length === 0
        ? [problem("actions", none)]
        : itemProblems("policyAction", "actions", actions)),
      ...(resources.length === 0
        ? [problem("resources", none)]
        : itemProblems("policyResource", "resources", resources)),
      ...conditions.flatMap(({ test, variable }, at) =>
        under(`conditions.${at}`, [
          ...boundProblems("conditionTest", "test", test),
          ...boundProblems("conditionKey", "variable", variable),
        ]),
      ),
    ]),
  );
}

/** Characters, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MAX_POLICY_CHARACTERS = { managed: 6_144, inline: 10_240 };

/** A statement as `aws_iam_policy_document` takes it. */
export function renderStatement({ sid, actions, resources, conditions }: PolicyStatement) {
  return {
    sid,
    actions: [...actions],
    resources: resources.map(literalText),
    ...(conditions ? { condition: conditions.map(renderCondition) } : {}),
  };
}

function renderCondition({ test, variable, values }: PolicyCondition) {
  return { test, variable: literalText(variable), values: values.map(literalText) };
}

/** IAM refuses a policy that is too long, after the role has been created. */
export function policyProblems(
  path: string,
  kind: keyof typeof MAX_POLICY_CHARACTERS,
  statements: readonly PolicyStatement[],
): Problem[] {
  const most = MAX_POLICY_CHARACTERS[kind];
  const got = policyCharacters(statements);
  if (got <= most) return [];
  const allowed = `at most ${most} characters, as an ${kind} policy`.replace("an managed", "a managed");
  return [problem(path, { allowed, got, fix: "Grant less, or grant to several roles." })];
}

/** Length of the document that `aws_iam_policy_document` makes of statements, as IAM counts it. */
export function policyCharacters(statements: readonly PolicyStatement[]): number {
  const document = { Version: "2012-10-17", Statement: oneOrMany(statements.map(documentStatement)) };
  return JSON.stringify(document).replace(/\s/g, "").length;
}

function documentStatement({ sid, actions, resources, conditions = [] }: PolicyStatement) {
  const tests = [...new Set(conditions.map(({ test }) => test))];
  const condition = tests.map((test) => {
    const own = conditions.filter((each) => each.test === test);
    return [test, Object.fromEntries(own.map(({ variable, values }) => [variable, oneOrMany(values)]))];
  });
  return {
    Sid: sid,
    Effect: "Allow",
    Action: oneOrMany(actions),
    Resource: oneOrMany(resources),
    ...(tests.length > 0 ? { Condition: Object.fromEntries(condition) } : {}),
  };
}

/** A list of one is written without brackets. */
function oneOrMany<T>(values: readonly T[]): T | readonly T[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}
