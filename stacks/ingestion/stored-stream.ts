import type { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type AwsLocation, regionalArn } from "../constructs/aws/aws-location";
import { LogGroup } from "../constructs/aws/log-group";
import { ServiceRole } from "../constructs/aws/service-role";
import { DeliveryStream, type DeliveryStreamReference } from "../constructs/delivery/delivery-stream";
import type { DeliveryShapeProps } from "../constructs/delivery/props";
import type { LifecycleProps } from "../constructs/storage/bucket-lifecycle";
import { TweetBucket } from "../constructs/storage/tweet-bucket";

/** How long posts are kept, and whether `terraform destroy` may take them. */
export interface StorageProps extends LifecycleProps {
  /**
   * Let `terraform destroy` delete posts too.
   * @default false
   */
  readonly deleteWithObjects?: boolean;
  /**
   * Name of a bucket that receives S3 server access logs.
   * @default - no access logs
   */
  readonly accessLogBucketName?: string;
}

export interface StoredStreamProps {
  /** Account, region and partition; `awsLocation(accountId, region)` makes one. */
  readonly location: AwsLocation;
  /** Begins the names of role and log group. */
  readonly name: string;
  /** 3 to 63 lower-case letters, digits, dots and hyphens; unique in the world. */
  readonly bucketName: string;
  /** 1 to 64 letters, digits, underscores, dots and hyphens; unique in account and region. */
  readonly streamName: string;
  /** One of the numbers of days that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /** @default - 64 MiB or 300 seconds, compressed JSON lines by year, month, day and hour */
  readonly delivery?: DeliveryShapeProps;
  /** @default - posts are kept for ever, replaced versions for 30 days */
  readonly storage?: StorageProps;
  /**
   * One key for bucket, stream and log.
   * @default - keys that AWS owns or manages
   */
  readonly kmsKeyArn?: string;
}

/** A delivery stream and the bucket that it writes to, with the role and the log in between. */
export class StoredStream extends Construct {
  /** For whoever puts records: `grantPutRecords`. ARN built from the name: known in the first plan. */
  readonly stream: DeliveryStreamReference;
  /** Firehose's own: grant it a function to call, or a table to read columns from. */
  readonly deliveryRole: ServiceRole;
  /** The stream once created, and with it the bucket and the role: names alone make nothing wait. */
  readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: StoredStreamProps) {
    super(scope, id);
    const { location, name, streamName, kmsKeyArn } = props;
    const key = kmsKeyArn === undefined ? {} : { kmsKeyArn };
    const streamArn = regionalArn(location, "firehose", `deliverystream/${streamName}`);
    this.stream = { streamArn, kmsKeyArn };
    this.deliveryRole = new ServiceRole(this, "role", {
      location,
      roleName: `${name}-firehose`,
      servicePrincipal: "firehose.amazonaws.com",
      sourceArn: streamArn,
    });
    const bucket = { location, bucketName: props.bucketName, ...props.storage, ...key };
    const stream = new DeliveryStream(this, "stream", {
      ...props.delivery,
      location,
      streamName,
      bucket: new TweetBucket(this, "bucket", bucket),
      role: this.deliveryRole,
      logGroup: new LogGroup(this, "log", {
        location,
        logGroupName: `${name}/delivery`,
        retentionDays: props.logRetentionDays,
        ...key,
      }),
      ...key,
    });
    this.dependable = stream.node.defaultChild as KinesisFirehoseDeliveryStream;
  }
}
