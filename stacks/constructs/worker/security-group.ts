import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { nameTag } from "../aws/tags";
import { literalText } from "../terraform/literal-text";
import { type EgressProps, egressKey } from "./egress";

export interface WorkerSecurityGroupProps {
  /** At most 255 characters; unique in the VPC. */
  readonly groupName: string;
  /** VPC that tasks run in. */
  readonly vpcId: string;
  /** Port of the status page. */
  readonly httpPort: number;
  /**
   * CIDR ranges that can open the status page.
   * @default - no access
   */
  readonly statusIngressCidrs?: readonly string[];
  /**
   * What tasks may reach beside HTTPS everywhere.
   * @default - nothing else
   */
  readonly extraEgress?: readonly EgressProps[] | undefined;
}

/** A group cannot change its VPC. The old one is in use until the tasks have moved to the new one. */
const MOVES = { createBeforeDestroy: true };

/** Egress: HTTPS to X and AWS. Ingress: none, or the status page from the given ranges. One resource for each rule. */
export class WorkerSecurityGroup extends Construct {
  readonly securityGroupId: string;
  /** Rules that tasks need before they start. */
  readonly dependables: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkerSecurityGroupProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "Default", {
      name: props.groupName,
      description: "Ingester tasks: HTTPS out, nothing in unless asked for",
      vpcId: props.vpcId,
      tags: nameTag(props.groupName),
      lifecycle: MOVES,
    });
    this.securityGroupId = group.id;
    const wayOut = new VpcSecurityGroupEgressRule(this, "https_out", {
      securityGroupId: group.id,
      description: "X API and AWS endpoints",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      lifecycle: MOVES,
    });
    this.dependables = [wayOut, ...extraRules(this, group, props.extraEgress)];
    // Without repetition: the checks report a repeated range, and a construct's id must be unique.
    for (const cidr of new Set(props.statusIngressCidrs)) {
      new VpcSecurityGroupIngressRule(this, `status_from_${cidr}`, {
        securityGroupId: group.id,
        description: "Health, metrics and status page",
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: props.httpPort,
        toPort: props.httpPort,
        lifecycle: MOVES,
      });
    }
  }
}

function extraRules(
  scope: Construct,
  group: SecurityGroup,
  rules: readonly EgressProps[] = [],
): VpcSecurityGroupEgressRule[] {
  // Without repetition: the checks report a repeated rule, and a construct's id must be unique.
  const byKey = new Map(rules.map((rule) => [egressKey(rule), rule]));
  return [...byKey].map(([key, rule]) => {
    const { description, port, protocol = "tcp", cidr, prefixListId, securityGroupId } = rule;
    return new VpcSecurityGroupEgressRule(scope, `egress_${key}`, {
      securityGroupId: group.id,
      description: literalText(description),
      ipProtocol: protocol,
      fromPort: port,
      toPort: port,
      ...(cidr === undefined ? {} : { cidrIpv4: cidr }),
      ...(prefixListId === undefined ? {} : { prefixListId }),
      ...(securityGroupId === undefined ? {} : { referencedSecurityGroupId: securityGroupId }),
      lifecycle: MOVES,
    });
  });
}
