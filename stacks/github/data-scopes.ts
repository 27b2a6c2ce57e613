import { regionalArn } from "../constructs/aws/aws-location";
import type { Names } from "../environment/naming";
import type { Scope } from "./scope";

/** Settings only: no object, no item, no record. */
export function storageScopes({ bucketArn, streamArn, checkpointTableArn }: Names): Scope[] {
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

export function catalogScopes({
  location,
  catalogDatabase,
  queryWorkgroup,
  transformFunction,
}: Names): Scope[] {
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
