import { Construct } from "constructs";
import type { ServiceRole } from "../constructs/aws/service-role";
import { checkAtSynth, under } from "../constructs/checks/check";
import type { DeliveryStreamReference } from "../constructs/delivery/delivery-stream";
import { deliveryDefaults } from "../constructs/delivery/props";
import { CheckpointTable } from "../constructs/storage/checkpoint-table";
import type { DeliveryBucket } from "../constructs/storage/delivery-bucket";
import { type AuditOptions, auditExpiryProblems, auditOf } from "./audit";
import { Ingester, type IngesterProps } from "./ingester";
import { Monitoring, type MonitoringOptions } from "./monitoring";
import { StoredStream, type StoredStreamProps } from "./stored-stream";

export interface IngestionProps
  extends StoredStreamProps,
    Omit<IngesterProps, "checkpointTableName" | "audit"> {
  /**
   * False uses an existing table: ingestions that are paid from one X account share its ledger, and so one budget.
   * @default true
   */
  readonly createCheckpointTable?: boolean | undefined;
  /**
   * DynamoDB table of the ledger, 3 to 255 letters, digits, underscores, dots and hyphens.
   * @default - `<name>-checkpoint`
   */
  readonly checkpointTableName?: string;
  /**
   * Audits of the bucket, by schedule, with alarms.
   * @default - none
   */
  readonly audit?: AuditOptions | undefined;
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
  readonly ingester: Ingester;
  readonly monitoring: Monitoring;
  /** The ledger's table; undefined where it existed before. */
  readonly table: CheckpointTable | undefined;
  /** Name of the ledger's table, created or existing. */
  readonly checkpointTableName: string;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { name, deletable, createCheckpointTable = true, audit, storage = {} } = props;
    if (audit) checkAtSynth(this, under("storage", auditExpiryProblems(storage, props.delivery)));
    this.checkpointTableName = props.checkpointTableName ?? `${name}-checkpoint`;
    const checkpointKmsKeyArn =
      props.checkpointKmsKeyArn ?? (createCheckpointTable ? props.kmsKeyArn : undefined);
    this.storedStream = new StoredStream(this, "posts", props);
    this.table = createCheckpointTable
      ? new CheckpointTable(this, "checkpoint", {
          tableName: this.checkpointTableName,
          deletable,
          kmsKeyArn: checkpointKmsKeyArn,
        })
      : undefined;
    this.ingester = new Ingester(this, "ingester", {
      ...props,
      checkpointTableName: this.checkpointTableName,
      checkpointKmsKeyArn,
      audit: audit && auditOf(audit, { ...props, bucketName: this.bucket.bucketName }),
    });
    this.monitoring = this.watch(props);
  }

  /** Where posts arrive. */
  get bucket(): DeliveryBucket {
    return this.storedStream.bucket;
  }

  /** For other producers of records: `grantPutRecords`. */
  get stream(): DeliveryStreamReference {
    return this.storedStream.stream;
  }

  /** The ingester's role: grant it what sidecars need. */
  get taskRole(): ServiceRole {
    return this.ingester.worker.taskRole;
  }

  /** The group that is created for the tasks; undefined with existing groups. */
  get securityGroupId(): string | undefined {
    return this.ingester.worker.securityGroupId;
  }

  /** Names of all alarms: known before anything exists. */
  get alarmNames(): readonly string[] {
    return this.monitoring.alarmNames;
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
      audit: this.ingester.watchedAudit,
      kmsKeyArn,
    });
  }
}
