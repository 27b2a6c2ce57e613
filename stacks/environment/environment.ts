import type { RoleSettings } from "../constructs/aws/aws-location";
import type { DeliveryProps } from "../constructs/delivery/props";
import type { TransformBatchProps, TransformSizeProps } from "../constructs/delivery/record-transform";
import type { NetworkProps } from "../constructs/network/props";
import type { BucketLifecycleProps } from "../constructs/storage/bucket-lifecycle";
import type { ExistingBucketProps } from "../constructs/storage/delivery-bucket";
import type { WorkerSizeProps } from "../constructs/worker/props";
import type { AuditOptions } from "../ingestion/audit";
import type { CatalogOptions } from "../ingestion/catalog-options";
import type { MonitoringOptions } from "../ingestion/monitoring";
import type { IngesterSettings } from "../ingestion/settings";

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
      /**
       * Before `<stack>/terraform.tfstate`; ends with a slash.
       * @default - none
       */
      readonly keyPrefix?: string;
      /**
       * Customer-managed key of the state files.
       * @default - the bucket's own encryption
       */
      readonly kmsKeyArn?: string;
    };

/** Role that Terraform assumes first, for users or pipelines of another account. */
export interface AssumeRoleConfig {
  readonly roleArn: string;
  /** @default - none */
  readonly externalId?: string;
}

export interface RegistryConfig {
  /**
   * ARN of an existing repository, of any account and region; the other fields are then left out.
   * @default - a repository is created
   */
  readonly repositoryArn?: string;
  /** @default 20 */
  readonly keepImages?: number;
  /**
   * False keeps the encryption of an existing repository, which cannot be changed.
   * @default true
   */
  readonly useKmsKey?: boolean;
}

export interface TokenConfig {
  /** @default 7 */
  readonly recoveryWindowDays?: number;
  /**
   * The secret's full ARN, with the six characters at its end. A secret of another name than
   * `<app>-<environment>-x-token` must exist: none is created.
   * @default - the partial ARN of the secret that the registry stack creates
   */
  readonly secretArn?: string;
  /**
   * Key of an existing secret.
   * @default - `kmsKeyArn` of the environment, or the account's AWS-managed key
   */
  readonly kmsKeyArn?: string;
}

export interface StorageConfig extends BucketLifecycleProps {
  /**
   * An existing bucket, which is not changed, so that the other fields are left out: docs/adopt.md.
   * @default - a bucket `<app>-<environment>-tweets-<account>` is created
   */
  readonly existingBucket?: ExistingBucketProps;
  /** @default - no access logs */
  readonly accessLogBucketName?: string;
}

export interface DeliveryConfig extends DeliveryProps {
  /** @default "tweet_stream" */
  readonly streamName?: string;
  /**
   * Keep records as they came under `source/`, too. Firehose never lets this be switched off again: set it to
   * true before removing what switched it on.
   * @default - true with a transform, or with Parquet, which drops fields that the table does not know
   */
  readonly backupSourceRecords?: boolean;
  /**
   * ARN of the role that Firehose delivers with.
   * @default - a role is created
   */
  readonly roleArn?: string;
}

/** An existing ledger: environments that are paid from one X account share it, and so one budget. */
export interface LedgerConfig {
  /**
   * DynamoDB table in the same account and region, with the partition key `pk` (string) and no sort key.
   * @default - a table `<app>-<environment>-checkpoint` is created
   */
  readonly existingTableName?: string;
  /**
   * Key of that table.
   * @default - DynamoDB's own key
   */
  readonly kmsKeyArn?: string;
}

/** A Lambda function that formats posts during delivery; see docs/transform.md. */
export interface TransformConfig extends TransformSizeProps, TransformBatchProps {
  /**
   * ARN of the role that the function runs as.
   * @default - a role is created
   */
  readonly roleArn?: string;
}

export interface WorkerConfig extends WorkerSizeProps {
  /** Immutable tag, or digest (`sha256:...`), of the image in this environment's repository. */
  readonly image: string;
}

/** GitHub's workflows plan and apply with roles of their own; see docs/github.md. */
export interface GithubConfig {
  /**
   * The repository as in the subject of its OIDC tokens: `owner/name`, or `owner@id/name@id` if created or renamed since
   * 2026-07-15.
   */
  readonly repository: string;
  /**
   * An account has one OIDC provider for GitHub: false where it exists already.
   * @default true
   */
  readonly createProvider?: boolean;
  /**
   * `environment` of another file, which is applied first. Production names the environment in which changes are tried
   * first.
   * @default - applied at once
   */
  readonly after?: string;
}

/** One environment: everything that differs between dev, prod and local. */
export interface EnvironmentConfig {
  /** First part of every name: lower-case letters, digits and hyphens. */
  readonly app: string;
  /** Second part of every name. */
  readonly environment: string;
  /** Terraform refuses to work in any other account. */
  readonly accountId: string;
  readonly region: string;
  /** @default - `app`, `environment` and `stack` only */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * One customer-managed key for images, token, posts, stream, ledger and logs.
   * The key's own policy must let IAM policies of this account and `logs.<region>.amazonaws.com` use it.
   * @default - keys that AWS owns or manages
   */
  readonly kmsKeyArn?: string;
  readonly logRetentionDays: number;
  /** @default - a local file */
  readonly state?: StateConfig;
  /** @default - the caller's own credentials */
  readonly assumeRole?: AssumeRoleConfig;
  /** @default - roles at `/`, without a boundary */
  readonly roles?: RoleSettings;
  /**
   * Deploy to the AWS emulator that AWS_ENDPOINT_URL names: dummy credentials, path-style S3, plain HTTP allowed.
   * @default false
   */
  readonly emulator?: boolean;
  /**
   * Let `terraform destroy`, and changes that replace, delete what cannot be created again: posts, stream, ledger, token,
   * images and logs. Otherwise Terraform refuses a plan that would delete one of them, and logs are kept.
   * @default false
   */
  readonly deletable?: boolean;
  /** @default - no roles for workflows: people deploy */
  readonly github?: GithubConfig;
  readonly registry?: RegistryConfig;
  readonly token?: TokenConfig;
  readonly storage?: StorageConfig;
  readonly ledger?: LedgerConfig;
  readonly delivery?: DeliveryConfig;
  /** @default - posts are delivered as the ingester sent them */
  readonly transform?: TransformConfig;
  /** @default - no table: the bucket is all there is */
  readonly catalog?: Omit<CatalogOptions, "databaseName" | "tableName" | "workgroupName">;
  readonly network: NetworkProps;
  readonly worker: WorkerConfig;
  readonly ingester: IngesterSettings;
  /**
   * Audits of the bucket by schedule, with alarms; see docs/audit.md.
   * @default - none: audits are run by hand
   */
  readonly audit?: AuditOptions;
  /** @default - a dashboard, and alarms on a topic without subscribers */
  readonly monitoring?: MonitoringOptions;
}
