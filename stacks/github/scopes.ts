import { globalArn, regionalArn } from "../constructs/aws/aws-location";
import type { EnvironmentConfig } from "../environment/environment";
import type { Names } from "../environment/naming";
import { catalogScopes, storageScopes } from "./data-scopes";
import { networkScopes } from "./network-scopes";
import type { Scope } from "./scope";
import { workerScopes } from "./worker-scopes";

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
