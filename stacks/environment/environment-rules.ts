import { regionOf } from "../constructs/aws/aws-location";
import { tagProblems } from "../constructs/aws/tags";
import { catalogProblems } from "../constructs/catalog/catalog";
import { queryProblems } from "../constructs/catalog/query-workgroup";
import {
  boundProblems,
  type FieldBounds,
  fieldProblems,
  isSound,
  type Problem,
  problem,
  under,
} from "../constructs/checks/check";
import { deliveryDefaults, type ParquetConversion } from "../constructs/delivery/props";
import { transformProblems } from "../constructs/delivery/record-transform";
import { deliveryProblems, lambdaProblems } from "../constructs/delivery/rules";
import { alarmProblems, topicProblems } from "../constructs/monitoring/alarm-definitions";
import { networkProblems } from "../constructs/network/rules";
import { repositoryProblems } from "../constructs/storage/image-repository";
import { secretProblems } from "../constructs/storage/token-secret";
import { bucketProblems } from "../constructs/storage/tweet-bucket";
import { workerProblems } from "../constructs/worker/rules";
import { DEFAULT_HTTP_PORT } from "../ingestion/settings";
import { settingsProblems } from "../ingestion/settings-rules";
import { taskProblems } from "../ingestion/task-rules";
import type { EnvironmentConfig } from "./environment";

const FIELDS: FieldBounds<EnvironmentConfig> = {
  app: "namePart",
  environment: "namePart",
  accountId: "accountId",
  region: "region",
  kmsKeyArn: "kmsKeyArn",
  logRetentionDays: "logRetentionDays",
};

/** Every resource has them; `Name` where AWS's console shows it. */
const OWN_TAGS = ["app", "environment", "stack", "Name"];

/** Stands for the table that the stack will have. */
const SOME_TABLE: ParquetConversion = { databaseName: "database", tableName: "table" };

/** Looks at an environment, and says what is wrong with a part of it. */
type EnvironmentRule = (config: EnvironmentConfig) => Problem[];

/**
 * Everything that AWS or the ingester would refuse, or that would go wrong: what the types of an environment file cannot
 * say. The rules are those of the constructs, so that others who use them are told the same.
 */
export const ENVIRONMENT_RULES: readonly EnvironmentRule[] = [
  (config) => fieldProblems(FIELDS, config),
  keyProblems,
  ({ tags = {} }) => under("tags", tagProblems(tags, OWN_TAGS)),
  stateProblems,
  ({ roles }) =>
    under("roles", fieldProblems({ path: "rolePath", permissionsBoundaryArn: "policyArn" }, roles)),
  ({ assumeRole }) =>
    under("assumeRole", fieldProblems({ roleArn: "roleArn", externalId: "externalId" }, assumeRole)),
  ({ github }) => under("github", boundProblems("githubRepository", "repository", github?.repository)),
  ({ registry }) => under("registry", repositoryProblems(registry ?? {})),
  tokenProblems,
  ({ storage }) => under("storage", bucketProblems(storage ?? {})),
  deliveryRules,
  transformRules,
  catalogRules,
  ({ network, region }) => under("network", networkProblems(network, region)),
  workerRules,
  ({ ingester }) => under("ingester", settingsProblems(ingester)),
  monitoringRules,
];

/** A key serves its own region only. */
function keyProblems({ kmsKeyArn, region }: EnvironmentConfig): Problem[] {
  if (!isSound("kmsKeyArn", kmsKeyArn) || !isSound("region", region)) return [];
  if (regionOf(kmsKeyArn) === region) return [];
  return [
    problem("kmsKeyArn", { allowed: `a key of ${region}`, got: kmsKeyArn, fix: "Use a key of the region." }),
  ];
}

/** A workflow starts on an empty machine, on which a state file would be lost. */
function stateProblems({ github, state }: EnvironmentConfig): Problem[] {
  if (state?.kind === "s3") {
    const rows = {
      bucket: "bucketName",
      region: "region",
      keyPrefix: "stateKeyPrefix",
      kmsKeyArn: "kmsKeyArn",
    } as const;
    return under("state", fieldProblems(rows, state));
  }
  if (github === undefined) return [];
  return [
    problem("state", {
      allowed: 'in a bucket where there is a section "github"',
      got: state?.kind ?? "local",
      fix: 'Set `state: { kind: "s3", bucket: "..." }` and move the state: docs/github.md.',
    }),
  ];
}

function tokenProblems({ token = {} }: EnvironmentConfig): Problem[] {
  const { secretArn, ...secret } = token;
  return under("token", [
    ...secretProblems(secret),
    ...boundProblems("fullSecretArn", "secretArn", secretArn),
  ]);
}

function deliveryRules({ catalog, delivery = {} }: EnvironmentConfig): Problem[] {
  const shape = { ...delivery, ...(catalog?.parquet ? { parquet: SOME_TABLE } : {}) };
  const { dataOutputPrefix } = deliveryDefaults(shape);
  return under("delivery", [
    ...deliveryProblems(shape),
    ...(catalog ? catalogProblems({ dataOutputPrefix }) : []),
  ]);
}

function transformRules({ transform }: EnvironmentConfig): Problem[] {
  if (transform === undefined) return [];
  return under("transform", [...transformProblems(transform), ...lambdaProblems(transform)]);
}

function catalogRules({ catalog = {} }: EnvironmentConfig): Problem[] {
  const { scanLimitMiB, expireResultsAfterDays } = catalog;
  return under("catalog", [
    ...queryProblems(scanLimitMiB === undefined ? {} : { scanLimitMiB }),
    ...boundProblems("expireAfterDays", "expireResultsAfterDays", expireResultsAfterDays),
  ]);
}

/** The ingester's port and its time to stop are settings of its own, and shared with what surrounds it. */
function workerRules({ worker, ingester }: EnvironmentConfig): Problem[] {
  const { httpPort = DEFAULT_HTTP_PORT } = ingester;
  const { image, ...size } = worker;
  return under("worker", [
    ...boundProblems("imageTag", "image", image),
    ...workerProblems({ ...size, ...(isSound("httpPort", httpPort) ? { httpPort } : {}) }),
    ...taskProblems(worker, ingester),
  ]);
}

function monitoringRules({ monitoring = {}, region }: EnvironmentConfig): Problem[] {
  const { topicArn, email } = monitoring;
  return under("monitoring", [
    ...alarmProblems(monitoring),
    ...topicProblems(topicArn, region),
    ...boundProblems("alarmEmail", "email", email),
    ...(topicArn === undefined || email === undefined
      ? []
      : [
          {
            path: "email",
            text: "is for the stack's own topic. Subscribe it to topicArn, or leave topicArn out.",
          },
        ]),
  ]);
}
