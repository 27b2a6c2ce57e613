import { arnProblems, keyRule } from "../constructs/aws/arn-rules";
import { type AwsLocation, awsLocation } from "../constructs/aws/aws-location";
import { roleProblems } from "../constructs/aws/service-role";
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
import { existingBucketProblems } from "../constructs/storage/delivery-bucket";
import { repositoryProblems } from "../constructs/storage/image-repository";
import { secretProblems } from "../constructs/storage/token-secret";
import { bucketProblems } from "../constructs/storage/tweet-bucket";
import { workerProblems } from "../constructs/worker/rules";
import { DEFAULT_HTTP_PORT } from "../ingestion/settings";
import { settingsProblems } from "../ingestion/settings-rules";
import { taskProblems } from "../ingestion/task-rules";
import type { EnvironmentConfig } from "./environment";
import { namesOf } from "./naming";

const FIELDS: FieldBounds<EnvironmentConfig> = {
  app: "namePart",
  environment: "namePart",
  accountId: "accountId",
  region: "region",
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
  registryProblems,
  tokenProblems,
  storageProblems,
  ({ ledger, region }) =>
    under("ledger", [
      ...boundProblems("tableName", "existingTableName", ledger?.existingTableName),
      ...arnProblems("kmsKeyArn", keyRule(ledger?.kmsKeyArn), { region }),
      ...(ledger?.kmsKeyArn !== undefined && ledger.existingTableName === undefined
        ? [
            {
              path: "kmsKeyArn",
              text: "is that of existingTableName. Set both, or the environment's kmsKeyArn.",
            },
          ]
        : []),
    ]),
  deliveryRules,
  transformRules,
  catalogRules,
  ({ network, region }) => under("network", networkProblems(network, region)),
  workerRules,
  ({ ingester }) => under("ingester", settingsProblems(ingester)),
  monitoringRules,
];

function keyProblems({ kmsKeyArn, region }: EnvironmentConfig): Problem[] {
  return arnProblems("kmsKeyArn", keyRule(kmsKeyArn), { region });
}

/** Where the environment is; unknown parts are the business of their own rules. */
function locationOf({ accountId, region, roles }: EnvironmentConfig): AwsLocation {
  return awsLocation(accountId, region, roles);
}

function registryProblems(config: EnvironmentConfig): Problem[] {
  const { repositoryArn, ...settings } = config.registry ?? {};
  const { partition } = locationOf(config);
  const fix = "Partitions share nothing.";
  const rule = { bound: "repositoryArn", arn: repositoryArn, what: "a repository", fix } as const;
  return under("registry", [
    ...repositoryProblems(settings),
    ...arnProblems("repositoryArn", rule, { partition }),
    ...(repositoryArn === undefined ? [] : leftOut(settings, "repositoryArn")),
  ]);
}

/** What is there already is not changed, so that settings of it have no effect. */
function leftOut(settings: object, existing: string): Problem[] {
  return Object.keys(settings).map((path) => ({
    path,
    text: `must be left out with ${existing}, which is not changed. Set it there.`,
  }));
}

function storageProblems({ storage = {}, region }: EnvironmentConfig): Problem[] {
  const { existingBucket, ...settings } = storage;
  return under("storage", [
    ...bucketProblems(settings),
    ...(existingBucket
      ? [
          ...under("existingBucket", [
            ...existingBucketProblems(existingBucket),
            ...arnProblems("kmsKeyArn", keyRule(existingBucket.kmsKeyArn), { region }),
          ]),
          ...leftOut(settings, "existingBucket"),
        ]
      : []),
  ]);
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

function tokenProblems(config: EnvironmentConfig): Problem[] {
  const { secretArn, kmsKeyArn, recoveryWindowDays } = config.token ?? {};
  const { partition } = locationOf(config);
  const fix = "Partitions share nothing.";
  const rule = { bound: "fullSecretArn", arn: secretArn, what: "a secret", fix } as const;
  const isThere = isSound("fullSecretArn", secretArn) && !namesOf(config).hasOwnToken;
  return under("token", [
    ...secretProblems(recoveryWindowDays === undefined ? {} : { recoveryWindowDays }),
    ...arnProblems("secretArn", rule, { partition }),
    ...boundProblems("kmsKeyArn", "kmsKeyArn", kmsKeyArn),
    ...(isThere && recoveryWindowDays !== undefined ? leftOut({ recoveryWindowDays }, "secretArn") : []),
    ...(!isThere && kmsKeyArn !== undefined
      ? [{ path: "kmsKeyArn", text: "is that of a secret that is there already. Set secretArn, too." }]
      : []),
  ]);
}

function deliveryRules(config: EnvironmentConfig): Problem[] {
  const { catalog, delivery = {} } = config;
  const shape = { ...delivery, ...(catalog?.parquet ? { parquet: SOME_TABLE } : {}) };
  const { dataOutputPrefix } = deliveryDefaults(shape);
  return under("delivery", [
    ...deliveryProblems(shape),
    ...(catalog ? catalogProblems({ dataOutputPrefix }) : []),
    ...roleProblems("roleArn", delivery.roleArn, locationOf(config)),
  ]);
}

function transformRules(config: EnvironmentConfig): Problem[] {
  const { transform } = config;
  if (transform === undefined) return [];
  return under("transform", [
    ...transformProblems(transform),
    ...lambdaProblems(transform),
    ...roleProblems("roleArn", transform.roleArn, locationOf(config)),
  ]);
}

function catalogRules({ catalog = {} }: EnvironmentConfig): Problem[] {
  const { scanLimitMiB, expireResultsAfterDays } = catalog;
  return under("catalog", [
    ...queryProblems(scanLimitMiB === undefined ? {} : { scanLimitMiB }),
    ...boundProblems("expireAfterDays", "expireResultsAfterDays", expireResultsAfterDays),
  ]);
}

/** The ingester's port and its time to stop are settings of its own, and shared with what surrounds it. */
function workerRules(config: EnvironmentConfig): Problem[] {
  const { worker, ingester } = config;
  const { httpPort = DEFAULT_HTTP_PORT } = ingester;
  const { image, ...size } = worker;
  return under("worker", [
    ...boundProblems("imageTag", "image", image),
    ...workerProblems(
      { ...size, ...(isSound("httpPort", httpPort) ? { httpPort } : {}) },
      locationOf(config),
    ),
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
