import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { CheckpointTable } from "./constructs/checkpoint-table";
import { DeliveryStream } from "./constructs/delivery-stream";
import { LogGroup } from "./constructs/log-group";
import { ServiceRole } from "./constructs/service-role";
import { TweetBucket } from "./constructs/tweet-bucket";
import type { EnvironmentConfig } from "./environment";
import type { Names } from "./naming";

/** What holds data, and must outlive every deployment of the ingester. */
export class DataStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.dataStack, config);
    const { location } = names;
    const key = config.kmsKeyArn ? { kmsKeyArn: config.kmsKeyArn } : {};

    const bucket = new TweetBucket(this, "tweets_storage", {
      location,
      bucketName: names.bucket,
      ...config.storage,
      ...key,
    });
    const logGroup = new LogGroup(this, "delivery_log", {
      location,
      logGroupName: `${names.dataStack}/delivery`,
      retentionDays: config.logRetentionDays,
      ...key,
    });
    const role = new ServiceRole(this, "firehose_role", {
      location,
      roleName: `${names.dataStack}-firehose`,
      servicePrincipal: "firehose.amazonaws.com",
      sourceArn: names.streamArn,
    });
    new DeliveryStream(this, "tweet_stream", {
      ...config.delivery,
      location,
      streamName: names.stream,
      bucket,
      role,
      logGroup,
      ...key,
    });
    new CheckpointTable(this, "checkpoint_table", {
      tableName: names.checkpointTable,
      ...config.checkpoint,
      ...key,
    });
    new TerraformOutput(this, "bucket_name", { value: names.bucket });
    new TerraformOutput(this, "stream_name", { value: names.stream });
  }
}
