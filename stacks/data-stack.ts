import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { LogGroup } from "./constructs/aws/log-group";
import { ServiceRole } from "./constructs/aws/service-role";
import { Catalog } from "./constructs/catalog/catalog";
import { QueryWorkgroup, RESULTS_PREFIX } from "./constructs/catalog/query-workgroup";
import { DeliveryStream } from "./constructs/delivery/delivery-stream";
import { type DeliveryShapeProps, deliveryDefaults } from "./constructs/delivery/props";
import { RecordTransform } from "./constructs/delivery/record-transform";
import { CheckpointTable } from "./constructs/storage/checkpoint-table";
import { TweetBucket } from "./constructs/storage/tweet-bucket";
import type { CatalogConfig, EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";

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
      requireTls: !config.emulator,
      ...config.storage,
      ...(config.catalog ? { expirePrefixesAfterDays: resultsExpiry(config.catalog) } : {}),
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
    const catalog = config.catalog ? this.addCatalog(names, config) : undefined;
    if (config.catalog?.parquet) catalog?.grantReadSchema(role);
    new DeliveryStream(this, "tweet_stream", {
      ...deliveryShape(config, { transform, catalog }),
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

  private addCatalog(names: Names, config: EnvironmentConfig): Catalog {
    const { parquet = false, workgroup = true, scanLimitMiB } = config.catalog ?? {};
    const table = {
      location: names.location,
      bucketName: names.bucket,
      databaseName: names.catalogDatabase,
      tableName: names.catalogTable,
    };
    if (workgroup) {
      new QueryWorkgroup(this, "queries", {
        ...table,
        workgroupName: names.queryWorkgroup,
        ...(scanLimitMiB === undefined ? {} : { scanLimitMiB }),
        ...(config.kmsKeyArn ? { kmsKeyArn: config.kmsKeyArn } : {}),
      });
    }
    const { dataOutputPrefix } = deliveryDefaults(config.delivery ?? {}, parquet);
    return new Catalog(this, "catalog", { ...table, parquet, dataOutputPrefix });
  }
}

function resultsExpiry({ expireResultsAfterDays = 7 }: CatalogConfig): Record<string, number> {
  return { [RESULTS_PREFIX]: expireResultsAfterDays };
}

interface Shapers {
  readonly transform: RecordTransform | undefined;
  readonly catalog: Catalog | undefined;
}

/** What happens to records on their way, and whether they are kept as they came. */
function deliveryShape(config: EnvironmentConfig, { transform, catalog }: Shapers): DeliveryShapeProps {
  const parquet = config.catalog?.parquet ? catalog?.conversion : undefined;
  const changed = transform !== undefined || parquet !== undefined;
  const { backupSourceRecords = changed, ...delivery } = config.delivery ?? {};
  return {
    ...delivery,
    ...(parquet ? { parquet } : {}),
    ...(backupSourceRecords ? { sourceBackup: { outputPrefix: SOURCE_PREFIX } } : {}),
    ...(transform ? { processors: [{ ...config.transform, ...transform.processor }] } : {}),
  };
}
