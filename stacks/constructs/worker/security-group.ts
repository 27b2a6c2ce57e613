import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { nameTag } from "../aws/tags";

export interface WorkerSecurityGroupProps {
  /** At most 255 characters; unique in the VPC. */
  readonly groupName: string;
  /** VPC that tasks run in. */
  readonly vpcId: string;
  /** Port of the status page. */
  readonly httpPort: number;
  /**
   * Who may see the status page, as CIDR ranges.
   * @default - nobody
   */
  readonly statusIngressCidrs?: readonly string[];
}

/** In another VPC it is another group, and the old one is in use until the tasks have moved. */
const MOVES = { createBeforeDestroy: true };

/** Out: HTTPS, to X and AWS. In: nothing, or the status page from the given ranges. One resource for each rule. */
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
    this.dependables = [wayOut];
    // Each once: a range that is named twice is a problem of the check, not of a construct's id.
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
