import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { CheckpointTable } from "./constructs/checkpoint-table";
import type { DeliveryShapeProps } from "./constructs/delivery-props";
import { DeliveryStream } from "./constructs/delivery-stream";
import { LogGroup } from "./constructs/log-group";
import { RecordTransform } from "./constructs/record-transform";
import { ServiceRole } from "./constructs/service-role";
import { TweetBucket } from "./constructs/tweet-bucket";
import type { EnvironmentConfig } from "./environment";
import type { Names } from "./naming";

/** Made by `npm run build`. */
const TRANSFORM_ARCHIVE = join(__dirname, "../transform/dist/transform.zip");
/** Records as they came; Firehose adds its own `yyyy/MM/dd/HH/`. */
const SOURCE_PREFIX = "source/";

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
    const transform = config.transform ? this.addTransform(names, config) : undefined;
    transform?.grantInvoke(role);
    new DeliveryStream(this, "tweet_stream", {
      ...deliveryShape(config, transform),
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

  private addTransform(names: Names, config: EnvironmentConfig): RecordTransform {
    return new RecordTransform(this, "record_transform", {
      ...config.transform,
      location: names.location,
      functionName: names.transformFunction,
      archivePath: TRANSFORM_ARCHIVE,
      roleName: `${names.dataStack}-transform`,
      logGroupName: `${names.dataStack}/transform`,
      logRetentionDays: config.logRetentionDays,
      metricsNamespace: names.metricsNamespace,
      ...(config.kmsKeyArn ? { kmsKeyArn: config.kmsKeyArn } : {}),
    });
  }
}

/** What happens to records on their way, and whether they are kept as they came. */
function deliveryShape(config: EnvironmentConfig, transform?: RecordTransform): DeliveryShapeProps {
  const { backupSourceRecords = transform !== undefined, ...delivery } = config.delivery ?? {};
  return {
    ...delivery,
    ...(backupSourceRecords ? { sourceBackup: { outputPrefix: SOURCE_PREFIX } } : {}),
    ...(transform
      ? { processors: [{ ...config.transform, type: "Lambda", functionArn: transform.invokeArn }] }
      : {}),
  };
}
