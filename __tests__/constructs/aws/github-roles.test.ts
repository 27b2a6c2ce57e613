import { awsLocation } from "../../../stacks/constructs/aws/aws-location";
import { GithubRoles, type GithubRolesProps } from "../../../stacks/constructs/aws/github-roles";
import { type PolicyStatement, policyCharacters } from "../../../stacks/constructs/aws/policy";
import type { EnvironmentConfig } from "../../../stacks/environment/environment";
import { namesOf } from "../../../stacks/environment/naming";
import { changePermissions, readPermissions } from "../../../stacks/github/permissions";
import { stackRoles } from "../../../stacks/github/worker-scopes";
import { ConstructStack } from "../../helpers/construct-stack";
import { environmentWith } from "../../helpers/environment";
import { shippedEnvironments, synthesizeAll, synthesizeVariants } from "../../helpers/synth";
import { variants } from "../../helpers/variants";

const props: GithubRolesProps = {
  location: awsLocation("333333333333", "eu-west-1"),
  repository: "octo-org/my-repo",
  githubEnvironment: "dev",
  planRoleName: "plan",
  applyRoleName: "apply",
  readPermissions: [{ sid: "Look", actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::bucket"] }],
  changePermissions: [{ sid: "Touch", actions: ["s3:CreateBucket"], resources: ["arn:aws:s3:::bucket"] }],
};
const ISSUER = "token.actions.githubusercontent.com";

function rolesWith(changes: Partial<GithubRolesProps> = {}) {
  const stack = new ConstructStack();
  const roles = new GithubRoles(stack, "github", { ...props, ...changes });
  return { roles, stack };
}

/** As many statements as it takes to make a policy of this size. */
function statementsOf(characters: number): PolicyStatement[] {
  const statement = (resource: string) => [
    { sid: "Fill", actions: ["s3:ListBucket"], resources: [resource] },
  ];
  return statement("r".repeat(characters - policyCharacters(statement(""))));
}

describe("the roles of GitHub's workflows", () => {
  it.each([
    ["readPermissions", 6_144],
    ["changePermissions", 10_240],
  ] as const)("are refused with more %s than IAM takes: %d characters", (name, most) => {
    const problems = (characters: number) =>
      rolesWith({ [name]: statementsOf(characters) }).roles.node.validate();
    expect(problems(most)).toEqual([]);
    expect(problems(most + 1)).toEqual([
      expect.stringMatching(
        new RegExp(`^${name} must be at most ${most} characters, as an? .* policy, got ${most + 1}`),
      ),
    ]);
  });

  it.each([
    ["plan", ["repo:octo-org/my-repo:pull_request", "repo:octo-org/my-repo:ref:refs/heads/main"]],
    ["apply", ["repo:octo-org/my-repo:environment:dev"]],
  ])("trust named subjects only: %s", (role, subjects) => {
    const { synthesized } = rolesWith().stack;
    expect(synthesized.statements(`github_${role}_trust`)).toEqual([
      {
        actions: ["sts:AssumeRoleWithWebIdentity"],
        principals: [
          { type: "Federated", identifiers: [`arn:aws:iam::333333333333:oidc-provider/${ISSUER}`] },
        ],
        condition: [
          { test: "StringEquals", variable: `${ISSUER}:aud`, values: ["sts.amazonaws.com"] },
          { test: "StringEquals", variable: `${ISSUER}:sub`, values: subjects },
        ],
      },
    ]);
  });

  it("have ARNs that are known before they exist", () => {
    const { roles } = rolesWith();
    expect(roles.planRoleArn).toBe("arn:aws:iam::333333333333:role/plan");
    expect(roles.applyRoleArn).toBe("arn:aws:iam::333333333333:role/apply");
  });

  it("wait for the provider, or take the one that is there", () => {
    const { synthesized } = rolesWith().stack;
    expect(synthesized.one("aws_iam_openid_connect_provider")).toMatchObject({ url: `https://${ISSUER}` });
    expect(synthesized.one("aws_iam_role", "github_plan").depends_on).toEqual([
      "aws_iam_openid_connect_provider.github_provider",
    ]);
    const shared = rolesWith({ createProvider: false }).stack.synthesized;
    expect(shared.all("aws_iam_openid_connect_provider")).toEqual({});
  });

  it("refuse a repository that would let others in", () => {
    expect(rolesWith().roles.node.validate()).toEqual([]);
    expect(rolesWith({ repository: "octo-org/*" }).roles.node.validate()).toEqual([
      expect.stringMatching(/^repository must be "owner\/name" or .*, got "octo-org\/\*"\./),
    ]);
  });
});

const config: EnvironmentConfig = environmentWith({
  state: { kind: "s3", bucket: "states" },
  github: { repository: "octo-org/my-repo" },
});
const configs = [config, variants.existing];
const READS = /^[a-z0-9]+:(Describe|Get|List)[A-Za-z]*\*?[A-Za-z]*$/;
const POSTS_AND_SECRETS =
  /secretsmanager:(Get|Put)SecretValue|dynamodb:.*(Item|Scan|Query)|firehose:PutRecord|s3:.*Object|kms:Decrypt/;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space */
const MANAGED_POLICY_LIMIT = 6_144;
const INLINE_POLICIES_LIMIT = 10_240;
/** What the rendered document adds to each statement: its effect. */
const EFFECT = '"Effect":"Allow",'.length;

describe("the permissions of the pipeline", () => {
  it("let a plan write nothing", () => {
    const actions = configs.flatMap(readPermissions).flatMap((statement) => statement.actions);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
  });

  it("reach no token, no post and no checkpoint: only the state is read and written", () => {
    const statements = configs.flatMap((each) => [...readPermissions(each), ...changePermissions(each)]);
    const reaching = statements.filter(({ actions }) =>
      actions.some((action) => POSTS_AND_SECRETS.test(action)),
    );
    const resources = reaching.flatMap((statement) => statement.resources);
    expect(resources.length).toBeGreaterThan(0);
    const state = reaching
      .filter(({ sid }) => sid !== "ChangeKeyUse")
      .flatMap((statement) => statement.resources);
    for (const resource of state) expect(resource).toMatch(/\/terraform\.tfstate(\.tflock)?$/);
    // Not of stored data: of what a function or a schedule is made with.
    const [keyUse] = reaching.filter(({ sid }) => sid === "ChangeKeyUse");
    expect(keyUse?.conditions).toEqual([
      {
        test: "StringEquals",
        variable: "kms:ViaService",
        values: ["lambda.eu-west-1.amazonaws.com", "scheduler.eu-west-1.amazonaws.com"],
      },
    ]);
  });

  it("change each role that the stacks hold, and leave the pipeline's own to people", () => {
    const stacks = [...synthesizeAll(), ...synthesizeVariants()];
    const roles = stacks.flatMap((stack) => Object.values(stack.all("aws_iam_role")).map(({ name }) => name));
    const every = [...shippedEnvironments, ...Object.values(variants)];
    const changed = new Set(every.flatMap((each) => stackRoles(namesOf(each))));
    const others = roles.filter((name) => !changed.has(String(name)));
    expect(others.sort()).toEqual(["tweets-existing-github-apply", "tweets-existing-github-plan"]);

    const changing = changePermissions(config).filter(
      ({ sid, actions }) => sid !== "ChangeEcsRole" && actions[0]?.startsWith("iam:"),
    );
    const resources = changing.flatMap((statement) => statement.resources);
    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) expect(resource).toMatch(/role\/tweets-test-(data|ingester)-[a-z-]+$/);
  });

  it("are bound by the region where a thing has no name", () => {
    const statements = [...readPermissions(config), ...changePermissions(config)];
    const everything = statements.filter(({ resources }) => resources.includes("*"));
    expect(everything.length).toBeGreaterThan(0);
    for (const { conditions } of everything) {
      expect(conditions?.map(({ variable }) => variable)).toContain("aws:RequestedRegion");
    }
  });

  it.each([
    ["read", readPermissions, MANAGED_POLICY_LIMIT],
    ["change", changePermissions, INLINE_POLICIES_LIMIT],
  ])("fit into one policy with sids of their own: %s", (_what, permissions, limit) => {
    for (const each of configs) {
      const statements = permissions(each);
      const sids = statements.map(({ sid }) => sid);
      expect(new Set(sids).size).toBe(sids.length);
      expect(JSON.stringify(statements).length + statements.length * EFFECT).toBeLessThan(limit);
    }
  });
});
