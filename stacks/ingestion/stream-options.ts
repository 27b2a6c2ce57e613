import type { Problem } from "../constructs/checks/check";
import type { TransformBatchProps, TransformSizeProps } from "../constructs/delivery/record-transform";
import type { LifecycleProps } from "../constructs/storage/bucket-lifecycle";

/** Storage class and expiry of posts. */
export interface StorageOptions extends LifecycleProps {
  /**
   * Name of a bucket that receives S3 server access logs.
   * @default - no access logs
   */
  readonly accessLogBucketName?: string;
  /**
   * Refuse requests without TLS. Emulators are accessed by plain HTTP.
   * @default true
   */
  readonly requireTls?: boolean;
}

/** Settings that have no effect on an existing bucket, which is not changed. */
export function unusedStorageProblems(storage: StorageOptions = {}): Problem[] {
  const { requireTls: _, ...settings } = storage;
  return Object.entries(settings).flatMap(([path, value]) =>
    value === undefined || (typeof value === "object" && Object.keys(value).length === 0)
      ? []
      : [{ path, text: "must be left out with existingBucket, which is not changed. Set it on the bucket." }],
  );
}

/** A Lambda function that formats posts during delivery; docs/transform.md. */
export interface TransformOptions extends TransformSizeProps, TransformBatchProps {
  /** Absolute path of the function's zip file: `require.resolve("tweets-to-s3/transform.zip")`. */
  readonly archivePath: string;
  /**
   * 1 to 64 letters, digits, underscores and hyphens; unique in account and region.
   * @default - `<name>-transform`
   */
  readonly functionName?: string;
  /**
   * ARN of the role that the function runs as.
   * @default - a role is created
   */
  readonly roleArn?: string;
  /**
   * CloudWatch namespace of the function's own metrics; empty = off.
   * @default - no metrics of its own
   */
  readonly metricsNamespace?: string;
}
