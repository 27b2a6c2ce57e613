import type { ITerraformDependable } from "cdktf";

/** Where and on what tasks run: the same for a service and for a schedule. */
export interface Placement {
  /** Known or created; `clusterName` is its name, known in the first plan. */
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly taskDefinitionArn: string;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
  readonly assignPublicIp: boolean;
  readonly capacity: "FARGATE" | "FARGATE_SPOT";
  /** Resources that must exist first, and that Terraform cannot infer from names. */
  readonly dependsOn: ITerraformDependable[];
}

/** Subnets and security groups, as services and schedules both take them. */
export function networkConfiguration({ subnetIds, securityGroupIds, assignPublicIp }: Placement) {
  return { subnets: subnetIds, securityGroups: securityGroupIds, assignPublicIp };
}

/** On-demand also uses a capacity provider: a service with a launch type would be replaced by a change to Spot. */
export function launch({ capacity }: Placement) {
  return { capacityProviderStrategy: [{ capacityProvider: capacity, weight: 1 }] };
}
