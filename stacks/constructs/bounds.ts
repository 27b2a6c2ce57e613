/**
 * Everything that AWS bounds and Terraform's provider lets through, in ONE table: rendered as checks at synth
 * time here, and as `validation` blocks of the generated modules.
 */
export type Bound = IntegerBound | ChoiceBound | PatternBound;

interface BoundText {
  /** What is allowed, as it continues "must be ...". */
  readonly allowed: string;
  /** What to do about a wrong value: a whole sentence. */
  readonly fix: string;
  /** Where AWS says so. */
  readonly source: string;
}

export interface IntegerBound extends BoundText {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
  /** Single values outside min..max that are allowed too. */
  readonly also?: readonly number[];
}

export interface ChoiceBound extends BoundText {
  readonly kind: "choice";
  readonly values: readonly (string | number)[];
}

/** Patterns keep to what JavaScript and Terraform (RE2) both understand: no look-around, no back-references. */
export interface PatternBound extends BoundText {
  readonly kind: "pattern";
  /** The whole value must match. */
  readonly pattern: string;
  readonly maxLength: number;
  /** None of these may match. */
  readonly forbidden?: readonly string[];
}

const DOCS = "https://docs.aws.amazon.com";
const FIREHOSE_API = `${DOCS}/firehose/latest/APIReference`;
const ECS_API = `${DOCS}/AmazonECS/latest/APIReference`;

function integer(
  min: number,
  max: number,
  text: { unit?: string; fix: string; source: string },
): IntegerBound {
  const unit = text.unit ? ` ${text.unit}` : "";
  const allowed = `a whole number from ${min} to ${max}${unit}`;
  return { kind: "integer", min, max, allowed, fix: text.fix, source: text.source };
}

function choice(values: readonly (string | number)[], text: { fix: string; source: string }): ChoiceBound {
  return { kind: "choice", values, allowed: `one of ${values.join(", ")}`, ...text };
}

/** AWS's own list; 0 (keep for ever) is left out on purpose. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const bounds = {
  accountId: {
    kind: "pattern",
    pattern: "^[0-9]{12}$",
    maxLength: 12,
    allowed: "twelve digits",
    fix: "Copy it from `aws sts get-caller-identity`; keep it in quotes.",
    source: `${DOCS}/accounts/latest/reference/manage-acct-identifiers.html`,
  },
  region: {
    kind: "pattern",
    pattern: "^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-[a-z]+-[0-9]$",
    maxLength: 32,
    allowed: 'a region code such as "eu-west-1"',
    fix: "Use the code, not the region's display name.",
    source: `${DOCS}/global-infrastructure/latest/regions/aws-regions.html`,
  },
  kmsKeyArn: {
    kind: "pattern",
    pattern: "^arn:aws(-cn|-us-gov)?:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
    maxLength: 2048,
    allowed: "the ARN of a KMS key (not of an alias)",
    fix: "IAM statements need the key itself: `aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn`.",
    source: `${DOCS}/kms/latest/developerguide/concepts.html#key-id-key-ARN`,
  },
  logRetentionDays: choice(LOG_RETENTION_DAYS, {
    fix: "CloudWatch Logs keeps logs for these numbers of days only.",
    source: `${DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
  }),
  bucketName: {
    kind: "pattern",
    pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    maxLength: 63,
    forbidden: [
      "[.][.]",
      "^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$",
      "^(xn--|sthree-|amzn-s3-demo-)",
      "(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$",
    ],
    allowed: "3 to 63 lower-case letters, digits, dots and hyphens, not shaped like an IP address",
    fix: "See the naming rules of S3; reserved prefixes and suffixes are refused too.",
    source: `${DOCS}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  repositoryName: {
    kind: "pattern",
    pattern: "^[a-z0-9]{2}$|^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$",
    maxLength: 256,
    forbidden: ["^.$"],
    allowed: "2 to 256 lower-case letters, digits and single separators (. _ - /)",
    fix: "ECR refuses upper case and separators at either end.",
    source: `${DOCS}/AmazonECR/latest/APIReference/API_CreateRepository.html`,
  },
  secretRecoveryDays: {
    ...integer(7, 30, {
      fix: "0 deletes at once, without a way back.",
      source: `${DOCS}/secretsmanager/latest/apireference/API_DeleteSecret.html`,
    }),
    also: [0],
    allowed: "0 or a whole number from 7 to 30 days",
  },
  streamName: {
    kind: "pattern",
    pattern: "^[a-zA-Z0-9_.-]{1,64}$",
    maxLength: 64,
    allowed: "1 to 64 letters, digits, underscores, dots and hyphens",
    fix: "Replace blanks and other characters.",
    source: `${FIREHOSE_API}/API_CreateDeliveryStream.html`,
  },
  bufferingSizeMiB: integer(1, 128, {
    unit: "MiB",
    fix: "Firehose delivers at this size or after the buffering interval, whichever comes first.",
    source: `${FIREHOSE_API}/API_BufferingHints.html`,
  }),
  bufferingIntervalSeconds: integer(0, 900, {
    unit: "seconds",
    fix: "0 delivers without buffering; 900 makes the fewest, largest objects.",
    source: `${FIREHOSE_API}/API_BufferingHints.html`,
  }),
  taskCpu: choice([256, 512, 1024, 2048, 4096, 8192, 16384], {
    fix: "Fargate sells these sizes only, in CPU units (1024 = one vCPU).",
    source: `${DOCS}/AmazonECS/latest/developerguide/task-cpu-memory-error.html`,
  }),
  httpPort: integer(0, 65535, {
    fix: "0 turns the health, metrics and status page off.",
    source: `${ECS_API}/API_PortMapping.html`,
  }),
  desiredCount: integer(0, 5000, {
    unit: "tasks",
    fix: "0 pauses the service; one ingester is enough, since a lease lets only one read.",
    source: `${DOCS}/AmazonECS/latest/developerguide/service-quotas.html`,
  }),
  stopTimeoutSeconds: integer(2, 120, {
    unit: "seconds",
    fix: "Fargate waits at most 120 seconds between SIGTERM and SIGKILL.",
    source: `${ECS_API}/API_ContainerDefinition.html`,
  }),
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof bounds;
