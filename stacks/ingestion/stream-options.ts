import type { TransformBatchProps, TransformSizeProps } from "../constructs/delivery/record-transform";
import type { LifecycleProps } from "../constructs/storage/bucket-lifecycle";

/** How long posts are kept, and how cheaply. */
export interface StorageOptions extends LifecycleProps {
  /**
   * Name of a bucket that receives S3 server access logs.
   * @default - no access logs
   */
  readonly accessLogBucketName?: string;
  /**
   * Refuse everything that does not come over TLS. Emulators are reached by plain HTTP.
   * @default true
   */
  readonly requireTls?: boolean;
}

/** A Lambda function that formats posts on their way; docs/transform.md. */
export interface TransformOptions extends TransformSizeProps, TransformBatchProps {
  /** Absolute path of the function's zip file: `require.resolve("tweets-to-s3/transform.zip")`. */
  readonly archivePath: string;
  /**
   * 1 to 64 letters, digits, underscores and hyphens; unique in account and region.
   * @default - `<name>-transform`
   */
  readonly functionName?: string;
  /**
   * CloudWatch namespace of the function's own metrics; empty = off.
   * @default - no metrics of its own
   */
  readonly metricsNamespace?: string;
}
