import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { launch, networkConfiguration, type Placement } from "./placement";

export interface WorkerServiceProps {
  /** 1 to 255 letters, digits, hyphens and underscores. */
  readonly serviceName: string;
  /** Task definition, cluster and network. */
  readonly placement: Placement;
  /** @default 1 */
  readonly desiredCount?: number | undefined;
}

/** Keeps tasks running, and stops the old task before it starts a new one. */
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
      // Stops, then starts: a second ingester would exit, because the first one claims the queries.
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // Rebalancing starts a task before it stops one, which 100 percent forbids.
      availabilityZoneRebalancing: "DISABLED",
      // Makes a change of the capacity provider an update; without a change it starts no deployment.
      forceNewDeployment: true,
      propagateTags: "SERVICE",
      networkConfiguration: networkConfiguration(placement),
      ...launch(placement),
      dependsOn: placement.dependsOn,
    });
  }
}
