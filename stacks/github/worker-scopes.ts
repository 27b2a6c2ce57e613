import { globalArn, nameOf, regionalArn, roleArn } from "../constructs/aws/aws-location";
import type { EnvironmentConfig } from "../environment/environment";
import type { Names } from "../environment/naming";
import type { Scope } from "./scope";

const ECS = "ecs.amazonaws.com";

/** Names of the roles that the data and the ingester stack can create. */
export function stackRoles({ dataStack, ingesterStack }: Names): string[] {
  return [
    ...["firehose", "transform"].map((role) => `${dataStack}-${role}`),
    ...["audit", "execution", "flow-log", "scheduler", "task"].map((role) => `${ingesterStack}-${role}`),
  ];
}

/** Roles of the data and the ingester stack. The pipeline cannot change its own roles, which the registry stack creates. */
export function workerScopes(names: Names, { worker }: EnvironmentConfig): Scope[] {
  const { location, ingesterStack, githubPlanRole, githubApplyRole } = names;
  const readRoles = [
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
  ];
  const clusterName = worker.clusterArn ? nameOf(worker.clusterArn) : ingesterStack;
  const ecs = [
    // None of these actions reads an existing cluster: its ARN is known.
    ...(worker.clusterArn ? [] : [`cluster/${clusterName}`]),
    `service/${clusterName}/${ingesterStack}`,
    `task-definition/${ingesterStack}:*`,
  ];
  const schedules = [ingesterStack, `${ingesterStack}-audit`].flatMap((name) => [
    `schedule-group/${name}`,
    `schedule/${name}/*`,
  ]);
  return [
    {
      sid: "Roles",
      resources: stackRoles(names).map((role) => roleArn(location, role)),
      read: readRoles,
      write: [
        ...["iam:CreateRole", "iam:DeleteRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy"],
        ...["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:ListInstanceProfilesForRole"],
        ...["iam:PutRolePermissionsBoundary", "iam:TagRole", "iam:UntagRole"],
      ],
    },
    {
      sid: "Pipeline",
      resources: [
        ...[githubPlanRole, githubApplyRole].map((role) => roleArn(location, role)),
        globalArn(location, "iam", `policy/${githubPlanRole}`),
        globalArn(location, "iam", "oidc-provider/token.actions.githubusercontent.com"),
      ],
      read: [...readRoles, "iam:GetOpenIDConnectProvider", "iam:GetPolicy", "iam:GetPolicyVersion"],
      write: [],
    },
    {
      sid: "Tasks",
      resources: ecs.map((resource) => regionalArn(location, "ecs", resource)),
      read: ["ecs:DescribeClusters", "ecs:DescribeServices", "ecs:ListTagsForResource"],
      write: [
        ...["ecs:CreateCluster", "ecs:UpdateCluster", "ecs:UpdateClusterSettings", "ecs:DeleteCluster"],
        ...["ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService", "ecs:RegisterTaskDefinition"],
        ...["ecs:PutClusterCapacityProviders", "ecs:TagResource", "ecs:UntagResource"],
      ],
    },
    {
      // Once in an account, before its first cluster.
      sid: "EcsRole",
      resources: [globalArn(location, "iam", `role/aws-service-role/${ECS}/AWSServiceRoleForECS`)],
      read: [],
      write: ["iam:CreateServiceLinkedRole"],
      conditions: [{ test: "StringEquals", variable: "iam:AWSServiceName", values: [ECS] }],
    },
    {
      sid: "Schedule",
      resources: schedules.map((resource) => regionalArn(location, "scheduler", resource)),
      read: ["scheduler:GetSchedule", "scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"],
      write: [
        ...["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"],
        ...["scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup"],
        ...["scheduler:TagResource", "scheduler:UntagResource"],
      ],
    },
  ];
}
