import { Construct } from "constructs";
import { type DeliveryShapeProps, deliveryDefaults } from "../constructs/delivery/props";
import type { AlarmPatience } from "../constructs/monitoring/alarm-definitions";
import { Alarms } from "../constructs/monitoring/alarms";
import { Dashboard } from "../constructs/monitoring/dashboard";
import type { WatchedIngester } from "../constructs/monitoring/subjects/ingester";
import type { WatchedIngestion } from "../constructs/monitoring/watched-ingestion";
import { CheckpointTable } from "../constructs/storage/checkpoint-table";
import { Ingester, type IngesterProps } from "./ingester";
import { type StorageProps, StoredStream } from "./stored-stream";

export interface IngestionProps extends Omit<IngesterProps, "checkpointTableName"> {
  /** 3 to 63 lower-case letters, digits, dots and hyphens; unique in the world. */
  readonly bucketName: string;
  /** @default - 64 MiB or 300 seconds, compressed JSON lines by year, month, day and hour */
  readonly delivery?: DeliveryShapeProps;
  /** @default - posts are kept for ever, replaced versions for 30 days */
  readonly storage?: StorageProps;
  /**
   * Refuse to delete the checkpoint table: its ledger knows what was paid for.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** @default - a dashboard, and no alarms */
  readonly alarms?: IngestionAlarmProps;
}

export interface IngestionAlarmProps extends AlarmPatience {
  /** Topic that is told; its policy must let cloudwatch.amazonaws.com publish. */
  readonly topicArn: string;
  /**
   * Where the runbook lies, as people who get the mail find it.
   * @default "docs/runbook.md"
   */
  readonly runbook?: string;
}

/** One collection of posts, whole: ingester, ledger, stream, bucket, dashboard and alarms. */
export class Ingestion extends Construct {
  readonly storedStream: StoredStream;
  readonly ingester: Ingester;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { name, deletionProtection = true, kmsKeyArn } = props;
    const checkpointTableName = `${name}-checkpoint`;
    const key = kmsKeyArn === undefined ? {} : { kmsKeyArn };
    const { delivery, storage, location, bucketName, streamName, logRetentionDays } = props;
    this.storedStream = new StoredStream(this, "posts", {
      ...{ location, name, bucketName, streamName, logRetentionDays },
      ...(delivery ? { delivery } : {}),
      ...(storage ? { storage } : {}),
      ...key,
    });
    new CheckpointTable(this, "checkpoint", { tableName: checkpointTableName, deletionProtection, ...key });
    this.ingester = new Ingester(this, "ingester", { ...props, checkpointTableName });
    this.watch(props);
  }

  private watch(props: IngestionProps): void {
    const watched = watchedIngestion(props, this.ingester.watched);
    if (props.alarms) new Alarms(this, "alarms", { ...props.alarms, watched });
    new Dashboard(this, "dashboard", { watched, alarms: props.alarms });
  }
}

function watchedIngestion(props: IngestionProps, ingester: WatchedIngester | undefined): WatchedIngestion {
  const { name, location, streamName, worker } = props;
  const { bufferingIntervalSeconds } = deliveryDefaults(props.delivery ?? {});
  const countsTasks = worker.containerInsights !== "disabled";
  const service = { clusterName: name, serviceName: name, countsTasks };
  return {
    stackName: name,
    location,
    stream: { streamName, bufferingIntervalSeconds },
    ingester,
    service: worker.run?.mode === "schedule" ? undefined : service,
  };
}
