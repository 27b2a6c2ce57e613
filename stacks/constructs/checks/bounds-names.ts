import { AWS_DOCS, oneOf, wholeFrom } from "./bound";

/** AWS's own list; 0 (keep for ever) is left out on purpose. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const TAGS = `${AWS_DOCS}/tag-editor/latest/userguide/best-practices-and-strats.html`;

/** Accounts, names, keys, and how long things are kept. */
export const namesBounds = {
  namePart: {
    kind: "pattern",
    pattern: "^[a-z](-?[a-z0-9]){0,19}$",
    maxLength: 20,
    allowed: "lower-case letters, digits and single hyphens, a letter first, at most 20 characters",
    fix: "Everything is named after it, with endings of up to 24 characters.",
    source: `${AWS_DOCS}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  accountId: {
    kind: "pattern",
    pattern: "^[0-9]{12}$",
    maxLength: 12,
    allowed: "twelve digits",
    fix: "Copy it from `aws sts get-caller-identity`; keep it in quotes.",
    source: `${AWS_DOCS}/accounts/latest/reference/manage-acct-identifiers.html`,
  },
  region: {
    kind: "pattern",
    pattern: "^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-[a-z]+-[0-9]$",
    maxLength: 32,
    allowed: 'a region code such as "eu-west-1"',
    fix: "Use the code, not the region's display name.",
    source: `${AWS_DOCS}/global-infrastructure/latest/regions/aws-regions.html`,
  },
  tagName: {
    kind: "pattern",
    pattern: "^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]+$",
    maxLength: 128,
    forbidden: ["^[Aa][Ww][Ss]:"],
    allowed: "1 to 128 letters, digits, blanks or _.:/=+@-, not beginning with aws:",
    fix: "Every service that is tagged must take it, and AWS keeps aws: for itself.",
    source: TAGS,
  },
  tagValue: {
    kind: "pattern",
    pattern: "^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$",
    maxLength: 256,
    allowed: "at most 256 letters, digits, blanks or _.:/=+@-",
    fix: "Every service that is tagged must take it.",
    source: TAGS,
  },
  kmsKeyArn: {
    kind: "pattern",
    pattern: "^arn:aws(-cn|-us-gov)?:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
    maxLength: 2048,
    allowed: "the ARN of a KMS key (not of an alias)",
    fix: "IAM statements need the key itself: `aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn`.",
    source: `${AWS_DOCS}/kms/latest/developerguide/concepts.html#key-id-key-ARN`,
  },
  roleName: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9_+=,.@-]{1,64}$",
    maxLength: 64,
    allowed: "1 to 64 letters, digits or _+=,.@-",
    fix: "Shorten the app's or the environment's name: it is part of every role's name.",
    source: `${AWS_DOCS}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  githubRepository: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9-]+(@[0-9]+/[A-Za-z0-9._-]+@[0-9]+|/[A-Za-z0-9._-]+)$",
    maxLength: 200,
    allowed: '"owner/name" or "owner@id/name@id"',
    fix: "Copy what the repository's tokens say after `repo:`; since 2026-07-15 new repositories' say ids, too.",
    source: "https://docs.github.com/en/actions/concepts/security/openid-connect",
  },
  logRetentionDays: oneOf(LOG_RETENTION_DAYS, {
    fix: "CloudWatch Logs keeps logs for these numbers of days only.",
    source: `${AWS_DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
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
    fix: "Follow the naming rules of S3; its reserved prefixes and suffixes are refused too.",
    source: `${AWS_DOCS}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  logGroupName: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9_./#-]{1,512}$",
    maxLength: 512,
    allowed: "1 to 512 letters, digits or _./#-",
    fix: "Replace blanks and other characters.",
    source: `${AWS_DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  repositoryName: {
    kind: "pattern",
    pattern: "^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$",
    maxLength: 256,
    forbidden: ["^.$"],
    allowed: "2 to 256 lower-case letters, digits and single separators (. _ - /)",
    fix: "ECR refuses upper case, and separators at either end.",
    source: `${AWS_DOCS}/AmazonECR/latest/APIReference/API_CreateRepository.html`,
  },
  keepImages: wholeFrom(1, 1000, {
    unit: "images",
    fix: "Keep enough to roll back to.",
    source: `${AWS_DOCS}/AmazonECR/latest/userguide/LifecyclePolicies.html`,
  }),
  secretName: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9/_+=.@-]{1,512}$",
    maxLength: 512,
    forbidden: ["-[A-Za-z0-9]{6}$"],
    allowed: "letters, digits or /_+=.@-, not ending in a hyphen and six characters",
    fix: "Secrets Manager adds such a suffix itself, and would take yours for its own.",
    source: `${AWS_DOCS}/secretsmanager/latest/apireference/API_CreateSecret.html`,
  },
  secretRecoveryDays: {
    ...wholeFrom(7, 30, {
      fix: "0 deletes at once, without a way back.",
      source: `${AWS_DOCS}/secretsmanager/latest/apireference/API_DeleteSecret.html`,
    }),
    also: [0],
    allowed: "0 or a whole number from 7 to 30 days",
  },
  infrequentAccessAfterDays: wholeFrom(30, 36500, {
    unit: "days",
    fix: "S3 takes no object into the infrequent-access class before 30 days.",
    source: `${AWS_DOCS}/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html`,
  }),
  expireAfterDays: wholeFrom(1, 36500, {
    unit: "days",
    fix: "Leave it out to keep things for ever.",
    source: `${AWS_DOCS}/AmazonS3/latest/API/API_LifecycleExpiration.html`,
  }),
} as const;
