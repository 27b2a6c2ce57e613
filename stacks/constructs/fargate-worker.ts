import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import type { AwsLocation } from "./aws-location";
import { boundProblems, checkAtSynth, type Problem } from "./check";
import { Cluster, type ClusterProps } from "./cluster";
import type { LogGroup } from "./log-group";
import type { Network } from "./network";
import type { ServiceRole } from "./service-role";
import type { SecretReference } from "./token-secret";
import { containerDefinitions } from "./worker-container";
import { executionRole, taskRole } from "./worker-roles";
import { WorkerSecurityGroup } from "./worker-security-group";

/** Size and behaviour of the tasks. */
export interface WorkerSizeProps {
  /** CPU units: 256 is a quarter of a vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly cpuArchitecture: "ARM64" | "X86_64";
  /**
   * Tasks to keep running; 0 pauses.
   * @default 1
   */
  readonly desiredCount?: number;
  /**
   * Seconds between SIGTERM and SIGKILL.
   * @default 60
   */
  readonly stopTimeoutSeconds?: number;
  /** @default - nobody sees the status page */
  readonly statusIngressCidrs?: readonly string[];
}

export interface FargateWorkerProps extends WorkerSizeProps, Omit<ClusterProps, "clusterName"> {
  readonly location: AwsLocation;
  /** Names cluster, service, task family, roles and security group. */
  readonly workerName: string;
  readonly containerName: string;
  /** With an immutable tag or a digest. */
  readonly image: string;
  readonly repositoryArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variable that receives the secret. */
  readonly secretVariable: string;
  readonly secret: SecretReference;
  readonly httpPort: number;
  readonly logGroup: LogGroup;
  readonly network: Network;
}

/** The ingester as a Fargate service: one task, stopped before it is replaced. */
export class FargateWorker extends Construct {
  /** Grant it what the ingester needs. */
  readonly taskRole: ServiceRole;

  constructor(scope: Construct, id: string, props: FargateWorkerProps) {
    super(scope, id);
    checkAtSynth(this, workerProblems(props));
    this.taskRole = taskRole(this, "task_role", {
      location: props.location,
      roleName: `${props.workerName}-task`,
    });
    const execution = this.executionRole(props);
    const taskDefinition = this.taskDefinition(props, execution);
    const cluster = new Cluster(this, "cluster", { clusterName: props.workerName, ...insights(props) });
    const securityGroup = new WorkerSecurityGroup(this, "security_group", {
      groupName: props.workerName,
      vpcId: props.network.vpcId,
      httpPort: props.httpPort,
      statusIngressCidrs: props.statusIngressCidrs ?? [],
    });
    new EcsService(this, "service", {
      name: props.workerName,
      cluster: cluster.clusterArn,
      taskDefinition: taskDefinition.arn,
      launchType: "FARGATE",
      desiredCount: props.desiredCount ?? 1,
      // Stop, then start: two ingesters at once would only fight for the lease.
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // Rebalancing starts a task before it stops one, which 100 percent forbids.
      availabilityZoneRebalancing: "DISABLED",
      propagateTags: "SERVICE",
      networkConfiguration: {
        subnets: props.network.subnetIds,
        securityGroups: [securityGroup.securityGroupId],
        assignPublicIp: props.network.assignPublicIp,
      },
      // Known names hide these from Terraform, and a task that starts before them fails.
      dependsOn: [execution.dependable, this.taskRole.dependable, props.logGroup.dependable],
    });
  }

  private executionRole(props: FargateWorkerProps): ServiceRole {
    return executionRole(this, "execution_role", {
      location: props.location,
      roleName: `${props.workerName}-execution`,
      repositoryArn: props.repositoryArn,
      logGroup: props.logGroup,
      secret: props.secret,
    });
  }

  private taskDefinition(props: FargateWorkerProps, execution: ServiceRole): EcsTaskDefinition {
    return new EcsTaskDefinition(this, "task", {
      family: props.workerName,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memoryMiB),
      runtimePlatform: { cpuArchitecture: props.cpuArchitecture, operatingSystemFamily: "LINUX" },
      executionRoleArn: execution.roleArn,
      taskRoleArn: this.taskRole.roleArn,
      containerDefinitions: containerDefinitions([
        {
          name: props.containerName,
          image: props.image,
          environment: props.environment,
          secrets: { [props.secretVariable]: props.secret.secretArn },
          httpPort: props.httpPort,
          stopTimeoutSeconds: props.stopTimeoutSeconds ?? 60,
          logGroupName: props.logGroup.logGroupName,
          region: props.location.region,
        },
      ]),
    });
  }
}

function insights({ containerInsights }: FargateWorkerProps) {
  return containerInsights ? { containerInsights } : {};
}

/** What Fargate would refuse. */
export function workerProblems(props: Partial<FargateWorkerProps>): Problem[] {
  return [
    ...boundProblems("taskCpu", "cpu", props.cpu),
    ...boundProblems("httpPort", "httpPort", props.httpPort),
    ...boundProblems("desiredCount", "desiredCount", props.desiredCount),
    ...boundProblems("stopTimeoutSeconds", "stopTimeoutSeconds", props.stopTimeoutSeconds),
  ];
}
