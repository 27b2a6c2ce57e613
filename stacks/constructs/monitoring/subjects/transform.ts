import { type AlarmDefinition, AT_THE_FIRST, FIVE_MINUTES } from "../alarm-definition";
import { graph, type Widget } from "../dashboard-widget";
import { family, type MetricFamily } from "../metric";
import { streamMetrics, type WatchedStream } from "./stream";

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

/** Alarms of records that were not formatted. A function without metrics does not report those that it could not read. */
export function transformAlarms(
  transform: TransformMetricsProps,
  { streamName }: WatchedStream,
): AlarmDefinition[] {
  const { functionName, metricsNamespace } = transform;
  const errors: AlarmDefinition = {
    ...AT_THE_FIRST,
    id: "transform-errors",
    meaning: `${functionName} failed; Firehose tries again, then puts the records under the error prefix.`,
    metric: functionMetrics(functionName)("Errors"),
  };
  const failedRecords: AlarmDefinition = {
    ...AT_THE_FIRST,
    id: "transform-failed-records",
    meaning: `${functionName} could read nothing in a record; it lies under the error prefix.`,
    metric: transformMetrics(transform)("FailedRecords"),
  };
  const notInvoked: AlarmDefinition = {
    id: "transform-not-invoked",
    meaning: `A call of ${functionName} by ${streamName} did not succeed; after three more attempts the records go under the error prefix.`,
    // Lambda counts no error where it throttles the function, or where Firehose may not invoke it.
    metric: streamMetrics(streamName)("ExecuteProcessing.Success"),
    statistic: "Average",
    comparison: "less than",
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // No data means no calls, and so no failure.
    missingData: "notBreaching",
  };
  return [errors, notInvoked, ...(metricsNamespace === "" ? [] : [failedRecords])];
}

/** The Lambda function that formats posts, and the records that it could not format where it has metrics. */
export function transformRow(
  transform: TransformMetricsProps,
  { streamName }: WatchedStream,
  region: string,
): Widget[] {
  const metric = functionMetrics(transform.functionName);
  const success = streamMetrics(streamName)("ExecuteProcessing.Success");
  return [
    graph({
      region,
      width: 6,
      title: "Transform: calls by Firehose that succeed",
      unit: "percent",
      lines: [
        {
          expression: "100 * success",
          label: "succeed",
          of: { success: { metric: success, statistic: "Average" } },
        },
      ],
    }),
    graph({
      region,
      width: 6,
      title: "Transform: calls that fail",
      lines: [
        { metric: metric("Errors"), statistic: "Sum", label: "errors" },
        { metric: metric("Throttles"), statistic: "Sum", label: "throttled" },
      ],
    }),
    graph({
      region,
      width: 6,
      title: "Transform: time",
      unit: "milliseconds",
      lines: [{ metric: metric("Duration"), statistic: "Maximum", label: "slowest call" }],
    }),
    ...(transform.metricsNamespace === "" ? [] : [notFormatted(transform, region)]),
  ];
}

function notFormatted(transform: TransformMetricsProps, region: string): Widget {
  const metric = transformMetrics(transform);
  return graph({
    region,
    width: 6,
    title: "Transform: not formatted",
    lines: [
      { metric: metric("FailedRecords"), statistic: "Sum", label: "records under the error prefix" },
      { metric: metric("UnformattedRecords"), statistic: "Sum", label: "records as they came" },
      { metric: metric("UnreadableLines"), statistic: "Sum", label: "unreadable lines" },
    ],
  });
}
