import type { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { arnProblems, keyRule } from "../constructs/aws/arn-rules";
import { type LocatedProps, regionalArn } from "../constructs/aws/aws-location";
import { LogGroup } from "../constructs/aws/log-group";
import { ServiceRole } from "../constructs/aws/service-role";
import type { Catalog } from "../constructs/catalog/catalog";
import { RESULTS_PREFIX } from "../constructs/catalog/query-workgroup";
import { checkAtSynth, fieldProblems, type Problem, under } from "../constructs/checks/check";
import { DeliveryStream, type DeliveryStreamReference } from "../constructs/delivery/delivery-stream";
import type { DeliveryShapeProps } from "../constructs/delivery/props";
import { RecordTransform } from "../constructs/delivery/record-transform";
import type { TransformMetricsProps } from "../constructs/monitoring/subjects/transform";
import {
  type DeliveryBucket,
  ExistingBucket,
  type ExistingBucketProps,
} from "../constructs/storage/delivery-bucket";
import { TweetBucket } from "../constructs/storage/tweet-bucket";
import type { DeletableProps } from "../constructs/terraform/kept";
import { addCatalog, type CatalogOptions } from "./catalog-options";
import { type StorageOptions, type TransformOptions, unusedStorageProblems } from "./stream-options";

/** Records as they came; Firehose adds its own `yyyy/MM/dd/HH/`. */
const SOURCE_PREFIX = "source/";

export interface StoredStreamProps extends LocatedProps, DeletableProps {
  /** Begins the names of roles and log groups. */
  readonly name: string;
  /**
   * Bucket to create: 3 to 63 lower-case letters, digits, dots and hyphens; unique in the world.
   * @default - see `existingBucket`: exactly one of the two is given
   */
  readonly bucketName?: string | undefined;
  /**
   * An existing bucket, in place of `bucketName`. It is not changed: docs/adopt.md.
   * @default - a bucket is created
   */
  readonly existingBucket?: ExistingBucketProps | undefined;
  /** 1 to 64 letters, digits, underscores, dots and hyphens; unique in account and region. */
  readonly streamName: string;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /** @default - 64 MiB or 300 seconds, compressed JSON lines by year, month, day and hour */
  readonly delivery?: DeliveryShapeProps | undefined;
  /** @default - posts are never deleted, replaced versions for 30 days */
  readonly storage?: StorageOptions | undefined;
  /** @default - posts are delivered as the ingester sent them */
  readonly transform?: TransformOptions | undefined;
  /** @default - no table: the bucket is all there is */
  readonly catalog?: CatalogOptions | undefined;
  /**
   * Keep records as they came under `source/`, too. Firehose never lets this be switched off again.
   * @default - true with a transform, or with Parquet, which drops fields that the table does not know
   */
  readonly backupSourceRecords?: boolean | undefined;
  /**
   * ARN of the role that Firehose delivers with.
   * @default - a role is created
   */
  readonly deliveryRoleArn?: string | undefined;
  /**
   * One key for bucket, stream, function, results and logs.
   * @default - keys that AWS owns or manages
   */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * A delivery stream and the bucket that it writes to, with an optional function that formats posts and a table for queries.
 * @example
 * new StoredStream(stack, "posts", {
 *   location: awsLocation("111111111111", "eu-west-1"),
 *   name: "cats",
 *   bucketName: "example-cats",
 *   streamName: "cats",
 *   logRetentionDays: 30,
 * })
 */
export class StoredStream extends Construct {
  /** For producers of records: `grantPutRecords`. ARN built from the name: known in the first plan. */
  readonly stream: DeliveryStreamReference;
  /** Created here, or an existing one. */
  readonly bucket: DeliveryBucket;
  /** Role that Firehose delivers with: grant it a function to invoke, or a table to read columns from. */
  readonly deliveryRole: ServiceRole;
  /** Role of the function; undefined where there is none. */
  readonly transformRole: ServiceRole | undefined;
  /** The function that formats posts, by its metrics; undefined where there is none. */
  readonly transform: TransformMetricsProps | undefined;
  /** The table of posts; undefined where there is none. */
  readonly catalog: Catalog | undefined;
  /** The created stream, and with it the bucket and the role: Terraform sees no dependency in their names. */
  readonly dependable: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: StoredStreamProps,
  ) {
    super(scope, id);
    const { location, streamName, kmsKeyArn } = props;
    const rows = { name: "baseName", streamName: "streamName" } as const;
    checkAtSynth(this, [
      ...fieldProblems<StoredStreamProps>(rows, props),
      ...arnProblems("kmsKeyArn", keyRule(kmsKeyArn), { region: location.region }),
      ...bucketChoiceProblems(props),
    ]);
    this.stream = { streamArn: regionalArn(location, "firehose", `deliverystream/${streamName}`), kmsKeyArn };
    this.bucket = this.addBucket();
    this.deliveryRole = new ServiceRole(this, "firehose_role", {
      location,
      roleName: `${props.name}-firehose`,
      servicePrincipal: "firehose.amazonaws.com",
      sourceArn: this.stream.streamArn,
      existingRoleArn: props.deliveryRoleArn,
    });
    const transform = props.transform ? this.addTransform(props.transform) : undefined;
    transform?.grantInvoke(this.deliveryRole);
    this.transform = transform?.metrics;
    this.transformRole = transform?.role;
    this.catalog = props.catalog
      ? addCatalog(this, { ...props, bucketName: this.bucket.bucketName }, props.catalog)
      : undefined;
    if (props.catalog?.parquet) this.catalog?.grantReadSchema(this.deliveryRole);
    const stream = this.addStream(this.shape(transform));
    this.dependable = stream.node.defaultChild as KinesisFirehoseDeliveryStream;
  }

  private addBucket(): DeliveryBucket {
    const { location, bucketName = "", existingBucket, storage, catalog, deletable, kmsKeyArn } = this.props;
    if (existingBucket) return new ExistingBucket(this, "existing_bucket", { ...existingBucket, location });
    const results = catalog ? { [RESULTS_PREFIX]: catalog.expireResultsAfterDays ?? 7 } : {};
    return new TweetBucket(this, "tweets_storage", {
      location,
      bucketName,
      ...storage,
      expirePrefixesAfterDays: { ...storage?.expirePrefixesAfterDays, ...results },
      deletable,
      kmsKeyArn,
    });
  }

  private addTransform(transform: TransformOptions): RecordTransform {
    const { location, name, logRetentionDays, deletable, kmsKeyArn } = this.props;
    return new RecordTransform(this, "record_transform", {
      functionName: `${name}-transform`,
      ...transform,
      location,
      roleName: `${name}-transform`,
      existingRoleArn: transform.roleArn,
      logGroupName: `${name}/transform`,
      logRetentionDays,
      deletable,
      kmsKeyArn,
    });
  }

  private addStream(shape: DeliveryShapeProps): DeliveryStream {
    const { location, name, streamName, logRetentionDays, deletable, kmsKeyArn } = this.props;
    return new DeliveryStream(this, "tweet_stream", {
      ...shape,
      location,
      streamName,
      bucket: this.bucket,
      role: this.deliveryRole,
      logGroup: new LogGroup(this, "delivery_log", {
        location,
        logGroupName: `${name}/delivery`,
        retentionDays: logRetentionDays,
        deletable,
        kmsKeyArn,
      }),
      deletable,
      kmsKeyArn,
    });
  }

  /** Processing of records, and whether their originals are kept. */
  private shape(transform: RecordTransform | undefined): DeliveryShapeProps {
    const { delivery = {}, backupSourceRecords } = this.props;
    const parquet = this.props.catalog?.parquet ? this.catalog?.conversion : delivery.parquet;
    const processors = [
      ...(transform ? [{ ...this.props.transform, ...transform.processor }] : []),
      ...(delivery.processors ?? []),
    ];
    const changed = transform !== undefined || parquet !== undefined;
    const backup = (backupSourceRecords ?? changed) ? { outputPrefix: SOURCE_PREFIX } : undefined;
    const sourceBackup = delivery.sourceBackup ?? backup;
    return {
      ...delivery,
      ...(parquet ? { parquet } : {}),
      ...(sourceBackup ? { sourceBackup } : {}),
      ...(processors.length > 0 ? { processors } : {}),
    };
  }
}

function bucketChoiceProblems({ bucketName, existingBucket, storage }: StoredStreamProps): Problem[] {
  if (existingBucket && bucketName === undefined) return under("storage", unusedStorageProblems(storage));
  if (bucketName !== undefined && !existingBucket) return [];
  const got = existingBucket ? "both" : "neither";
  const fix = "Give the name of a bucket to create, or an existing one.";
  return [
    { path: "bucketName", text: `or existingBucket must be set, exactly one of them, got ${got}. ${fix}` },
  ];
}
