/** One CloudWatch metric of one thing. */
export interface Metric {
  /** For example `AWS/Firehose`. */
  readonly namespace: string;
  readonly name: string;
  /** What it is measured of: dimension names to values, all of them known at synth time. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How CloudWatch sums up a period. */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum";

/** Metric names of one namespace and one set of dimensions: `metric("IncomingBytes")`. */
export type MetricFamily<Name extends string = string> = (name: Name) => Metric;

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
export type StreamMetricName =
  | "BytesPerSecondLimit"
  | "DeliveryToS3.DataFreshness"
  | "DeliveryToS3.Success"
  | "IncomingBytes"
  | "IncomingPutRequests"
  | "IncomingRecords"
  | "PutRequestsPerSecondLimit"
  | "RecordsPerSecondLimit"
  | "ThrottledRecords";

export function streamMetrics(streamName: string): MetricFamily<StreamMetricName> {
  return family("AWS/Firehose", { DeliveryStreamName: streamName });
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

export interface ServiceMetricsProps {
  /** ECS cluster of the service. */
  readonly clusterName: string;
  /** ECS service. */
  readonly serviceName: string;
}

/** Free: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
export function serviceMetrics(
  props: ServiceMetricsProps,
): MetricFamily<"CPUUtilization" | "MemoryUtilization"> {
  return family("AWS/ECS", serviceDimensions(props));
}

/**
 * With Container Insights only:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function taskMetrics(props: ServiceMetricsProps): MetricFamily<"RunningTaskCount"> {
  return family("ECS/ContainerInsights", serviceDimensions(props));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function functionMetrics(functionName: string): MetricFamily<"Duration" | "Errors" | "Throttles"> {
  return family("AWS/Lambda", { FunctionName: functionName });
}

/** What the transform writes when something was not formatted; a healthy one writes nothing. */
export type TransformMetricName = "FailedRecords" | "UnformattedRecords" | "UnreadableLines";

export interface TransformMetricsProps {
  /** Lambda function that formats records. */
  readonly functionName: string;
  /** The function's METRICS_NAMESPACE; empty = it writes no metrics of its own. */
  readonly metricsNamespace: string;
}

export function transformMetrics(props: TransformMetricsProps): MetricFamily<TransformMetricName> {
  return family(props.metricsNamespace, { FunctionName: props.functionName });
}

function serviceDimensions({ clusterName, serviceName }: ServiceMetricsProps) {
  return { ClusterName: clusterName, ServiceName: serviceName };
}

function family<Name extends string>(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
): MetricFamily<Name> {
  return (name) => ({ namespace, name, dimensions });
}
