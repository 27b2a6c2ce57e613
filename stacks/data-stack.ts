import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { existingRoleOutputs } from "./constructs/aws/service-role";
import { CheckpointTable } from "./constructs/storage/checkpoint-table";
import type { EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { StoredStream } from "./ingestion/stored-stream";

/** Made by `npm run build`. */
const TRANSFORM_ARCHIVE = join(__dirname, "../transform/dist/transform.zip");

/** Resources with data, which are kept when the ingester is deployed. */
export class DataStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.dataStack, config);
    const posts = this.addStoredStream(names, config);
    const { deliveryRole, transform, transformRole, catalog } = posts;
    if (config.ledger?.existingTableName === undefined) {
      new CheckpointTable(this, "checkpoint_table", {
        tableName: names.checkpointTable,
        deletable: config.deletable,
        kmsKeyArn: config.kmsKeyArn,
      });
    }
    const outputs = {
      bucket_name: names.bucket,
      bucket_arn: names.bucketArn,
      stream_name: names.stream,
      stream_arn: names.streamArn,
      delivery_role_arn: deliveryRole.knownArn,
      checkpoint_table_name: names.checkpointTable,
      checkpoint_table_arn: names.checkpointTableArn,
      delivery_log_group_name: `${names.dataStack}/delivery`,
      ...(transform
        ? {
            transform_function_name: names.transformFunction,
            transform_log_group_name: `${names.dataStack}/transform`,
          }
        : {}),
      ...(transformRole ? { transform_role_arn: transformRole.knownArn } : {}),
      ...(catalog ? { catalog_database: names.catalogDatabase, catalog_table: names.catalogTable } : {}),
      ...(catalog && config.catalog?.workgroup !== false ? { query_workgroup: names.queryWorkgroup } : {}),
      ...existingRoleOutputs({ delivery: deliveryRole, transform: transformRole }),
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }

  private addStoredStream(names: Names, config: EnvironmentConfig): StoredStream {
    const { metricsNamespace } = names;
    const { streamName: _, backupSourceRecords, roleArn, ...delivery } = config.delivery ?? {};
    const { existingBucket, ...storage } = config.storage ?? {};
    return new StoredStream(this, "Default", {
      location: names.location,
      name: names.dataStack,
      ...(existingBucket ? { existingBucket } : { bucketName: names.bucket }),
      deliveryRoleArn: roleArn,
      streamName: names.stream,
      logRetentionDays: config.logRetentionDays,
      delivery,
      backupSourceRecords,
      storage: { ...storage, requireTls: !config.emulator },
      transform: config.transform && {
        ...config.transform,
        archivePath: TRANSFORM_ARCHIVE,
        functionName: names.transformFunction,
        metricsNamespace,
      },
      catalog: config.catalog && {
        ...config.catalog,
        databaseName: names.catalogDatabase,
        tableName: names.catalogTable,
        workgroupName: names.queryWorkgroup,
      },
      deletable: config.deletable,
      kmsKeyArn: config.kmsKeyArn,
    });
  }
}
