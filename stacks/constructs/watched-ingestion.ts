import type { AwsLocation } from "./aws-location";
import type { IngesterMetricsProps, ServiceMetricsProps, TransformMetricsProps } from "./metric";

/** What dashboard and alarms look at: names that are known before anything exists. */
export interface WatchedIngestion {
  /** Names the dashboard, the topic and every alarm. */
  readonly stackName: string;
  readonly location: AwsLocation;
  readonly stream: WatchedStream;
  /** @default - the ingester writes no metrics, so that nothing can be said about posts and money */
  readonly ingester?: IngesterMetricsProps | undefined;
  /** @default - no service: the ingester is started by schedule */
  readonly service?: WatchedService | undefined;
  /** @default - the stream transforms nothing */
  readonly transform?: TransformMetricsProps | undefined;
}

export interface WatchedStream {
  readonly streamName: string;
  /** Seconds that a record waits in the buffer by design. */
  readonly bufferingIntervalSeconds: number;
}

export interface WatchedService extends ServiceMetricsProps {
  /** Whether Container Insights counts its tasks. */
  readonly countsTasks: boolean;
}
