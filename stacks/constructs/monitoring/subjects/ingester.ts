import { FOR_EXPRESSION_KEY, FOR_EXPRESSION_VALUE, ref, Token } from "cdktf";
import { family, type MetricFamily } from "../metric";
import type { WatchedFilteredStream } from "./filtered-stream";

export interface WatchedIngester {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** Seconds between polls when caught up: a lag of this length is normal. */
  readonly pollSeconds: number;
  /** One or more, each with metrics of its own. */
  readonly queries: readonly WatchedQuery[];
  /**
   * Queries beside these that only Terraform can list: address of a map of their names to the keys of their coverage.
   * @default - `queries` are all
   */
  readonly furtherQueries?: string | undefined;
  /** @default - it searches */
  readonly filteredStream?: WatchedFilteredStream | undefined;
}

export interface WatchedQuery {
  /** @default - there is only this one */
  readonly name?: string;
  /** Of its coverage; its metrics' only dimension. */
  readonly checkpointKey: string;
}

/** Any query of `furtherQueries`: in a resource that is created for each, and in an expression over all of them. */
export const FURTHER_QUERY = {
  inResource: {
    name: Token.asString(ref("each.key")),
    checkpointKey: Token.asString(ref("each.value")),
  },
  inExpression: {
    name: Token.asString(FOR_EXPRESSION_KEY),
    checkpointKey: Token.asString(FOR_EXPRESSION_VALUE),
  },
} as const satisfies Readonly<Record<string, WatchedQuery>>;

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
