import { Construct } from "constructs";
import { deliveryDefaults } from "../constructs/delivery/props";
import { CheckpointTable } from "../constructs/storage/checkpoint-table";
import { Ingester, type IngesterProps } from "./ingester";
import { Monitoring, type MonitoringOptions } from "./monitoring";
import { StoredStream, type StoredStreamProps } from "./stored-stream";

export interface IngestionProps extends StoredStreamProps, Omit<IngesterProps, "checkpointTableName"> {
  /**
   * DynamoDB table of the ledger, 3 to 255 letters, digits, underscores, dots and hyphens.
   * @default - `<name>-checkpoint`
   */
  readonly checkpointTableName?: string;
  /** @default - a dashboard, and alarms on a topic without subscribers */
  readonly monitoring?: MonitoringOptions | undefined;
}

/**
 * One collection of posts, whole: ingester, ledger, stream, bucket, dashboard and alarms.
 * @example
 * new Ingestion(stack, "cats", {
 *   location: awsLocation("111111111111", "eu-west-1"),
 *   name: "cats",
 *   bucketName: "example-cats",
 *   streamName: "cats",
 *   image: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/tweets-ecr:0.1.0",
 *   repositoryArn: "arn:aws:ecr:eu-west-1:111111111111:repository/tweets-ecr",
 *   token: { secretArn: "arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-token" },
 *   settings: { source: { mode: "search", query: "cats lang:en" }, monthlyUsdLimit: 20 },
 *   network,
 *   worker: { cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
 *   logRetentionDays: 30,
 * })
 */
export class Ingestion extends Construct {
  readonly storedStream: StoredStream;
  readonly table: CheckpointTable;
  readonly ingester: Ingester;
  readonly monitoring: Monitoring;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { name, kmsKeyArn } = props;
    const checkpointTableName = props.checkpointTableName ?? `${name}-checkpoint`;
    this.storedStream = new StoredStream(this, "posts", props);
    this.table = new CheckpointTable(this, "checkpoint", {
      tableName: checkpointTableName,
      deletable: props.deletable,
      kmsKeyArn,
    });
    this.ingester = new Ingester(this, "ingester", { ...props, checkpointTableName });
    this.monitoring = this.watch(props);
  }

  private watch(props: IngestionProps): Monitoring {
    const { location, name, streamName, worker, kmsKeyArn } = props;
    const { bufferingIntervalSeconds } = deliveryDefaults(props.delivery ?? {});
    return new Monitoring(this, "Default", {
      ...props.monitoring,
      location,
      name,
      stream: { streamName, bufferingIntervalSeconds, convertsFormat: props.catalog?.parquet },
      ingester: this.ingester.watched,
      worker,
      transform: this.storedStream.transform,
      kmsKeyArn,
    });
  }
}
