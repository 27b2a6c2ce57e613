import { type Tags, tagProblems } from "../constructs/aws/tags";
import { deliveryProblems, lambdaBufferProblems } from "../constructs/delivery/rules";
import { ingesterFields } from "../ingestion/settings-rules";
import type {
  CatalogConfig,
  CheckpointConfig,
  DeliveryConfig,
  EnvironmentConfig,
  GithubConfig,
  RegistryConfig,
  StateConfig,
  StorageConfig,
  TokenConfig,
  TransformConfig,
} from "./environment";
import {
  anyText,
  bounded,
  flag,
  matching,
  number,
  onceSound,
  optional,
  recordOf,
  section,
  text,
  variants,
  withRules,
} from "./field-checks";
import { monitoringFields } from "./monitoring-fields";
import { networkFields } from "./network-fields";
import { workerFields } from "./worker-fields";

const namePart = matching(
  /^[a-z](-?[a-z0-9]){0,19}$/,
  "lower-case letters, digits and single hyphens, a letter first, at most 20 characters",
);
const secretArn = matching(
  /^arn:aws(-cn|-us-gov)?:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
  "the full ARN of a secret, with the six characters at its end",
);

/** Every resource has them; `Name` where AWS's console shows it. */
const OWN_TAGS = ["app", "environment", "stack", "Name"];

type S3State = Extract<StateConfig, { kind: "s3" }>;

const state = variants("kind", {
  local: section<{ kind: "local" }>({ kind: text }),
  s3: section<S3State>({ kind: text, bucket: bounded("bucketName"), region: optional(bounded("region")) }),
});

const delivery = section<DeliveryConfig>({
  streamName: optional(text),
  bufferingSizeMiB: optional(number),
  bufferingIntervalSeconds: optional(number),
  dataOutputPrefix: optional(text),
  errorOutputPrefix: optional(text),
  fileExtension: optional(text),
  timeZone: optional(text),
  backupSourceRecords: optional(flag),
});

const transform = section<TransformConfig>({
  memoryMiB: optional(bounded("lambdaMemoryMiB")),
  timeoutSeconds: optional(bounded("transformTimeoutSeconds")),
  bufferSizeMB: optional(bounded("lambdaBufferMB")),
  bufferIntervalSeconds: optional(bounded("bufferingIntervalSeconds")),
  retries: optional(bounded("lambdaRetries")),
});

const catalog = section<CatalogConfig>({
  parquet: optional(flag),
  workgroup: optional(flag),
  scanLimitMiB: optional(bounded("scanLimitMiB")),
  expireResultsAfterDays: optional(bounded("expireAfterDays")),
});

/** Every field of an environment file, with what one field can say about itself. */
export const environmentFields = section<EnvironmentConfig>({
  app: namePart,
  environment: namePart,
  accountId: bounded("accountId"),
  region: bounded("region"),
  tags: optional(onceSound(recordOf(anyText), (tags: Tags) => tagProblems(tags, OWN_TAGS))),
  kmsKeyArn: optional(bounded("kmsKeyArn")),
  logRetentionDays: bounded("logRetentionDays"),
  state: optional(state),
  emulator: optional(flag),
  github: optional(
    section<GithubConfig>({ repository: bounded("githubRepository"), createProvider: optional(flag) }),
  ),
  registry: optional(
    section<RegistryConfig>({
      keepImages: optional(bounded("keepImages")),
      deleteWithImages: optional(flag),
    }),
  ),
  token: optional(
    section<TokenConfig>({
      recoveryWindowDays: optional(bounded("secretRecoveryDays")),
      secretArn: optional(secretArn),
    }),
  ),
  storage: optional(
    section<StorageConfig>({
      accessLogBucketName: optional(bounded("bucketName")),
      deleteWithObjects: optional(flag),
      infrequentAccessAfterDays: optional(bounded("infrequentAccessAfterDays")),
      expireAfterDays: optional(bounded("expireAfterDays")),
      expireOldVersionsAfterDays: optional(bounded("expireAfterDays")),
    }),
  ),
  delivery: optional(withRules(delivery, deliveryProblems)),
  transform: optional(onceSound(transform, lambdaBufferProblems)),
  catalog: optional(catalog),
  checkpoint: optional(section<CheckpointConfig>({ deletionProtection: optional(flag) })),
  network: networkFields,
  worker: workerFields,
  ingester: ingesterFields,
  monitoring: optional(monitoringFields),
});
