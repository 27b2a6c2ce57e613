import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { boundProblems, checkAtSynth, type Problem } from "../checks/check";
import { type AwsLocation, roleArn, roleAttributes } from "./aws-location";
import { type Grantee, type PolicyStatement, policyProblems, renderStatement } from "./policy";

export interface ServiceRoleProps {
  /** Account, region and partition; `awsLocation(accountId, region)` makes one. */
  readonly location: AwsLocation;
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
}

/** An IAM role for one AWS service, with one inline policy that holds exactly what was granted. */
export class ServiceRole extends Construct implements Grantee {
  readonly roleArn: string;
  /** ARN built from the name: known in the first plan, for use in documents. */
  readonly knownArn: string;
  /** What must exist before a service can use the role: its policy, not only the role. */
  readonly dependable: ITerraformDependable;
  private readonly statements: PolicyStatement[] = [];
  private readonly permissions: DataAwsIamPolicyDocument;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    checkAtSynth(this, boundProblems("roleName", "roleName", props.roleName));
    const trust = new DataAwsIamPolicyDocument(this, "trust", { statement: [trustStatement(props)] });
    const role = new IamRole(this, "Default", {
      name: props.roleName,
      assumeRolePolicy: trust.json,
      ...roleAttributes(props.location),
    });
    this.permissions = new DataAwsIamPolicyDocument(this, "permissions_document", {});
    this.dependable = new IamRolePolicy(this, "permissions", {
      name: "permissions",
      role: role.name,
      policy: this.permissions.json,
    });
    this.roleArn = role.arn;
    this.knownArn = roleArn(props.location, props.roleName);
    checkAtSynth(this, () => this.grantProblems());
  }

  addStatement(statement: PolicyStatement): void {
    this.statements.push(statement);
    this.permissions.putStatement(this.statements.map(renderStatement));
  }

  private grantProblems(): Problem[] {
    return this.statements.length > 0
      ? policyProblems("permissions", "inline", this.statements)
      : [{ path: "", text: "was granted nothing. Grant it something, or leave the role out." }];
  }
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
