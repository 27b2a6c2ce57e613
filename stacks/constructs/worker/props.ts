import type { PolicyStatement } from "../aws/policy";
import type { EgressProps } from "./egress";
import type { SidecarProps } from "./sidecar";

/** Existing resources, which are used and never changed; docs/adopt.md lists the settings that their owners must make. */
export interface ExistingWorkerProps {
  /**
   * ARN of a cluster that offers the capacity provider of `capacity`.
   * @default - a cluster is created
   */
  readonly clusterArn?: string;
  /**
   * 1 to 5 groups of the VPC, which let HTTPS out.
   * @default - a group is created
   */
  readonly securityGroupIds?: readonly string[];
  /**
   * ARN of the role that the ingester acts as.
   * @default - a role is created
   */
  readonly taskRoleArn?: string;
  /**
   * ARN of the role that ECS pulls the image, opens the log and reads the token with.
   * @default - a role is created
   */
  readonly executionRoleArn?: string;
  /**
   * ARN of the role that EventBridge Scheduler starts tasks and audits with.
   * @default - a role is created, where there is a schedule or an audit
   */
  readonly schedulerRoleArn?: string;
}

/** Settings of the tasks in an environment file: size, architecture, behaviour and surroundings. */
export interface WorkerSizeProps extends ExistingWorkerProps {
  /** CPU units: 256 is a quarter of a vCPU. */
  readonly cpu: number;
  /** One of the sizes that Fargate sells with this CPU. */
  readonly memoryMiB: number;
  /** What the image is built for. */
  readonly cpuArchitecture: "ARM64" | "X86_64";
  /**
   * Spot costs about a third. AWS may stop a task with two minutes' notice, in which the ingester stops cleanly.
   * @default "FARGATE"
   */
  readonly capacity?: "FARGATE" | "FARGATE_SPOT";
  /** @default - an always-on service of one task */
  readonly run?: RunProps;
  /**
   * Disk of a task, 21 to 200 GiB.
   * @default - Fargate's own 20 GiB
   */
  readonly ephemeralStorageGiB?: number;
  /**
   * Seconds between SIGTERM and SIGKILL, 2 to 120.
   * @default 60
   */
  readonly stopTimeoutSeconds?: number;
  /** @default - every 30 seconds, three failures in a row, after 30 seconds to start */
  readonly healthCheck?: HealthCheckProps;
  /**
   * CIDR ranges that can open the status page.
   * @default - no access
   */
  readonly statusIngressCidrs?: readonly string[];
  /**
   * CloudWatch Container Insights.
   * @default "enabled"
   */
  readonly containerInsights?: "enabled" | "enhanced" | "disabled";
  /** @default - none */
  readonly sidecars?: readonly SidecarProps[];
  /**
   * What tasks may reach beside HTTPS everywhere, such as a proxy or a metrics agent's port.
   * @default - nothing else
   */
  readonly extraEgress?: readonly EgressProps[];
  /**
   * What the task role may do beside the ingester's own permissions, for sidecars.
   * @default - nothing else
   */
  readonly extraPermissions?: readonly PolicyStatement[];
}

/** Props that the rules of a worker check. */
export type CheckedWorker = Partial<WorkerSizeProps> & {
  readonly httpPort?: number | undefined;
  /** Something else that `schedulerRoleArn` starts. */
  readonly audit?: object | undefined;
};

/** When the ingester runs. */
export type RunProps = ServiceRun | ScheduledRun;

export interface ServiceRun {
  readonly mode: "service";
  /**
   * Tasks to keep running: 1, or 0, which pauses. A second ingester would exit, because the first one claims the queries,
   * or the stream.
   * @default 1
   */
  readonly desiredCount?: number;
}

export interface ScheduledRun {
  readonly mode: "schedule";
  /** `rate(...)` or `cron(...)` of EventBridge Scheduler; the ingester exits when it has caught up. */
  readonly expression: string;
  /**
   * IANA time zone of a cron expression.
   * @default "UTC"
   */
  readonly timeZone?: string;
  /**
   * False pauses.
   * @default true
   */
  readonly enabled?: boolean;
}

/** A task of the same definition with another command, started by schedule. */
export interface CommandSchedule {
  /** `rate(...)` or `cron(...)` of EventBridge Scheduler. */
  readonly expression: string;
  /**
   * IANA time zone of a cron expression.
   * @default "UTC"
   */
  readonly timeZone?: string;
  /** Arguments of the ingester, in place of `run`. */
  readonly command: readonly string[];
}

export interface HealthCheckProps {
  /** @default 30 */
  readonly intervalSeconds?: number;
  /** @default 5 */
  readonly timeoutSeconds?: number;
  /** @default 3 */
  readonly retries?: number;
  /** @default 30 */
  readonly startSeconds?: number;
}

/** Name of the container that runs the ingester. */
export const WORKER_CONTAINER = "ingester";

export const DEFAULT_STOP_TIMEOUT_SECONDS = 60;
