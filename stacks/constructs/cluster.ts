import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { Construct } from "constructs";

export interface ClusterProps {
  readonly clusterName: string;
  /**
   * CloudWatch Container Insights.
   * @default "enabled"
   */
  readonly containerInsights?: "enabled" | "enhanced" | "disabled";
}

/** An ECS cluster costs nothing by itself: each environment has its own. */
export class Cluster extends Construct {
  readonly clusterArn: string;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, "Default", {
      name: props.clusterName,
      setting: [{ name: "containerInsights", value: props.containerInsights ?? "enabled" }],
    });
    this.clusterArn = cluster.arn;
  }
}
