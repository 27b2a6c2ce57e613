import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import {
  KinesisFirehoseDeliveryStream,
  type KinesisFirehoseDeliveryStreamExtendedS3Configuration,
} from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LocatedProps } from "../aws/aws-location";
import type { LogGroup } from "../aws/log-group";
import type { Grantee } from "../aws/policy";
import type { ServiceRole } from "../aws/service-role";
import { checkAtSynth } from "../checks/check";
import type { DeliveryBucket } from "../storage/delivery-bucket";
import { type DeletableProps, keptUnless } from "../terraform/kept";
import { literalText } from "../terraform/literal-text";
import { withOrWithout } from "../terraform/optional";
import { renderProcessor } from "./processors";
import { type DeliveryShapeProps, deliveryDefaults } from "./props";
import { deliveryProblems } from "./rules";

/** Actions to put records on a stream, and to check before anything is bought that it exists. */
const PUT_ACTIONS = ["firehose:DescribeDeliveryStream", "firehose:PutRecord", "firehose:PutRecordBatch"];

export interface DeliveryStreamProps extends LocatedProps, DeliveryShapeProps, DeletableProps {
  /** 1 to 64 letters, digits, underscores, dots and hyphens; unique in account and region. */
  readonly streamName: string;
  /** Where records are delivered. */
  readonly bucket: DeliveryBucket;
  /** Role that Firehose assumes to deliver; the permissions that it needs are granted here. */
  readonly role: ServiceRole;
  /** Where Firehose reports deliveries that failed. */
  readonly logGroup: LogGroup;
  /** @default - a key that AWS owns */
  readonly kmsKeyArn?: string | undefined;
}

/** Firehose: takes records by Direct PUT, buffers them and writes compressed objects into the bucket. */
export class DeliveryStream extends Construct {
  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    checkAtSynth(this, deliveryProblems(props));
    props.bucket.grantDelivery(props.role);
    props.logGroup.grantWrite(props.role, ["logs:PutLogEvents"]);
    const destinationLog = new CloudwatchLogStream(this, "destination_log", {
      name: "DestinationDelivery",
      logGroupName: props.logGroup.createdName,
    });
    new KinesisFirehoseDeliveryStream(this, "Default", {
      name: props.streamName,
      destination: "extended_s3",
      serverSideEncryption: encryption(props.kmsKeyArn),
      extendedS3Configuration: s3Configuration(props, destinationLog),
      // Firehose checks at creation that the role may write: the policy must be there first.
      dependsOn: [...props.role.dependables, ...functionsOf(props)],
      // A stream that is recreated loses what it had buffered.
      ...keptUnless(props.deletable),
    });
  }
}

function functionsOf({ processors = [] }: DeliveryStreamProps): ITerraformDependable[] {
  return processors.flatMap((processor) =>
    processor.type === "Lambda" && processor.dependable ? [processor.dependable] : [],
  );
}

function encryption(kmsKeyArn: string | undefined) {
  const keyType = withOrWithout(kmsKeyArn, "CUSTOMER_MANAGED_CMK", "AWS_OWNED_CMK");
  return { enabled: true, keyType, ...(kmsKeyArn ? { keyArn: kmsKeyArn } : {}) };
}

function s3Configuration(
  props: DeliveryStreamProps,
  destinationLog: CloudwatchLogStream,
): KinesisFirehoseDeliveryStreamExtendedS3Configuration {
  const delivery = deliveryDefaults(props);
  return {
    roleArn: props.role.roleArn,
    bucketArn: props.bucket.createdBucketArn,
    bufferingSize: delivery.bufferingSizeMiB,
    bufferingInterval: delivery.bufferingIntervalSeconds,
    // Parquet files are compressed inside: Firehose refuses to compress them again.
    compressionFormat: props.parquet ? "UNCOMPRESSED" : "GZIP",
    prefix: literalText(delivery.dataOutputPrefix),
    errorOutputPrefix: literalText(delivery.errorOutputPrefix),
    cloudwatchLoggingOptions: {
      enabled: true,
      logGroupName: props.logGroup.logGroupName,
      logStreamName: destinationLog.name,
    },
    ...(props.fileExtension ? { fileExtension: props.fileExtension } : {}),
    ...(props.timeZone ? { customTimeZone: props.timeZone } : {}),
    ...partitioning(props),
    ...processing(props),
    ...conversion(props),
    ...backup(props),
  };
}

function partitioning({ dynamicPartitioning }: DeliveryStreamProps) {
  if (!dynamicPartitioning) return {};
  const retryDuration = dynamicPartitioning.retrySeconds ?? 300;
  return { dynamicPartitioningConfiguration: { enabled: true, retryDuration } };
}

function processing({ processors = [] }: DeliveryStreamProps) {
  if (processors.length === 0) return {};
  return { processingConfiguration: { enabled: true, processors: processors.map(renderProcessor) } };
}

function conversion({ parquet, role, location }: DeliveryStreamProps) {
  if (!parquet) return {};
  const schemaConfiguration = {
    databaseName: parquet.databaseName,
    tableName: parquet.tableName,
    region: location.region,
    roleArn: role.roleArn,
  };
  return {
    dataFormatConversionConfiguration: {
      enabled: true,
      schemaConfiguration,
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
      outputFormatConfiguration: { serializer: { parquetSerDe: {} } },
    },
  };
}

/** The backup goes into the same bucket, so that there is one bucket to protect and to search. */
function backup({ sourceBackup, role, bucket }: DeliveryStreamProps) {
  if (!sourceBackup) return {};
  return {
    s3BackupMode: "Enabled",
    s3BackupConfiguration: {
      roleArn: role.roleArn,
      bucketArn: bucket.createdBucketArn,
      prefix: literalText(sourceBackup.outputPrefix),
      compressionFormat: "GZIP",
    },
  };
}

/** A stream that another stack owns. */
export interface DeliveryStreamReference {
  readonly streamArn: string;
  /** Set when the stream is encrypted with a customer-managed key. */
  readonly kmsKeyArn?: string | undefined;
}

/** Lets the grantee put records on this stream. */
export function grantPutRecords(stream: DeliveryStreamReference, grantee: Grantee): void {
  grantee.addStatement({ sid: "PutRecords", actions: PUT_ACTIONS, resources: [stream.streamArn] });
  if (!stream.kmsKeyArn) return;
  // Since 2026-04-20, new streams with a customer-managed key require the caller to have permissions for the key.
  grantee.addStatement({
    sid: "EncryptRecords",
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: [stream.kmsKeyArn],
  });
}
