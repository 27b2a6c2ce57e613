import { family, type MetricFamily } from "../metric";
import type { WatchedFilteredStream } from "./filtered-stream";

export interface WatchedIngester {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** Seconds between polls when caught up: by design, a query lags so much. */
  readonly pollSeconds: number;
  /** One or more, each with metrics of its own. */
  readonly queries: readonly WatchedQuery[];
  /** @default - it searches */
  readonly filteredStream?: WatchedFilteredStream | undefined;
}

export interface WatchedQuery {
  /** @default - there is only this one */
  readonly name?: string;
  /** Of its coverage; its metrics' only dimension. */
  readonly checkpointKey: string;
}

/** What the ingester writes; the contract test compares these names with its own. */
export type IngesterMetricName =
  | "BudgetUsedPercent"
  | "DeadLetters"
  | "HolesOpen"
  | "LagSeconds"
  | "PostsDelivered"
  | "PostsRead"
  | "SpentUsd";

export interface IngesterMetricsProps {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** Key of a query's coverage: the only dimension. */
  readonly checkpointKey: string;
}

export function ingesterMetrics(props: IngesterMetricsProps): MetricFamily<IngesterMetricName> {
  return family(props.metricsNamespace, { CheckpointKey: props.checkpointKey });
}
