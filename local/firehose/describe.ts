import type { StreamConfig } from "./stream-config";

/** Stands in for an account; no AWS account has it. */
const ACCOUNT_ID = "111111111111";

/** The stream's ARN, in the account that no one has. */
export function streamArn(streamName: string): string {
  return `arn:aws:firehose:us-east-1:${ACCOUNT_ID}:deliverystream/${streamName}`;
}

/** DescribeDeliveryStream's answer, for a direct-put stream to S3. */
export function describeStream(config: StreamConfig, createdMs: number): Readonly<Record<string, unknown>> {
  return {
    DeliveryStreamDescription: {
      DeliveryStreamName: config.streamName,
      DeliveryStreamARN: streamArn(config.streamName),
      DeliveryStreamStatus: "ACTIVE",
      DeliveryStreamType: "DirectPut",
      VersionId: "1",
      CreateTimestamp: createdMs / 1000,
      Destinations: [
        { DestinationId: "destinationId-000000000001", ExtendedS3DestinationDescription: describeS3(config) },
      ],
      HasMoreDestinations: false,
    },
  };
}

/** ListDeliveryStreams's answer: this endpoint has one stream. */
export function listStreams(config: StreamConfig): Readonly<Record<string, unknown>> {
  return { DeliveryStreamNames: [config.streamName], HasMoreDeliveryStreams: false };
}

function describeS3(config: StreamConfig): Readonly<Record<string, unknown>> {
  return {
    RoleARN: `arn:aws:iam::${ACCOUNT_ID}:role/local`,
    BucketARN: "arn:aws:s3:::local",
    Prefix: config.dataOutputPrefix,
    ErrorOutputPrefix: config.errorOutputPrefix,
    FileExtension: config.fileExtension,
    BufferingHints: {
      SizeInMBs: config.bufferingSizeMiB,
      IntervalInSeconds: config.bufferingIntervalSeconds,
    },
    CompressionFormat: config.compression,
    EncryptionConfiguration: { NoEncryptionConfig: "NoEncryption" },
  };
}
