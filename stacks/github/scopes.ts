import { globalArn, nameOf, regionalArn, roleArn } from "../constructs/aws/aws-location";
import type { EnvironmentConfig } from "../environment/environment";
import type { Names } from "../environment/naming";
import { networkScopes } from "./network-scopes";
import type { Scope } from "./scope";

const ECS = "ecs.amazonaws.com";

/** Names of the roles that the data and the ingester stack can create. */
export function stackRoles({ dataStack, ingesterStack }: Names): string[] {
  return [
    ...["firehose", "transform"].map((role) => `${dataStack}-${role}`),
    ...["audit", "execution", "flow-log", "scheduler", "task"].map((role) => `${ingesterStack}-${role}`),
  ];
}

/**
 * All resources that the stacks of an environment can create, enabled or not, and no existing ones: the pipeline neither
 * reads nor changes those.
 */
export function githubScopes(names: Names, config: EnvironmentConfig): Scope[] {
  const { registry, token, storage, ledger } = config;
  const others = [
    ...(registry?.repositoryArn ? ["Images"] : []),
    ...(token?.secretArn && !names.hasOwnToken ? ["Secret"] : []),
    ...(storage?.existingBucket ? ["Bucket"] : []),
    ...(ledger?.existingTableName ? ["Checkpoints"] : []),
  ];
  return allScopes(names, config).filter(({ sid }) => !others.includes(sid));
}

function allScopes(names: Names, config: EnvironmentConfig): Scope[] {
  return [
    ...registryScopes(names),
    ...storageScopes(names),
    ...catalogScopes(names),
    ...workerScopes(names, config),
    ...watchingScopes(names),
    ...networkScopes(config),
  ];
}

/** The roles cannot read or write the token: no GetSecretValue, no PutSecretValue. */
function registryScopes(names: Names): Scope[] {
  return [
    {
      sid: "Images",
      resources: [names.repositoryArn],
      read: ["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:ListTagsForResource"],
      write: [
        ...["ecr:CreateRepository", "ecr:DeleteRepository", "ecr:PutImageScanningConfiguration"],
        ...["ecr:PutImageTagMutability", "ecr:PutLifecyclePolicy", "ecr:DeleteLifecyclePolicy"],
        ...["ecr:TagResource", "ecr:UntagResource"],
      ],
    },
    {
      sid: "Secret",
      resources: [`${regionalArn(names.location, "secretsmanager", `secret:${names.tokenSecret}`)}-??????`],
      read: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
      write: [
        ...["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:UpdateSecret"],
        ...["secretsmanager:TagResource", "secretsmanager:UntagResource"],
      ],
    },
  ];
}

/** Settings only: no object, no item, no record. */
function storageScopes({ bucketArn, streamArn, checkpointTableArn }: Names): Scope[] {
  return [
    {
      sid: "Bucket",
      resources: [bucketArn],
      read: ["s3:GetBucket*", "s3:Get*Configuration", "s3:ListBucket"],
      write: [
        ...["s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucketLogging", "s3:PutBucketOwnershipControls"],
        ...["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketPublicAccessBlock"],
        ...["s3:PutBucketTagging", "s3:PutBucketVersioning"],
        ...["s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"],
      ],
    },
    {
      sid: "Stream",
      resources: [streamArn],
      read: ["firehose:DescribeDeliveryStream", "firehose:ListTagsForDeliveryStream"],
      write: [
        ...["firehose:CreateDeliveryStream", "firehose:DeleteDeliveryStream", "firehose:UpdateDestination"],
        ...["firehose:StartDeliveryStreamEncryption", "firehose:StopDeliveryStreamEncryption"],
        ...["firehose:TagDeliveryStream", "firehose:UntagDeliveryStream"],
      ],
    },
    {
      sid: "Checkpoints",
      resources: [checkpointTableArn],
      read: [
        ...["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive"],
        "dynamodb:ListTagsOfResource",
      ],
      write: [
        ...["dynamodb:CreateTable", "dynamodb:UpdateTable", "dynamodb:DeleteTable"],
        ...["dynamodb:UpdateContinuousBackups", "dynamodb:TagResource", "dynamodb:UntagResource"],
      ],
    },
  ];
}

function catalogScopes({ location, catalogDatabase, queryWorkgroup, transformFunction }: Names): Scope[] {
  const glue = ["catalog", `database/${catalogDatabase}`, `table/${catalogDatabase}/*`];
  return [
    {
      sid: "Catalog",
      resources: glue.map((resource) => regionalArn(location, "glue", resource)),
      read: ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitionIndexes", "glue:GetTags"],
      write: [
        ...["glue:CreateDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase"],
        ...[
          "glue:CreateTable",
          "glue:UpdateTable",
          "glue:DeleteTable",
          "glue:TagResource",
          "glue:UntagResource",
        ],
      ],
    },
    {
      sid: "Queries",
      resources: [regionalArn(location, "athena", `workgroup/${queryWorkgroup}`)],
      read: ["athena:GetWorkGroup", "athena:GetNamedQuery", "athena:ListTagsForResource"],
      write: [
        ...["athena:CreateWorkGroup", "athena:UpdateWorkGroup", "athena:DeleteWorkGroup"],
        ...["athena:CreateNamedQuery", "athena:DeleteNamedQuery"],
        ...["athena:TagResource", "athena:UntagResource"],
      ],
    },
    {
      sid: "Transform",
      resources: [regionalArn(location, "lambda", `function:${transformFunction}`)],
      read: ["lambda:GetFunction*", "lambda:GetPolicy", "lambda:ListTags", "lambda:ListVersionsByFunction"],
      write: [
        ...["lambda:CreateFunction", "lambda:DeleteFunction", "lambda:UpdateFunctionCode"],
        ...["lambda:UpdateFunctionConfiguration", "lambda:PutFunctionConcurrency"],
        ...["lambda:DeleteFunctionConcurrency", "lambda:TagResource", "lambda:UntagResource"],
      ],
    },
  ];
}

/** Roles of the data and the ingester stack. The pipeline cannot change its own roles, which the registry stack creates. */
function workerScopes(names: Names, { worker }: EnvironmentConfig): Scope[] {
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

function watchingScopes({ location, dataStack, ingesterStack }: Names): Scope[] {
  const stacks = [dataStack, ingesterStack];
  return [
    {
      sid: "Logs",
      resources: stacks.map((stack) => regionalArn(location, "logs", `log-group:${stack}/*`)),
      read: ["logs:DescribeLogStreams", "logs:ListTagsForResource"],
      write: [
        ...["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:CreateLogStream", "logs:DeleteLogStream"],
        ...["logs:PutRetentionPolicy", "logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
        ...["logs:TagResource", "logs:UntagResource"],
      ],
    },
    {
      sid: "Alarms",
      resources: [
        regionalArn(location, "cloudwatch", `alarm:${ingesterStack}-*`),
        globalArn(location, "cloudwatch", `dashboard/${ingesterStack}`),
      ],
      read: ["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"],
      write: [
        ...["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:PutDashboard"],
        ...["cloudwatch:DeleteDashboards", "cloudwatch:TagResource", "cloudwatch:UntagResource"],
      ],
    },
    {
      sid: "Topics",
      resources: [regionalArn(location, "sns", `${ingesterStack}-*`)],
      read: ["sns:GetTopicAttributes", "sns:GetSubscriptionAttributes", "sns:ListTagsForResource"],
      write: [
        ...[
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
          "sns:Unsubscribe",
        ],
        ...["sns:TagResource", "sns:UntagResource"],
      ],
    },
  ];
}
