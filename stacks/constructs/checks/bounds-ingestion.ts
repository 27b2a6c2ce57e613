import { AWS_DOCS, oneOf, wholeFrom } from "./bound";
import { type SmallestPage, smallestPage } from "./smallest-page";

const X_DOCS = "https://docs.x.com/x-api";
const PRICING = `${X_DOCS}/getting-started/pricing`;
/** A name that is safe in paths, in partition keys and in the names of alarms. */
const PLAIN_NAME = "^[a-zA-Z0-9_.-]{1,64}$";

/** Operators that the stream honours, and that search ignores without a word. */
const IGNORED_BY_SEARCH = "(sample|bio|bio_name|bio_location):";
/** Text that leaves no quotation open. */
const CLOSED = '([^"]|"[^"]*")*';

/** What a monthly limit may be, when it must allow at least this page. */
export function limitBounds(page: SmallestPage) {
  const fix = "Allow at least X's smallest page with all that expansions bring: less than that buys nothing.";
  const [minUsd, maxUsd] = [page.usd, 10 ** 9];
  return {
    monthlyPostLimit: wholeFrom(page.posts, 10 ** 12, { unit: "posts", fix, source: PRICING }),
    monthlyUsdLimit: {
      kind: "number",
      whole: false,
      min: minUsd,
      max: maxUsd,
      allowed: `a number from ${minUsd} to ${maxUsd} US dollars`,
      fix,
      source: PRICING,
    },
  } as const;
}

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
    pattern: "\\S",
    maxLength: 512,
    forbidden: [
      `^(${CLOSED}([\\s(-]|"[^"]*"))?${IGNORED_BY_SEARCH}`,
      // A quotation mark that is never closed quotes nothing.
      `^${CLOSED}"[^"]*[\\s(-]${IGNORED_BY_SEARCH}[^"]*$`,
    ],
    allowed: "an X query of at most 512 characters, without sample:, bio:, bio_name: and bio_location:",
    fix: "Shorten it, or split it. X's search ignores these operators, and would bill more posts than meant.",
    source: `${X_DOCS}/posts/search/integrate/build-a-query`,
  },
  queryName: {
    kind: "pattern",
    pattern: PLAIN_NAME,
    maxLength: 64,
    allowed: "1 to 64 of a-z A-Z 0-9 _ . -",
    fix: "Logs, alarms and the dashboard show the query under this name.",
    source: `${AWS_DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  pollSeconds: wholeFrom(0, 86_400, {
    unit: "seconds",
    fix: "It is the pause between two polls when caught up; each costs a request, not money.",
    source: `${X_DOCS}/fundamentals/rate-limits`,
  }),
  searchStart: {
    kind: "pattern",
    pattern: "^(now|window|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?Z)$",
    maxLength: 30,
    allowed: '"now", "window" (X\'s seven days) or a UTC time such as "2026-01-31T00:00:00Z"',
    fix: "It counts only for a query without coverage.",
    source: `${X_DOCS}/posts/search/introduction`,
  },
  ...limitBounds(smallestPage()),
  limitScope: oneOf(["project", "own"], {
    fix: "`project` counts everything that X bills to the project; `own` counts what this ledger has bought.",
    source: `${X_DOCS}/usage/introduction`,
  }),
  ledgerKey: {
    kind: "pattern",
    pattern: PLAIN_NAME,
    maxLength: 64,
    allowed: "1 to 64 of a-z A-Z 0-9 _ . -",
    fix: "It is a part of the ledger's partition key; one ledger for each X account.",
    source: `${AWS_DOCS}/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html`,
  },
  billingCycleDay: wholeFrom(1, 31, {
    fix: "It is the day of the month (UTC) on which X's billing cycle turns; months without it turn on their last day.",
    source: PRICING,
  }),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error"], {
    fix: "A healthy run is nearly silent from info upwards.",
    source: "https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter",
  }),
} as const;
