/** What Terraform calls for each kind of resource, in the words of IAM. */
import recorded from "./recorded-calls.json";

export interface Calls {
  /** When it refreshes, which a plan does. */
  readonly read: readonly string[];
  /** When it creates, changes or deletes, beside those. */
  readonly write: readonly string[];
}

/**
 * What no emulator asks for: AWS also checks these when one of the recorded calls has tags, a role or a key.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  aws_athena_workgroup: ["athena:TagResource", "athena:UpdateWorkGroup"],
  aws_cloudwatch_log_group: ["logs:AssociateKmsKey", "logs:TagResource"],
  aws_cloudwatch_metric_alarm: ["cloudwatch:TagResource"],
  aws_dynamodb_table: ["dynamodb:TagResource", "dynamodb:UpdateTable"],
  aws_ecr_repository: [
    ...["ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability", "ecr:TagResource"],
    ...["kms:CreateGrant", "kms:DescribeKey"],
  ],
  aws_ecs_cluster: ["ecs:TagResource", "ecs:UpdateCluster", "iam:CreateServiceLinkedRole"],
  aws_ecs_service: ["ecs:TagResource"],
  aws_ecs_task_definition: ["ecs:TagResource", "iam:PassRole"],
  aws_eip: ["ec2:CreateTags"],
  aws_flow_log: ["ec2:CreateTags", "iam:PassRole"],
  aws_glue_catalog_database: ["glue:TagResource", "glue:UpdateDatabase"],
  aws_glue_catalog_table: ["glue:UpdateTable"],
  aws_iam_role: ["iam:TagRole", "iam:UpdateAssumeRolePolicy"],
  aws_internet_gateway: ["ec2:CreateTags"],
  aws_kinesis_firehose_delivery_stream: [
    ...["firehose:TagDeliveryStream", "firehose:UpdateDestination", "firehose:StopDeliveryStreamEncryption"],
    ...["iam:PassRole", "kms:CreateGrant"],
  ],
  aws_lambda_function: [
    ...["iam:PassRole", "lambda:TagResource", "lambda:UpdateFunctionCode"],
    ...["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
  ],
  aws_nat_gateway: ["ec2:CreateTags"],
  aws_route_table: ["ec2:CreateTags"],
  aws_scheduler_schedule: [
    ...["iam:PassRole", "scheduler:UpdateSchedule", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
  ],
  aws_scheduler_schedule_group: ["scheduler:TagResource"],
  aws_secretsmanager_secret: ["secretsmanager:TagResource", "secretsmanager:UpdateSecret"],
  aws_security_group: ["ec2:CreateTags"],
  aws_sns_topic: ["sns:TagResource"],
  aws_subnet: ["ec2:CreateTags"],
  aws_vpc: ["ec2:CreateTags"],
  aws_vpc_endpoint: ["ec2:CreateTags", "ec2:ModifyVpcEndpoint"],
  aws_vpc_security_group_egress_rule: ["ec2:CreateTags", "ec2:ModifySecurityGroupRules"],
  aws_vpc_security_group_ingress_rule: ["ec2:CreateTags", "ec2:ModifySecurityGroupRules"],
};

/** What the environment `local` does without: an emulator's topic has the key that is given, its bucket no policy. */
const NOT_RECORDED: Readonly<Record<string, Calls>> = {
  aws_kms_key: {
    read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    write: [
      ...["kms:CreateKey", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
      ...["kms:TagResource", "kms:UpdateKeyDescription"],
    ],
  },
  aws_s3_bucket_logging: { read: ["s3:GetBucketLogging"], write: ["s3:PutBucketLogging"] },
  aws_s3_bucket_policy: {
    read: ["s3:GetBucketPolicy"],
    write: ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"],
  },
};

const RECORDED: Readonly<Record<string, Calls>> = recorded;

/** @throws Error for a kind of resource that was never recorded */
export function callsOf(type: string): Calls {
  const calls = RECORDED[type] ?? NOT_RECORDED[type];
  if (!calls) throw new Error(`What Terraform calls for ${type} is not recorded: ${__filename}`);
  return { read: calls.read, write: [...calls.write, ...(BESIDE[type] ?? [])] };
}

const SERVICES: Readonly<Record<string, string>> = {
  "CloudWatch Logs": "logs",
  "Secrets Manager": "secretsmanager",
};

/** Operations of S3 that have another name in IAM. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketCors: "GetBucketCORS",
  GetBucketEncryption: "GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetBucketReplication: "GetReplicationConfiguration",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  HeadBucket: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  PutBucketEncryption: "PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
};

/** Calls in a log of the AWS provider (TF_LOG_PROVIDER=DEBUG), as `type action`, each once. */
export function loggedCalls(log: string): string[] {
  const entries = log.split(/\n(?=\d{4}-\d\d-\d\dT)/).filter((entry) => entry.includes("HTTP Request Sent"));
  const calls = entries.flatMap((entry) => {
    const [type, service, operation] = ["tf_resource_type", "rpc.service", "rpc.method"].map((name) =>
      field(entry, name),
    );
    return type && service && operation ? [`${type} ${actionOf(service, operation)}`] : [];
  });
  return [...new Set(calls)].sort();
}

function field(entry: string, name: string): string | undefined {
  const found = new RegExp(`(?<![\\w.])${name.replace(".", "[.]")}=(?:"([^"]*)"|\\s*\\|?\\s*(\\S+))`).exec(
    entry,
  );
  return found?.[1] ?? found?.[2];
}

function actionOf(service: string, operation: string): string {
  const action = service === "S3" ? (S3_ACTIONS[operation] ?? operation) : operation;
  // Lambda's operations end in a date where there are several of a name.
  return `${SERVICES[service] ?? service.toLowerCase()}:${action.replace(/\d{8}.*$/, "")}`;
}
