import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { boundProblems, checkAtSynth, type Problem, problem, repeated } from "../checks/check";
import { arnProblems } from "./arn-rules";
import { type AwsLocation, type LocatedProps, roleArn, roleAttributes } from "./aws-location";
import { type Grantee, type PolicyStatement, policyProblems, renderStatement } from "./policy";

export interface ServiceRoleProps extends LocatedProps {
  /** Role name, at most 64 characters. */
  readonly roleName: string;
  /** The one AWS service that may assume the role, for example `ecs-tasks.amazonaws.com`. */
  readonly servicePrincipal: string;
  /**
   * ARN, or pattern with `*`, of the thing on whose behalf the service may assume the role
   * (protects against the confused deputy).
   * @default - any of this account's
   */
  readonly sourceArn?: string;
  /**
   * An existing role: it is used and never changed. Its policies must contain what is granted here:
   * `permissionsJson` contains these statements.
   * @default - a role is created
   */
  readonly existingRoleArn?: string | undefined;
}

/** Problems of an existing role: a service can only assume roles of its own account. */
export function roleProblems(
  path: string,
  arn: string | undefined,
  { partition, accountId }: Pick<AwsLocation, "partition" | "accountId">,
): Problem[] {
  const fix = "iam:PassRole does not reach other accounts.";
  return arnProblems(path, { bound: "roleArn", arn, what: "a role", fix }, { partition, accountId });
}

/**
 * An IAM role for one AWS service, with one inline policy of exactly what was granted; or an existing role, with a
 * document of the permissions that it needs.
 */
export class ServiceRole extends Construct implements Grantee {
  readonly roleArn: string;
  /** ARN built from the name: known in the first plan, for use in documents. */
  readonly knownArn: string;
  /** Resources that a service must be created after: the role's policy, not only the role. Empty for an existing role. */
  readonly dependables: readonly ITerraformDependable[];
  /** Whether the role existed before. */
  readonly isExisting: boolean;
  private readonly statements: PolicyStatement[] = [];
  private readonly permissions: DataAwsIamPolicyDocument;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { location, roleName, existingRoleArn } = props;
    this.permissions = new DataAwsIamPolicyDocument(this, "permissions_document", {});
    this.isExisting = existingRoleArn !== undefined;
    this.knownArn = existingRoleArn ?? roleArn(location, roleName);
    checkAtSynth(this, () => this.grantProblems());
    if (existingRoleArn !== undefined) {
      checkAtSynth(this, roleProblems("existingRoleArn", existingRoleArn, location));
      this.roleArn = existingRoleArn;
      this.dependables = [];
      return;
    }
    checkAtSynth(this, boundProblems("roleName", "roleName", roleName));
    const role = this.create(props);
    this.roleArn = role.arn;
    this.dependables = [
      new IamRolePolicy(this, "permissions", {
        name: "permissions",
        // Not the name: a change of the path replaces the role under the same name, and the policy must be replaced with it.
        role: role.id,
        policy: this.permissions.json,
      }),
    ];
  }

  /** The policy that holds what was granted, as JSON. */
  get permissionsJson(): string {
    return this.permissions.json;
  }

  private create(props: ServiceRoleProps): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, "trust", { statement: [trustStatement(props)] });
    return new IamRole(this, "Default", {
      name: props.roleName,
      assumeRolePolicy: trust.json,
      ...roleAttributes(props.location),
    });
  }

  addStatement(statement: PolicyStatement): void {
    this.statements.push(statement);
    this.permissions.putStatement(this.statements.map(renderStatement));
  }

  private grantProblems(): Problem[] {
    if (this.statements.length === 0) {
      return [{ path: "", text: "was granted nothing. Grant it something, or leave the role out." }];
    }
    return [...policyProblems("permissions", "inline", this.statements), ...repeatedSids(this.statements)];
  }
}

/** `aws_iam_policy_document` refuses two statements with the same sid, and its message does not name the role. */
function repeatedSids(statements: readonly PolicyStatement[]): Problem[] {
  const sids = statements.map(({ sid }) => sid);
  const fix = "Rename one of the two.";
  return repeated(sids).map((got) =>
    problem("permissions", { allowed: "statements of different sids", got, fix }),
  );
}

/** Outputs for existing roles: `<name>_role_permissions`, the policy that each role needs. */
export function existingRoleOutputs(
  roles: Readonly<Record<string, ServiceRole | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([name, role]) =>
      role?.isExisting ? [[`${name}_role_permissions`, role.permissionsJson]] : [],
    ),
  );
}

function trustStatement({ location, servicePrincipal, sourceArn }: ServiceRoleProps) {
  const sourceAccount = {
    test: "StringEquals",
    variable: "aws:SourceAccount",
    values: [location.accountId],
  };
  const source = sourceArn ? [{ test: "ArnLike", variable: "aws:SourceArn", values: [sourceArn] }] : [];
  return {
    actions: ["sts:AssumeRole"],
    principals: [{ type: "Service", identifiers: [servicePrincipal] }],
    condition: [sourceAccount, ...source],
  };
}
