import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type LocatedProps, regionalArn } from "../aws/aws-location";
import { ServiceRole } from "../aws/service-role";
import { jsonDocument } from "../terraform/json-document";
import { either } from "../terraform/optional";
import { launch, networkConfiguration, type Placement } from "./placement";
import { type ScheduledRun, WORKER_CONTAINER } from "./props";

export interface WorkerScheduleProps extends LocatedProps {
  /** Common name of the schedule and its group. */
  readonly scheduleName: string;
  /** At most 64 characters. */
  readonly roleName: string;
  /** Family of the tasks. */
  readonly family: string;
  /** Shown in the AWS console. */
  readonly description: string;
  /** When to start a task. */
  readonly run: ScheduledRun;
  /** @default - the command of the image */
  readonly command?: readonly string[] | undefined;
  /** Task definition, cluster and network. */
  readonly placement: Placement;
  /** Roles of the tasks, which are the only ones that the scheduler may pass. */
  readonly taskRoleArns: readonly string[];
  /** @default - a role is created */
  readonly existingRoleArn?: string | undefined;
  /** @default - a key that AWS owns */
  readonly kmsKeyArn?: string | undefined;
}

/** Starts a task by schedule; the task exits when it is done. */
export class WorkerSchedule extends Construct {
  /** The scheduler's role. */
  readonly role: ServiceRole;
  /** The schedule once created. */
  readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: WorkerScheduleProps) {
    super(scope, id);
    const { placement, run, command } = props;
    const role = schedulerRole(this, props);
    this.role = role;
    // Metrics of a schedule are its group's: the default group is shared by the whole account.
    const group = new SchedulerScheduleGroup(this, "group", { name: props.scheduleName });
    this.dependable = new SchedulerSchedule(this, "Default", {
      name: props.scheduleName,
      groupName: group.name,
      description: props.description,
      scheduleExpression: run.expression,
      scheduleExpressionTimezone: run.timeZone ?? "UTC",
      state: either(run.enabled, "ENABLED", "DISABLED"),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: placement.clusterArn,
        roleArn: role.roleArn,
        ecsParameters: {
          taskDefinitionArn: placement.taskDefinitionArn,
          taskCount: 1,
          propagateTags: "TASK_DEFINITION",
          networkConfiguration: networkConfiguration(placement),
          ...launch(placement),
        },
        // ECS takes it as the overrides of RunTask.
        ...(command
          ? {
              input: jsonDocument({
                containerOverrides: [{ name: WORKER_CONTAINER, command: [...command] }],
              }),
            }
          : {}),
        // A start that fails for long is not retried further, because the next one reads the same posts.
        retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 5 },
      },
      ...(props.kmsKeyArn ? { kmsKeyArn: props.kmsKeyArn } : {}),
      dependsOn: [...placement.dependsOn, ...role.dependables],
    });
  }
}

function schedulerRole(scope: Construct, props: WorkerScheduleProps): ServiceRole {
  const { location, scheduleName, family, kmsKeyArn, existingRoleArn } = props;
  const role = new ServiceRole(scope, "role", {
    location,
    roleName: props.roleName,
    servicePrincipal: "scheduler.amazonaws.com",
    sourceArn: regionalArn(location, "scheduler", `schedule-group/${scheduleName}`),
    existingRoleArn,
  });
  const { clusterName } = props.placement;
  const clusterArn = regionalArn(location, "ecs", `cluster/${clusterName}`);
  role.addStatement({
    sid: "RunTask",
    actions: ["ecs:RunTask"],
    resources: [regionalArn(location, "ecs", `task-definition/${family}:*`)],
    conditions: [{ test: "ArnEquals", variable: "ecs:cluster", values: [clusterArn] }],
  });
  role.addStatement({
    sid: "TagTask",
    actions: ["ecs:TagResource"],
    resources: [regionalArn(location, "ecs", `task/${clusterName}/*`)],
    conditions: [{ test: "StringEquals", variable: "ecs:CreateAction", values: ["RunTask"] }],
  });
  role.addStatement({
    sid: "PassRoles",
    actions: ["iam:PassRole"],
    resources: props.taskRoleArns,
    conditions: [
      { test: "StringEquals", variable: "iam:PassedToService", values: ["ecs-tasks.amazonaws.com"] },
    ],
  });
  if (kmsKeyArn) {
    role.addStatement({ sid: "DecryptSchedule", actions: ["kms:Decrypt"], resources: [kmsKeyArn] });
  }
  return role;
}
