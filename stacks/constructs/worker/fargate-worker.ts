import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import type { AwsLocation } from "../aws/aws-location";
import type { LogGroup } from "../aws/log-group";
import type { ServiceRole } from "../aws/service-role";
import { checkAtSynth } from "../checks/check";
import type { Network } from "../network/network";
import type { SecretReference } from "../storage/token-secret";
import { jsonDocument } from "../terraform/json-document";
import { Cluster } from "./cluster";
import { containerDefinitions, containerSizeProblems } from "./container";
import type { Placement } from "./placement";
import { DEFAULT_STOP_TIMEOUT_SECONDS, WORKER_CONTAINER, type WorkerSizeProps } from "./props";
import { executionRole, taskRole } from "./roles";
import { workerProblems } from "./rules";
import { WorkerSchedule } from "./schedule";
import { WorkerSecurityGroup } from "./security-group";
import { WorkerService } from "./service";

export interface FargateWorkerProps extends WorkerSizeProps {
  /** Account, region and partition; `awsLocation(accountId, region)` makes one. */
  readonly location: AwsLocation;
  /** Names cluster, service or schedule, task family, roles and security group. */
  readonly workerName: string;
  /** With an immutable tag or a digest. */
  readonly image: string;
  /** ECR repository of the image: tasks may pull from it and from no other. */
  readonly repositoryArn: string;
  /** Plain variables of the ingester's container. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variable that receives the secret. */
  readonly secretVariable: string;
  /** Its value is fetched when a task starts, and stands in no definition. */
  readonly secret: SecretReference;
  /** Port of health, metrics and status page; 0 = off. */
  readonly httpPort: number;
  /** Where the task's containers log to. */
  readonly logGroup: LogGroup;
  /** Where tasks run. */
  readonly network: Network;
  /**
   * Encrypts the schedule, where there is one.
   * @default - a key that AWS owns
   */
  readonly kmsKeyArn?: string | undefined;
}

/** The ingester on Fargate: a task, its roles and its security group, kept running or started by schedule. */
export class FargateWorker extends Construct {
  /** Grant it what the ingester needs. */
  readonly taskRole: ServiceRole;
  /** Of the tasks: add rules for what else they reach, or may reach them. */
  readonly securityGroupId: string;
  readonly clusterArn: string;
  private readonly executionRole: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateWorkerProps,
  ) {
    super(scope, id);
    checkAtSynth(this, workerProblems(props));
    const { location, workerName } = props;
    this.taskRole = taskRole(this, "task_role", { location, roleName: `${workerName}-task` });
    this.executionRole = executionRole(this, "execution_role", {
      ...props,
      roleName: `${workerName}-execution`,
    });
    const placement = this.placement(this.taskDefinition());
    this.securityGroupId = placement.securityGroupId;
    this.clusterArn = placement.clusterArn;
    this.start(placement);
  }

  private start(placement: Placement): void {
    const { run = { mode: "service" }, workerName } = this.props;
    if (run.mode === "service") {
      new WorkerService(this, "service", {
        serviceName: workerName,
        placement,
        desiredCount: run.desiredCount,
      });
      return;
    }
    new WorkerSchedule(this, "schedule", {
      ...this.props,
      run,
      placement,
      taskRoleArns: [this.taskRole.knownArn, this.executionRole.knownArn],
    });
  }

  private placement(taskDefinition: EcsTaskDefinition): Placement {
    const { capacity = "FARGATE", containerInsights, logGroup, network, workerName } = this.props;
    const cluster = new Cluster(this, "cluster", { clusterName: workerName, containerInsights });
    const group = new WorkerSecurityGroup(this, "security_group", {
      groupName: workerName,
      vpcId: network.vpcId,
      httpPort: this.props.httpPort,
      statusIngressCidrs: this.props.statusIngressCidrs ?? [],
    });
    return {
      capacity,
      clusterArn: cluster.clusterArn,
      taskDefinitionArn: taskDefinition.arn,
      subnetIds: network.subnetIds,
      assignPublicIp: network.assignPublicIp,
      securityGroupId: group.securityGroupId,
      // A task that starts before these fails, and enough failures roll a first deployment back.
      dependsOn: [
        this.executionRole.dependable,
        this.taskRole.dependable,
        ...group.dependables,
        logGroup.dependable,
        ...cluster.dependables,
        ...network.dependables,
      ],
    };
  }

  private taskDefinition(): EcsTaskDefinition {
    const { props } = this;
    const worker = {
      name: WORKER_CONTAINER,
      image: props.image,
      environment: props.environment,
      secrets: { [props.secretVariable]: props.secret.secretArn },
      httpPort: props.httpPort,
      healthCheck: props.healthCheck,
      stopTimeoutSeconds: props.stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    };
    const logs = { logGroupName: props.logGroup.logGroupName, region: props.location.region };
    const containers = containerDefinitions(worker, props.sidecars ?? [], logs);
    checkAtSynth(this, containerSizeProblems(containers, props.environment));
    return new EcsTaskDefinition(this, "task", {
      family: props.workerName,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memoryMiB),
      runtimePlatform: { cpuArchitecture: props.cpuArchitecture, operatingSystemFamily: "LINUX" },
      executionRoleArn: this.executionRole.roleArn,
      taskRoleArn: this.taskRole.roleArn,
      containerDefinitions: jsonDocument(containers),
      // The circuit breaker rolls back to the definition before, which Terraform would deregister.
      skipDestroy: true,
      ...(props.ephemeralStorageGiB ? { ephemeralStorage: { sizeInGib: props.ephemeralStorageGiB } } : {}),
    });
  }
}
