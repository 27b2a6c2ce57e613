import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type LocatedProps, nameOf } from "../aws/aws-location";
import type { LogGroup } from "../aws/log-group";
import type { ServiceRole } from "../aws/service-role";
import { checkAtSynth } from "../checks/check";
import type { Network } from "../network/network";
import type { SecretReference } from "../storage/token-secret";
import { jsonDocument } from "../terraform/json-document";
import { createdWith, either, isOptional } from "../terraform/optional";
import { Cluster, type ClusterReference } from "./cluster";
import { containerDefinitions, containerSizeProblems } from "./container";
import type { Placement } from "./placement";
import {
  type CommandSchedule,
  DEFAULT_STOP_TIMEOUT_SECONDS,
  type ScheduledRun,
  WORKER_CONTAINER,
  type WorkerSizeProps,
} from "./props";
import { executionRole, taskRole } from "./roles";
import { workerProblems } from "./rules";
import { WorkerSchedule } from "./schedule";
import { WorkerSecurityGroup } from "./security-group";
import { WorkerService } from "./service";

export interface FargateWorkerProps extends LocatedProps, WorkerSizeProps {
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
  /** ECS reads its value when a task starts; no task definition contains it. */
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
  /**
   * A schedule and a role `<name>-audit` that start this command.
   * @default - no such schedule
   */
  readonly audit?: CommandSchedule | undefined;
}

/** The ingester on Fargate: task, roles and security group, with a service or a schedule. */
export class FargateWorker extends Construct {
  /** Role of the ingester: grant it further permissions. */
  readonly taskRole: ServiceRole;
  /** Role that ECS uses before a task starts. */
  readonly executionRole: ServiceRole;
  /** Role that the schedule starts tasks with; undefined for a service. */
  readonly schedulerRole: ServiceRole | undefined;
  /** Role that the schedule of audits starts tasks with; undefined without one. */
  readonly auditRole: ServiceRole | undefined;
  /** The group that is created here, for further rules. Undefined with existing groups. */
  readonly securityGroupId: string | undefined;
  /** Every group of the tasks. */
  readonly securityGroupIds: readonly string[];
  readonly clusterArn: string;
  /** Known before anything exists. */
  readonly clusterName: string;
  /** The service or the schedule. */
  readonly dependable: ITerraformDependable;
  /** The same; in modules both, of which Terraform creates one. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateWorkerProps,
  ) {
    super(scope, id);
    checkAtSynth(this, workerProblems(props, props.location));
    const { location, workerName } = props;
    this.taskRole = taskRole(this, "task_role", {
      location,
      roleName: `${workerName}-task`,
      existingRoleArn: props.taskRoleArn,
    });
    for (const statement of props.extraPermissions ?? []) this.taskRole.addStatement(statement);
    this.executionRole = executionRole(this, "execution_role", {
      ...props,
      roleName: `${workerName}-execution`,
      existingRoleArn: props.executionRoleArn,
    });
    const group = props.securityGroupIds ? undefined : this.ownGroup();
    const placement = this.placement(this.taskDefinition(), group);
    this.securityGroupId = group?.securityGroupId;
    this.securityGroupIds = placement.securityGroupIds;
    this.clusterArn = placement.clusterArn;
    this.clusterName = placement.clusterName;
    const started = this.start(placement);
    this.dependable = started.dependable;
    this.dependables = this.node.children
      .filter((child) => child instanceof WorkerService || child instanceof WorkerSchedule)
      .map(({ dependable }) => dependable);
    this.schedulerRole = started instanceof WorkerSchedule ? started.role : undefined;
    this.auditRole = props.audit && this.auditSchedule(placement, props.audit).role;
  }

  private start(placement: Placement): WorkerService | WorkerSchedule {
    const { run = { mode: "service" } } = this.props;
    if (run.mode === "service") return this.service(placement, run.desiredCount);
    // In modules, Terraform creates one of the two.
    if (isOptional(run.expression)) {
      createdWith(this.service(placement, either(run.enabled, 1, 0)), run.expression, "absent");
    }
    const schedule = this.schedule(placement, run);
    createdWith(schedule, run.expression, "given");
    return schedule;
  }

  private service(placement: Placement, desiredCount: number | undefined): WorkerService {
    return new WorkerService(this, "service", {
      serviceName: this.props.workerName,
      placement,
      desiredCount,
    });
  }

  private schedule(placement: Placement, run: ScheduledRun): WorkerSchedule {
    return new WorkerSchedule(this, "schedule", {
      ...this.scheduled(placement),
      scheduleName: this.props.workerName,
      roleName: `${this.props.workerName}-scheduler`,
      description: "Starts the ingester, which exits when it has caught up",
      run,
    });
  }

  private auditSchedule(placement: Placement, { command, ...when }: CommandSchedule): WorkerSchedule {
    const name = `${this.props.workerName}-audit`;
    return new WorkerSchedule(this, "audit", {
      ...this.scheduled(placement),
      scheduleName: name,
      roleName: name,
      description: "Starts an audit of the bucket, which exits when it has written its report",
      run: { mode: "schedule", ...when },
      command,
    });
  }

  /** What both schedules have in common. */
  private scheduled(placement: Placement) {
    const { location, workerName, schedulerRoleArn, kmsKeyArn } = this.props;
    return {
      location,
      family: workerName,
      placement,
      existingRoleArn: schedulerRoleArn,
      taskRoleArns: [this.taskRole.knownArn, this.executionRole.knownArn],
      kmsKeyArn,
    };
  }

  private ownGroup(): WorkerSecurityGroup {
    const { workerName, network, httpPort, statusIngressCidrs = [], extraEgress } = this.props;
    return new WorkerSecurityGroup(this, "security_group", {
      groupName: workerName,
      vpcId: network.vpcId,
      httpPort,
      statusIngressCidrs,
      extraEgress,
    });
  }

  private placement(task: EcsTaskDefinition, group: WorkerSecurityGroup | undefined): Placement {
    const { capacity = "FARGATE", logGroup, network, securityGroupIds = [] } = this.props;
    const cluster = this.cluster();
    return {
      capacity,
      clusterArn: cluster.clusterArn,
      clusterName: cluster.clusterName,
      taskDefinitionArn: task.arn,
      subnetIds: network.subnetIds,
      assignPublicIp: network.assignPublicIp,
      securityGroupIds: group ? [group.securityGroupId] : [...securityGroupIds],
      // A task that starts before these fails, and several failures roll the first deployment back.
      dependsOn: [
        ...this.executionRole.dependables,
        ...this.taskRole.dependables,
        ...(group?.dependables ?? []),
        logGroup.dependable,
        ...cluster.dependables,
        ...network.dependables,
      ],
    };
  }

  private cluster(): ClusterReference {
    const { clusterArn, containerInsights, workerName } = this.props;
    if (clusterArn) return { clusterArn, clusterName: nameOf(clusterArn), dependables: [] };
    return new Cluster(this, "cluster", { clusterName: workerName, containerInsights });
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
      // The circuit breaker rolls back to the previous definition, which Terraform would otherwise deregister.
      skipDestroy: true,
      ...(props.ephemeralStorageGiB ? { ephemeralStorage: { sizeInGib: props.ephemeralStorageGiB } } : {}),
    });
  }
}
