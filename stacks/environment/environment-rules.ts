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
import { auditExpiryProblems, auditProblems } from "../ingestion/audit";
import { settingsProblems } from "../ingestion/rules/settings-rules";
import { taskProblems } from "../ingestion/rules/task-rules";
import { DEFAULT_HTTP_PORT } from "../ingestion/settings";
import type { EnvironmentConfig } from "./environment";
import { namesOf } from "./naming";

const FIELDS: FieldBounds<EnvironmentConfig> = {
  app: "namePart",
  environment: "namePart",
  accountId: "accountId",
  region: "region",
  logRetentionDays: "logRetentionDays",
};

/** Tags of every resource; `Name` where the AWS console shows it. */
const OWN_TAGS = ["app", "environment", "stack", "Name"];

/** Placeholder for the table that the stack creates. */
const SOME_TABLE: ParquetConversion = { databaseName: "database", tableName: "table" };

/** Finds the problems of one part of an environment. */
type EnvironmentRule = (config: EnvironmentConfig) => Problem[];

/**
 * Values that the types of an environment file allow, and that AWS or the ingester would refuse. The rules are those of
 * the constructs, so that other users of the constructs get the same messages.
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
  auditRules,
  ({ ingester }) => under("ingester", settingsProblems(ingester)),
  monitoringRules,
];

function keyProblems({ kmsKeyArn, region }: EnvironmentConfig): Problem[] {
  return arnProblems("kmsKeyArn", keyRule(kmsKeyArn), { region });
}

/** Account and region of the environment, for rules about ARNs; other rules check these two. */
function locationOf({ accountId, region, roles }: EnvironmentConfig): AwsLocation {
  return awsLocation(accountId, region, roles);
}

function registryProblems(config: EnvironmentConfig): Problem[] {
  const { repositoryArn, ...settings } = config.registry ?? {};
  const { partition } = locationOf(config);
  const fix = "AWS partitions are separate.";
  const rule = { bound: "repositoryArn", arn: repositoryArn, what: "a repository", fix } as const;
  return under("registry", [
    ...repositoryProblems(settings),
    ...arnProblems("repositoryArn", rule, { partition }),
    ...(repositoryArn === undefined ? [] : leftOut(settings, "repositoryArn")),
  ]);
}

/** Existing resources are not changed, so that settings for them have no effect. */
function leftOut(settings: object, existing: string): Problem[] {
  return Object.keys(settings).map((path) => ({
    path,
    text: `must be left out with ${existing}, which is not changed. Set it there.`,
  }));
}

function storageProblems({ storage = {}, region, audit, delivery }: EnvironmentConfig): Problem[] {
  const { existingBucket, ...settings } = storage;
  const isAudited = audit !== undefined && existingBucket === undefined;
  return under("storage", [
    ...bucketProblems(settings),
    ...(isAudited ? auditExpiryProblems(settings, delivery) : []),
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

/** Each run of a workflow has a new machine, so that a local state file would be lost. */
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
  const fix = "AWS partitions are separate.";
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

/** The ingester's port and time to stop also determine settings of the task and the security group. */
function workerRules(config: EnvironmentConfig): Problem[] {
  const { worker, ingester, audit } = config;
  const { httpPort = DEFAULT_HTTP_PORT } = ingester;
  const { image, ...size } = worker;
  return under("worker", [
    ...boundProblems("imageTag", "image", image),
    ...workerProblems(
      { ...size, audit, ...(isSound("httpPort", httpPort) ? { httpPort } : {}) },
      locationOf(config),
    ),
    ...taskProblems(worker, ingester),
  ]);
}

/** Emulators of ECS start no container, and their S3 has another host than the image looks for. */
function auditRules({ audit, delivery, ingester, emulator }: EnvironmentConfig): Problem[] {
  if (audit === undefined) return [];
  const { metricsNamespace } = ingester;
  return under("audit", [
    ...auditProblems(audit, { delivery, metricsNamespace }),
    ...(emulator
      ? [
          {
            path: "",
            text: "must be left out with emulator: true, whose ECS starts no task. Run `ingester audit --bucket` by hand.",
          },
        ]
      : []),
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
