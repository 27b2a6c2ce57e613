import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { boundProblems, checkAtSynth } from "../checks/check";
import { type AwsLocation, globalArn, type LocatedProps, roleArn, roleAttributes } from "./aws-location";
import { type PolicyStatement, policyProblems, renderStatement } from "./policy";

/** https://docs.github.com/en/actions/reference/security/oidc */
const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";
/** Branch that is deployed. A weekly job on it runs a plan, to find manual changes. */
const BRANCH = "main";

export interface GithubRolesProps extends LocatedProps {
  /**
   * The repository as in the subject of its tokens: `owner/name`, or `owner@id/name@id` with immutable subjects, the default of
   * repositories made or renamed since 2026-07-15.
   */
  readonly repository: string;
  /** GitHub environment whose jobs may apply; its protection rules define the reviewers and the branches. */
  readonly githubEnvironment: string;
  /** Role that may read, for plans; at most 64 characters. */
  readonly planRoleName: string;
  /** Role that may change, for applies; at most 64 characters. */
  readonly applyRoleName: string;
  /** Read permissions of both roles: at most 6,144 characters of JSON, without any action that writes. */
  readonly readPermissions: readonly PolicyStatement[];
  /** Additional permissions of the apply role: at most 10,240 characters of JSON. */
  readonly changePermissions: readonly PolicyStatement[];
  /**
   * An account has one OIDC provider for GitHub: false where it exists already.
   * @default true
   */
  readonly createProvider?: boolean;
}

/**
 * Two roles that GitHub's workflows assume with OIDC, without a stored key: any pull request of the repository,
 * and its branch main, may read for a plan, and only a job in one GitHub environment may apply. A fork's workflow gets neither.
 */
export class GithubRoles extends Construct {
  readonly planRoleArn: string;
  readonly applyRoleArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GithubRolesProps,
  ) {
    super(scope, id);
    const { location, repository, githubEnvironment, planRoleName, applyRoleName } = props;
    checkAtSynth(this, [
      ...boundProblems("githubRepository", "repository", repository),
      ...boundProblems("roleName", "planRoleName", planRoleName),
      ...boundProblems("roleName", "applyRoleName", applyRoleName),
      ...policyProblems("readPermissions", "managed", props.readPermissions),
      ...policyProblems("changePermissions", "inline", props.changePermissions),
    ]);
    const provider = this.provider();
    const read = this.readPolicy();
    const common = { location, provider, readPolicyArn: read.arn };
    new GithubRole(this, "plan", {
      ...common,
      roleName: planRoleName,
      subjects: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/${BRANCH}`],
    });
    const apply = new GithubRole(this, "apply", {
      ...common,
      roleName: applyRoleName,
      subjects: [`repo:${repository}:environment:${githubEnvironment}`],
    });
    apply.allow(props.changePermissions);
    this.planRoleArn = roleArn(location, planRoleName);
    this.applyRoleArn = roleArn(location, applyRoleName);
  }

  /** One managed policy for both roles, so that the permissions of the apply role fit into one inline policy. */
  private readPolicy(): IamPolicy {
    const { planRoleName, readPermissions } = this.props;
    const document = new DataAwsIamPolicyDocument(this, "read_document", {
      statement: readPermissions.map(renderStatement),
    });
    return new IamPolicy(this, "read", { name: planRoleName, policy: document.json });
  }

  /** AWS trusts GitHub's certificate authority: no thumbprint is needed. */
  private provider(): TrustedProvider {
    const arn = globalArn(this.props.location, "iam", `oidc-provider/${ISSUER}`);
    if (this.props.createProvider === false) return { arn, dependsOn: [] };
    const provider = new IamOpenidConnectProvider(this, "provider", {
      url: `https://${ISSUER}`,
      clientIdList: [AUDIENCE],
    });
    return { arn, dependsOn: [provider] };
  }
}

interface TrustedProvider {
  readonly arn: string;
  readonly dependsOn: IamOpenidConnectProvider[];
}

interface GithubRoleProps {
  readonly location: AwsLocation;
  readonly roleName: string;
  readonly provider: TrustedProvider;
  /** Subjects of accepted tokens, without patterns. */
  readonly subjects: string[];
  readonly readPolicyArn: string;
}

/** One role for named subjects, which may read. */
class GithubRole extends Construct {
  private readonly role: IamRole;

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", { statement: [trustStatement(props)] });
    this.role = new IamRole(this, "Default", {
      name: props.roleName,
      assumeRolePolicy: trust.json,
      dependsOn: props.provider.dependsOn,
      ...roleAttributes(props.location),
    });
    // Not the name: a change of the path replaces the role under the same name, and its policies must be replaced with it.
    new IamRolePolicyAttachment(this, "read", { role: this.role.id, policyArn: props.readPolicyArn });
  }

  allow(permissions: readonly PolicyStatement[]): void {
    const document = new DataAwsIamPolicyDocument(this, "permissions_document", {
      statement: permissions.map(renderStatement),
    });
    new IamRolePolicy(this, "permissions", {
      name: "permissions",
      role: this.role.id,
      policy: document.json,
    });
  }
}

function trustStatement({ provider, subjects }: GithubRoleProps) {
  return {
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: [{ type: "Federated", identifiers: [provider.arn] }],
    condition: [
      { test: "StringEquals", variable: `${ISSUER}:aud`, values: [AUDIENCE] },
      { test: "StringEquals", variable: `${ISSUER}:sub`, values: subjects },
    ],
  };
}
