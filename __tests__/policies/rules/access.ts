import type { PolicyStatementJson } from "../../helpers/synth";
import { allows, principalsOf, type Resource, type Rule, statementsOf } from "../rule";

const ROLE = "aws_iam_role";
const DOCUMENT = "data.aws_iam_policy_document";
const GITHUB_SUBJECT = "token.actions.githubusercontent.com:sub";

/** Actions that AWS knows no resource for: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const NOT_RESTRICTABLE = ["ecr:GetAuthorizationToken"];

/** What cloudsplaining, which checkov asks, counts to each kind of risk; the part that such roles could hold. */
const ESCALATION = /^iam:(Attach|Create|Put|Update|Add|Set|PassRole)|^sts:AssumeRole$/;
const CREDENTIALS = /^iam:CreateAccessKey$|^sts:(AssumeRole|Get\w+Token)/;
const EXFILTRATION = /^s3:GetObject$|^ssm:GetParameter|^secretsmanager:GetSecretValue$/;
const PERMISSIONS = /Policy$|^iam:|Permission$|^kms:CreateGrant$/;
const WRITE = /:(Put|Create|Update|Delete|Abort|Run|Write|Tag)/;

const unconstrained = ({ resources = [] }: PolicyStatementJson) => resources.includes("*");

/** Statements that allow without a principal: what a role may do. */
const permissionsOf = (resource: Resource) =>
  statementsOf(resource).filter((statement) => allows(statement) && principalsOf(statement).length === 0);

const noneUnconstrained = (actions: RegExp) => (resource: Resource) =>
  !permissionsOf(resource).some(
    (each) => unconstrained(each) && each.actions.some((action) => actions.test(action)),
  );

/** Statements that allow something on every resource without a condition. */
const boundless = (resource: Resource) =>
  statementsOf(resource).filter(
    (each) => allows(each) && unconstrained(each) && (each.condition ?? []).length === 0,
  );

/** Statements that say who may assume a role. */
function trustOf({ stack, attributes }: Resource): readonly PolicyStatementJson[] {
  const id = /data\.aws_iam_policy_document\.([^.]+)\.json/.exec(String(attributes.assume_role_policy))?.[1];
  return stack.statements(id ?? "");
}

export const accessRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_60"],
    title: "Named services or principals only may assume a role",
    on: ROLE,
    holds: (role) => trustOf(role).every((each) => !principalsOf(each).includes("*")),
  },
  {
    ids: ["CKV_AWS_61"],
    title: "No whole account may assume a role",
    on: ROLE,
    holds: (role) => !trustOf(role).some((each) => principalsOf(each).some((name) => name.endsWith(":root"))),
  },
  {
    ids: ["CKV_AWS_358", "CKV_AWS_393"],
    title: "GitHub Actions assume roles for named repositories only",
    on: ROLE,
    holds: (role) =>
      trustOf(role)
        .filter(({ principals = [] }) => principals.some(({ type }) => type === "Federated"))
        .every(({ condition = [] }) =>
          condition.some(
            ({ variable, values }) =>
              variable === GITHUB_SUBJECT &&
              values.every((value) => /^repo:[\w.-]+\/[^*?:/]+:[^*]/.test(value)),
          ),
        ),
  },
  {
    ids: ["CKV_AWS_274"],
    title: "No AWS-managed policy is attached, least of all AdministratorAccess",
    on: ROLE,
    holds: ({ stack, attributes }) =>
      attributes.managed_policy_arns === undefined &&
      Object.values(stack.all("aws_iam_role_policy_attachment")).every(
        // A reference is to a policy of the stack itself.
        ({ policy_arn }) => /^\$\{aws_iam_policy\./.test(String(policy_arn)),
      ),
  },
  {
    ids: ["CKV_AWS_62", "CKV_AWS_63"],
    title: "No policy allows every action",
    on: DOCUMENT,
    holds: (document) => !permissionsOf(document).some(({ actions }) => actions.includes("*")),
  },
  {
    ids: ["AWS-0345"],
    title: "No action has a wildcard, least of all S3's",
    on: DOCUMENT,
    holds: (document) =>
      permissionsOf(document).every(({ actions }) => actions.every((action) => !action.includes("*"))),
  },
  {
    // trivy looks at managed policies alone, and refuses every iam:PassRole that such a policy allows.
    ids: ["AWS-0342"],
    title: "Named roles only may be passed, to a named service",
    on: DOCUMENT,
    holds: (document) =>
      permissionsOf(document)
        .filter(({ actions }) => actions.includes("iam:PassRole"))
        .every(
          ({ resources = [], condition = [] }) =>
            resources.every((name) => !name.includes("*")) &&
            condition.some(({ variable }) => variable === "iam:PassedToService"),
        ),
  },
  {
    ids: ["CKV_AWS_286", "CKV_AWS_110"],
    title: "No policy allows its holder to widen its own rights",
    on: DOCUMENT,
    holds: noneUnconstrained(ESCALATION),
  },
  {
    ids: ["CKV_AWS_287", "CKV_AWS_107"],
    title: "No policy gives credentials out without a named resource",
    on: DOCUMENT,
    holds: noneUnconstrained(CREDENTIALS),
  },
  {
    ids: ["CKV_AWS_288", "CKV_AWS_108"],
    title: "No policy reads data without a named resource",
    on: DOCUMENT,
    holds: noneUnconstrained(EXFILTRATION),
  },
  {
    ids: ["CKV_AWS_289"],
    title: "No policy changes permissions without a named resource",
    on: DOCUMENT,
    holds: noneUnconstrained(PERMISSIONS),
  },
  {
    ids: ["CKV_AWS_290"],
    title: "No policy writes without a named resource",
    on: DOCUMENT,
    holds: noneUnconstrained(WRITE),
  },
  {
    ids: ["CKV_AWS_355"],
    title: "Every action that can be restricted to resources is",
    on: DOCUMENT,
    holds: (document) =>
      permissionsOf(document).every(
        (each) => !unconstrained(each) || each.actions.every((action) => NOT_RESTRICTABLE.includes(action)),
      ),
  },
  {
    ids: ["CKV_AWS_109", "CKV_AWS_111", "CKV_AWS_356"],
    title: "No document allows writing or permissions on every resource without a condition",
    on: DOCUMENT,
    holds: (document) =>
      boundless(document).every(({ actions }) =>
        actions.every((action) => NOT_RESTRICTABLE.includes(action)),
      ),
  },
];
