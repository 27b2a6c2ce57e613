import { AWS_DOCS, oneOf, wholeFrom } from "./bound";

const X_DOCS = "https://docs.x.com/x-api";

/** What a whole ingestion is asked for, over and above what its parts bound. */
export const ingestionBounds = {
  baseName: {
    kind: "pattern",
    pattern: "^[a-z][a-z0-9-]{0,38}[a-z0-9]$",
    maxLength: 40,
    forbidden: ["--"],
    allowed: "2 to 40 lower-case letters, digits and single hyphens, a letter first",
    fix: "Roles, logs, cluster and table are named after it, each with an ending of its own.",
    source: `${AWS_DOCS}/IAM/latest/APIReference/API_CreateRole.html`,
  },
  partition: oneOf(["aws", "aws-cn", "aws-us-gov"], {
    fix: "It is the second part of every ARN in the account.",
    source: `${AWS_DOCS}/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html`,
  }),
  dnsSuffix: oneOf(["amazonaws.com", "amazonaws.com.cn"], {
    fix: "China's partition has the second one.",
    source: `${AWS_DOCS}/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html`,
  }),
  imageReference: {
    kind: "pattern",
    pattern: "^[^:@ ]+(/[^:@ ]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$",
    maxLength: 512,
    forbidden: [":latest$"],
    allowed: 'an image with its registry and a tag other than "latest", or a digest',
    fix: "A tag that moves would change what runs without a plan.",
    source: `${AWS_DOCS}/AmazonECS/latest/APIReference/API_ContainerDefinition.html`,
  },
  repositoryArn: {
    kind: "pattern",
    pattern: "^arn:aws(-cn|-us-gov)?:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9._/-]+$",
    maxLength: 2048,
    allowed: "the ARN of an ECR repository",
    fix: "`aws ecr describe-repositories` shows it.",
    source: `${AWS_DOCS}/AmazonECR/latest/APIReference/API_Repository.html`,
  },
  secretArn: {
    kind: "pattern",
    pattern: "^arn:aws(-cn|-us-gov)?:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$",
    maxLength: 2048,
    allowed: "the ARN of a secret in Secrets Manager",
    fix: "Its value is the X bearer token, as plain text; put it there by hand.",
    source: `${AWS_DOCS}/secretsmanager/latest/apireference/API_SecretListEntry.html`,
  },
  tableName: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9_.-]{3,255}$",
    maxLength: 255,
    allowed: "3 to 255 letters, digits, underscores, dots and hyphens",
    fix: "Give the table's name, not its ARN.",
    source: `${AWS_DOCS}/amazondynamodb/latest/APIReference/API_CreateTable.html`,
  },
  vpcId: {
    kind: "pattern",
    pattern: "^vpc-[0-9a-f]{8,17}$",
    maxLength: 21,
    allowed: 'a VPC id such as "vpc-0a1b2c3d4e5f67890"',
    fix: "It is the VPC of the subnets.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_Vpc.html`,
  },
  searchQuery: {
    kind: "pattern",
    pattern: "[^ ]",
    maxLength: 512,
    allowed: "an X query of at most 512 characters",
    fix: "Shorten it, or split it into two ingestions.",
    source: `${X_DOCS}/posts/search/integrate/build-a-query`,
  },
  pollSeconds: wholeFrom(0, 86_400, {
    unit: "seconds",
    fix: "It is the pause between two polls when caught up; each costs a request, not money.",
    source: `${X_DOCS}/fundamentals/rate-limits`,
  }),
  searchStart: {
    kind: "pattern",
    pattern: "^(now|window|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)$",
    maxLength: 30,
    allowed: '"now", "window" (X\'s seven days) or a time such as "2026-01-31T00:00:00Z"',
    fix: "It counts only until there is a checkpoint.",
    source: `${X_DOCS}/posts/search/introduction`,
  },
  monthlyPostLimit: wholeFrom(1, 1_000_000_000, {
    unit: "posts",
    fix: "X bills every post; the ingester buys nothing beyond it.",
    source: `${X_DOCS}/getting-started/pricing`,
  }),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error"], {
    fix: "A healthy run is nearly silent from info upwards.",
    source: "https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter",
  }),
} as const;
