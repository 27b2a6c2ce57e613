import { type Resource, type Rule, read, referring } from "../rule";

const BUCKET = "aws_s3_bucket";
const BLOCK = "aws_s3_bucket_public_access_block";
const TABLE = "aws_dynamodb_table";
const WORKGROUP = "aws_athena_workgroup";

const has = (resource: Resource, type: string) => referring(resource, type, "bucket").length > 0;

function algorithm(resource: Resource): unknown {
  const [encryption] = referring(resource, "aws_s3_bucket_server_side_encryption_configuration", "bucket");
  return read(encryption, "rule", "apply_server_side_encryption_by_default", "sse_algorithm");
}

/** Statements of the documents that are policies of buckets. */
function bucketStatements({ stack }: Resource) {
  return Object.values(stack.all("aws_s3_bucket_policy")).flatMap(({ policy }) => {
    const id = /data\.aws_iam_policy_document\.([^.]+)\.json/.exec(String(policy))?.[1] ?? "";
    return stack.statements(id);
  });
}

const blocks = (attribute: string, ids: readonly string[], title: string): Rule => ({
  ids,
  title,
  on: BLOCK,
  holds: ({ attributes }) => attributes[attribute] === true,
});

export const storageRules: readonly Rule[] = [
  blocks("block_public_acls", ["CKV_AWS_53", "AWS-0086"], "Public bucket ACLs are refused"),
  blocks("block_public_policy", ["CKV_AWS_54", "AWS-0087"], "Public bucket policies are refused"),
  blocks("ignore_public_acls", ["CKV_AWS_55", "AWS-0091"], "Public ACLs are ignored"),
  blocks(
    "restrict_public_buckets",
    ["CKV_AWS_56", "AWS-0093"],
    "Public buckets are restricted to the account",
  ),
  {
    ids: ["CKV2_AWS_6", "AWS-0094"],
    title: "Every bucket has a public access block",
    on: BUCKET,
    holds: (bucket) => has(bucket, BLOCK),
  },
  {
    ids: ["CKV_AWS_20", "CKV_AWS_57", "AWS-0092"],
    title: "No ACL lets the public read or write",
    on: BUCKET,
    holds: (bucket) => bucket.attributes.acl === undefined && !has(bucket, "aws_s3_bucket_acl"),
  },
  {
    ids: ["CKV2_AWS_65"],
    title: "ACLs are disabled: the bucket's owner owns everything in it",
    on: BUCKET,
    holds: (bucket) =>
      referring(bucket, "aws_s3_bucket_ownership_controls", "bucket").some(
        (controls) => read(controls, "rule", "object_ownership") === "BucketOwnerEnforced",
      ),
  },
  {
    ids: ["CKV_AWS_19"],
    title: "Objects are encrypted at rest",
    on: BUCKET,
    holds: (bucket) => algorithm(bucket) !== undefined,
  },
  {
    ids: ["CKV_AWS_145", "AWS-0132"],
    title: "Objects are encrypted with a customer-managed key",
    on: BUCKET,
    holds: (bucket) => algorithm(bucket) === "aws:kms",
  },
  {
    ids: ["CKV_AWS_21", "AWS-0090"],
    title: "Objects are versioned",
    on: BUCKET,
    holds: (bucket) =>
      referring(bucket, "aws_s3_bucket_versioning", "bucket").some(
        (versioning) => read(versioning, "versioning_configuration", "status") === "Enabled",
      ),
  },
  {
    ids: ["CKV_AWS_18", "AWS-0089"],
    title: "Access to buckets is logged",
    on: BUCKET,
    holds: (bucket) => has(bucket, "aws_s3_bucket_logging"),
  },
  {
    ids: ["CKV2_AWS_61"],
    title: "Every bucket has a lifecycle",
    on: BUCKET,
    holds: (bucket) => has(bucket, "aws_s3_bucket_lifecycle_configuration"),
  },
  {
    ids: ["CKV_AWS_300"],
    title: "Uploads that failed are cleaned up",
    on: "aws_s3_bucket_lifecycle_configuration",
    holds: ({ attributes }) =>
      ((attributes.rule ?? []) as object[]).some(
        (rule) => read(rule, "abort_incomplete_multipart_upload", "days_after_initiation") !== undefined,
      ),
  },
  {
    ids: ["CKV2_AWS_62"],
    title: "Buckets announce new objects",
    on: BUCKET,
    holds: (bucket) => has(bucket, "aws_s3_bucket_notification"),
  },
  {
    ids: ["CKV_AWS_144"],
    title: "Buckets are replicated to another region",
    on: BUCKET,
    holds: (bucket) => has(bucket, "aws_s3_bucket_replication_configuration"),
  },
  {
    ids: ["AWS-0320"],
    title: "No bucket's name has a dot, for which AWS has no certificate",
    on: BUCKET,
    holds: ({ attributes }) => !String(attributes.bucket).includes("."),
  },
  {
    ids: ["CKV_AWS_379"],
    title: "Buckets are reached by TLS only",
    on: BUCKET,
    holds: (bucket) =>
      bucketStatements(bucket).some(
        ({ effect, condition = [] }) =>
          effect === "Deny" && condition.some(({ variable }) => variable === "aws:SecureTransport"),
      ),
  },
  {
    ids: ["CKV_AWS_70"],
    title: "No bucket policy allows anything to everybody",
    on: BUCKET,
    holds: (bucket) => bucketStatements(bucket).every(({ effect }) => effect === "Deny"),
  },
  {
    ids: ["CKV_AWS_93"],
    title: "No bucket policy locks its owner out",
    on: BUCKET,
    holds: (bucket) =>
      bucketStatements(bucket).every(
        ({ effect, condition = [] }) => effect !== "Deny" || condition.length > 0,
      ),
  },
  {
    ids: ["CKV_AWS_28", "AWS-0024"],
    title: "Tables can be restored to any second of the last 35 days",
    on: TABLE,
    holds: ({ attributes }) => read(attributes, "point_in_time_recovery", "enabled") === true,
  },
  {
    ids: ["CKV_AWS_119", "AWS-0025"],
    title: "Tables are encrypted with a customer-managed key",
    on: TABLE,
    holds: ({ attributes }) => read(attributes, "server_side_encryption", "kms_key_arn") !== undefined,
  },
  {
    ids: ["CKV_AWS_159", "AWS-0006"],
    title: "Results of queries are encrypted",
    on: WORKGROUP,
    holds: ({ attributes }) =>
      read(
        attributes,
        "configuration",
        "result_configuration",
        "encryption_configuration",
        "encryption_option",
      ) !== undefined,
  },
  {
    ids: ["CKV_AWS_82", "AWS-0007"],
    title: "Queries cannot override the settings of their workgroup",
    on: WORKGROUP,
    holds: ({ attributes }) => read(attributes, "configuration", "enforce_workgroup_configuration") === true,
  },
];
