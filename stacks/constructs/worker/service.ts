import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { launch, networkConfiguration, type Placement } from "./placement";

export interface WorkerServiceProps {
  /** 1 to 255 letters, digits, hyphens and underscores. */
  readonly serviceName: string;
  /** What to run, and where. */
  readonly placement: Placement;
  /** @default 1 */
  readonly desiredCount?: number | undefined;
}

/** Keeps tasks running, and stops the old one before it starts the new. */
export class WorkerService extends Construct {
  /** The service once created. */
  readonly dependable: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    { serviceName, placement, desiredCount = 1 }: WorkerServiceProps,
  ) {
    super(scope, id);
    this.dependable = new EcsService(this, "Default", {
      name: serviceName,
      cluster: placement.clusterArn,
      taskDefinition: placement.taskDefinitionArn,
      desiredCount,
      // Stop, then start: two ingesters at once would only fight for the lease.
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // Rebalancing starts a task before it stops one, which 100 percent forbids.
      availabilityZoneRebalancing: "DISABLED",
      // Lets another capacity provider be an update; by itself it deploys nothing.
      forceNewDeployment: true,
      propagateTags: "SERVICE",
      networkConfiguration: networkConfiguration(placement),
      ...launch(placement),
      dependsOn: placement.dependsOn,
    });
  }
}
