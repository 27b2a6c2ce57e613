import type { ITerraformDependable } from "cdktf";

/** Where and on what tasks run: the same for a service and for a schedule. */
export interface Placement {
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly assignPublicIp: boolean;
  readonly capacity: "FARGATE" | "FARGATE_SPOT";
  /** What must be there first and is hidden from Terraform behind known names. */
  readonly dependsOn: ITerraformDependable[];
}

/** Subnets and security group, as services and schedules both take them. */
export function networkConfiguration({ subnetIds, securityGroupId, assignPublicIp }: Placement) {
  return { subnets: subnetIds, securityGroups: [securityGroupId], assignPublicIp };
}

/** On-demand is a launch type; Spot is reached through a capacity provider only. */
export function launch({ capacity }: Placement) {
  return capacity === "FARGATE"
    ? { launchType: "FARGATE" }
    : { capacityProviderStrategy: [{ capacityProvider: capacity, weight: 1 }] };
}
