import { AWS_DOCS, arnOf, ec2Id, nameOf, oneOf, wholeFrom } from "./bound";
import { EXPANSIONS, type SmallestPage, smallestPage } from "./smallest-page";

const X_DOCS = "https://docs.x.com/x-api";
const PRICING = `${X_DOCS}/getting-started/pricing`;
/** A name that is safe in paths, in partition keys and in the names of alarms. */
const PLAIN = { characters: "a-zA-Z0-9_.-", words: "of a-z A-Z 0-9 _ . -" };

/** Operators that the stream honours, and that search ignores without a word. */
const IGNORED_BY_SEARCH = "(sample|bio|bio_name|bio_location):";
/** Terminals and logs show rules and tags, and X takes text alone. */
const NO_TEXT = "[\\p{Cc}\\p{Cs}]";
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
    pattern: "^[a-z][a-z0-9-]{0,48}[a-z0-9]$",
    maxLength: 50,
    forbidden: ["--"],
    allowed: "2 to 50 lower-case letters, digits and single hyphens, a letter first",
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
  secretArn: arnOf("secretsmanager", "secret:[A-Za-z0-9/_+=.@-]+", {
    allowed: "the ARN of a secret in Secrets Manager",
    fix: "Its value is the X bearer token, as plain text; put it there by hand.",
    source: `${AWS_DOCS}/secretsmanager/latest/apireference/API_SecretListEntry.html`,
  }),
  fullSecretArn: arnOf("secretsmanager", "secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}", {
    allowed: "the full ARN of a secret, with the six characters at its end",
    fix: "`aws secretsmanager describe-secret --secret-id NAME --query ARN` shows it.",
    source: `${AWS_DOCS}/secretsmanager/latest/apireference/API_SecretListEntry.html`,
  }),
  tableName: {
    kind: "pattern",
    pattern: "^[A-Za-z0-9_.-]{3,255}$",
    maxLength: 255,
    allowed: "3 to 255 letters, digits, underscores, dots and hyphens",
    fix: "Give the table's name, not its ARN.",
    source: `${AWS_DOCS}/amazondynamodb/latest/APIReference/API_CreateTable.html`,
  },
  vpcId: ec2Id("vpc", "a VPC", {
    fix: "It is the VPC of the subnets.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_Vpc.html`,
  }),
  subnetId: ec2Id("subnet", "a subnet", {
    fix: "It is a subnet of the VPC, with routes to X and to AWS.",
    source: `${AWS_DOCS}/AWSEC2/latest/APIReference/API_Subnet.html`,
  }),
  searchQuery: {
    kind: "pattern",
    pattern: "\\S",
    maxLength: 512,
    forbidden: [
      // No process can be given it.
      "\\x00",
      `^(${CLOSED}([\\s(-]|"[^"]*"))?${IGNORED_BY_SEARCH}`,
      // A quotation mark that is never closed quotes nothing.
      `^${CLOSED}"[^"]*[\\s(-]${IGNORED_BY_SEARCH}[^"]*$`,
    ],
    allowed: "an X query of at most 512 characters, without sample:, bio:, bio_name: and bio_location:",
    fix: "Shorten it, or split it. X's search ignores these operators, and would return and bill more posts.",
    source: `${X_DOCS}/posts/search/integrate/build-a-query`,
  },
  queryName: nameOf(64, {
    ...PLAIN,
    fix: "Logs, alarms and the dashboard show the query under this name.",
    source: `${AWS_DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  }),
  ruleValue: {
    kind: "pattern",
    pattern: "\\S",
    maxLength: 1_024,
    forbidden: [NO_TEXT],
    allowed: "a rule of 1 to 1,024 characters of text",
    fix: "Shorten it, or split it into rules with a tag each.",
    source: `${X_DOCS}/posts/filtered-stream/integrate/build-a-rule`,
  },
  ruleTag: {
    kind: "pattern",
    pattern: "\\S",
    maxLength: 100,
    forbidden: [NO_TEXT],
    allowed: "1 to 100 characters of text",
    fix: "Lines and reports name the rule by it.",
    source: `${X_DOCS}/posts/filtered-stream/integrate/build-a-rule`,
  },
  streamBufferMiB: wholeFrom(8, 4_096, {
    unit: "MiB",
    fix: "It waits for delivery in the task's memory; when it is full, the connection is closed and search fetches the rest.",
    source: `${X_DOCS}/posts/filtered-stream/integrate/consuming-streaming-data`,
  }),
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
  ledgerKey: nameOf(64, {
    ...PLAIN,
    fix: "It is a part of the ledger's partition key; one ledger for each X account.",
    source: `${AWS_DOCS}/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html`,
  }),
  billingCycleDay: wholeFrom(1, 31, {
    fix: "It is the day of the month (UTC) on which X's billing cycle turns; months without it turn on their last day.",
    source: PRICING,
  }),
  postField: {
    kind: "pattern",
    pattern: "^[a-z][a-z0-9_.]*$",
    maxLength: 64,
    allowed: 'one of X\'s field names, such as "created_at"',
    fix: "X's documents list them.",
    source: `${X_DOCS}/fundamentals/fields`,
  },
  expansion: oneOf(Object.keys(EXPANSIONS), {
    fix: "X may bill what it includes.",
    source: `${X_DOCS}/fundamentals/expansions`,
  }),
  xApiUrl: {
    kind: "pattern",
    pattern:
      "^(https://([A-Za-z0-9.-]+|\\[[0-9a-f:]+\\])|http://(localhost|127([.][0-9]{1,3}){3}|\\[::1\\]))(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
    maxLength: 2048,
    allowed: "an https URL without credentials, or http on loopback",
    fix: "The token is sent to this URL.",
    source: `${X_DOCS}/getting-started/getting-access`,
  },
  shutdownSeconds: wholeFrom(1, 119, {
    unit: "seconds",
    fix: "Fargate kills a task after 120 seconds at the latest.",
    source: `${AWS_DOCS}/AmazonECS/latest/APIReference/API_ContainerDefinition.html`,
  }),
  logLevel: oneOf(["trace", "debug", "info", "warn", "error"], {
    fix: "A healthy run is nearly silent from info upwards.",
    source: "https://getpino.io/#/docs/api?id=loggerlevel-string-gettersetter",
  }),
} as const;
