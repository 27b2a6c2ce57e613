import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface ClusterProps {
  /** 1 to 255 letters, digits, hyphens and underscores. */
  readonly clusterName: string;
  /**
   * CloudWatch Container Insights.
   * @default "enabled"
   */
  readonly containerInsights?: "enabled" | "enhanced" | "disabled" | undefined;
}

/** A cluster that tasks run in: created here, or an existing one. */
export interface ClusterReference {
  readonly clusterArn: string;
  /** Known before anything exists. */
  readonly clusterName: string;
  /** Resources that must exist before tasks can run. */
  readonly dependables: ITerraformDependable[];
}

/** An ECS cluster has no cost of its own, so each environment creates one unless it names an existing one. */
export class Cluster extends Construct implements ClusterReference {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly dependables: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, "Default", {
      name: props.clusterName,
      setting: [{ name: "containerInsights", value: props.containerInsights ?? "enabled" }],
    });
    this.clusterArn = cluster.arn;
    this.clusterName = props.clusterName;
    // Both, so that a service can change from one to the other.
    const providers = new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    this.dependables = [providers];
  }
}
