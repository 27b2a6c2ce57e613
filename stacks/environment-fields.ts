import { deliveryProblems } from "./constructs/delivery-rules";
import { workerProblems } from "./constructs/fargate-worker";
import type { PublicNetworkProps } from "./constructs/network";
import type {
  CheckpointConfig,
  DeliveryConfig,
  EnvironmentConfig,
  RegistryConfig,
  StateConfig,
  StorageConfig,
  TokenConfig,
  WorkerConfig,
} from "./environment";
import {
  bounded,
  type Check,
  choice,
  flag,
  listOf,
  matching,
  optional,
  recordOf,
  section,
  text,
  variants,
  wholeNumber,
} from "./field-checks";
import { ingesterFields } from "./ingester-fields";

const nameText = "lower-case letters, digits and hyphens, a letter first, at most 20 characters";
const namePart = matching(/^[a-z](-?[a-z0-9]){0,19}$/, nameText);
const cidr = matching(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'a CIDR range such as "10.0.0.0/16"');
const zone = matching(/^[a-z]{2}(-[a-z]+)+-\d[a-h]$/, 'an availability zone such as "eu-west-1a"');
const imageReference = matching(
  /^(?!latest$)([A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[0-9a-f]{64})$/,
  'a tag other than "latest", which moves, or a digest ("sha256:" and 64 hexadecimal digits)',
);
const secretArn = matching(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
  "the full ARN of a secret, with the six characters at its end",
);

type S3State = Extract<StateConfig, { kind: "s3" }>;

const state = variants("kind", {
  local: section<{ kind: "local" }>({ kind: text }),
  s3: section<S3State>({ kind: text, bucket: bounded("bucketName"), region: optional(bounded("region")) }),
});

const network = variants("mode", {
  public: section<PublicNetworkProps>({
    mode: text,
    availabilityZones: listOf(zone, { min: 1 }),
    vpcCidr: optional(cidr),
  }),
});

const delivery = section<DeliveryConfig>({
  streamName: optional(text),
  bufferingSizeMiB: optional(wholeNumber(0)),
  bufferingIntervalSeconds: optional(wholeNumber(0)),
  dataOutputPrefix: optional(text),
  errorOutputPrefix: optional(text),
});

const worker = section<WorkerConfig>({
  image: imageReference,
  containerInsights: optional(choice("enabled", "enhanced", "disabled")),
  cpu: wholeNumber(1),
  memoryMiB: wholeNumber(1),
  cpuArchitecture: choice("ARM64", "X86_64"),
  desiredCount: optional(wholeNumber(0)),
  stopTimeoutSeconds: optional(wholeNumber(0)),
  statusIngressCidrs: optional(listOf(cidr)),
});

/** Every field of an environment file. */
export const environmentFields = section<EnvironmentConfig>({
  app: namePart,
  environment: namePart,
  accountId: bounded("accountId"),
  region: bounded("region"),
  tags: optional(recordOf(text)),
  kmsKeyArn: optional(bounded("kmsKeyArn")),
  logRetentionDays: bounded("logRetentionDays"),
  state: optional(state),
  emulator: optional(flag),
  registry: optional(
    section<RegistryConfig>({ keepImages: optional(wholeNumber(1)), deleteWithImages: optional(flag) }),
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
      infrequentAccessAfterDays: optional(wholeNumber(30)),
      expireAfterDays: optional(wholeNumber(1)),
      expireOldVersionsAfterDays: optional(wholeNumber(1)),
    }),
  ),
  delivery: optional(withRules(delivery, deliveryProblems)),
  checkpoint: optional(section<CheckpointConfig>({ deletionProtection: optional(flag) })),
  network,
  worker: withRules(worker, workerProblems),
  ingester: ingesterFields,
});

/** Rules of a construct look at values whose types are right already. */
function withRules<T>(types: Check, rules: (value: T) => ReturnType<Check>): Check {
  return (value) => {
    const wrongTypes = types(value);
    return wrongTypes.length > 0 ? wrongTypes : rules(value as T);
  };
}
