import type { DeliveryProps } from "./constructs/delivery-props";
import type { NetworkProps } from "./constructs/network-props";
import type { BucketLifecycleProps } from "./constructs/tweet-bucket-lifecycle";
import type { TransformBatchProps, TransformSizeProps } from "./constructs/record-transform";
import type { WorkerSizeProps } from "./constructs/worker-props";
import type { IngesterSettings } from "./ingester-settings";

/** Where Terraform keeps its state. */
export type StateConfig =
  /** A file beside cdktf.json, for one person. */
  | { readonly kind: "local" }
  /** A bucket with native locking (Terraform >= 1.11), for teams. */
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** @default - the environment's region */
      readonly region?: string;
    };

export interface RegistryConfig {
  /** @default 20 */
  readonly keepImages?: number;
  /** @default false */
  readonly deleteWithImages?: boolean;
}

export interface TokenConfig {
  /** @default 7 */
  readonly recoveryWindowDays?: number;
  /**
   * The secret's full ARN, with the six characters at its end.
   * @default - the partial ARN of the secret that the registry stack creates
   */
  readonly secretArn?: string;
}

export interface StorageConfig extends BucketLifecycleProps {
  /** @default - no access logs */
  readonly accessLogBucketName?: string;
  /** @default false */
  readonly deleteWithObjects?: boolean;
}

export interface DeliveryConfig extends DeliveryProps {
  /** @default "tweet_stream" */
  readonly streamName?: string;
}
  /**
   * Keep records as they came under `source/`, too. Firehose never lets this be switched off again: set it to
   * true before removing what switched it on.
   * @default - true with a transform
   */
  readonly backupSourceRecords?: boolean;

export interface CheckpointConfig {
/** Posts are formatted by a Lambda function on their way; see docs/transform.md. */
export interface TransformConfig extends TransformSizeProps, TransformBatchProps {}

  /** @default true */
  readonly deletionProtection?: boolean;
}

export interface WorkerConfig extends WorkerSizeProps {
  /** Immutable tag, or digest (`sha256:...`), of the image in this environment's repository. */
  readonly image: string;
}

/** One environment: everything that differs between dev, prod and local, and nothing else. */
export interface EnvironmentConfig {
  /** First part of every name: lower-case letters, digits and hyphens. */
  readonly app: string;
  /** Second part of every name. */
  readonly environment: string;
  /** Terraform refuses to touch any other account. */
  readonly accountId: string;
  readonly region: string;
  /** @default - `app`, `environment` and `stack` only */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * One customer-managed key for images, token, posts, stream, checkpoint and logs.
   * @default - keys that AWS owns or manages
   */
  readonly kmsKeyArn?: string;
  readonly logRetentionDays: number;
  /** @default - a local file */
  readonly state?: StateConfig;
  /**
   * Deploy to the AWS emulator that AWS_ENDPOINT_URL names: dummy credentials, path-style S3.
   * @default false
   */
  readonly emulator?: boolean;
  readonly registry?: RegistryConfig;
  readonly token?: TokenConfig;
  readonly storage?: StorageConfig;
  readonly delivery?: DeliveryConfig;
  readonly checkpoint?: CheckpointConfig;
  readonly network: NetworkProps;
  readonly worker: WorkerConfig;
  readonly ingester: IngesterSettings;
}
  /** @default - posts are delivered as the ingester sent them */
  readonly transform?: TransformConfig;
