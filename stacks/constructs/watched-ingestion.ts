import type { AwsLocation } from "./aws-location";
import type { ServiceMetricsProps, TransformMetricsProps } from "./metric";

/** What dashboard and alarms look at: names that are known before anything exists. */
export interface WatchedIngestion {
  /** Names the dashboard, the topic and every alarm. */
  readonly stackName: string;
  readonly location: AwsLocation;
  readonly stream: WatchedStream;
  /** @default - the ingester writes no metrics, so that nothing can be said about posts and money */
  readonly ingester?: WatchedIngester | undefined;
  /** @default - no service: the ingester is started by schedule */
  readonly service?: WatchedService | undefined;
  /** @default - the stream transforms nothing */
  readonly transform?: TransformMetricsProps | undefined;
}

export interface WatchedIngester {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** Seconds between polls when caught up: by design, a query lags so much. */
  readonly pollSeconds: number;
  /** One or more, each with metrics of its own. */
  readonly queries: readonly WatchedQuery[];
}

export interface WatchedQuery {
  /** @default - there is only this one */
  readonly name?: string;
  /** Of its coverage; its metrics' only dimension. */
  readonly checkpointKey: string;
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
