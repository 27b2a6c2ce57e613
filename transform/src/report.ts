import type { TransformCounts } from "./transform";

/** Metrics, by name, of invocations in which something was not formatted. */
export function metricsOf(counts: TransformCounts): Readonly<Record<string, number>> {
  return {
    UnreadableLines: counts.unreadableLines,
    UnformattedRecords: counts.unformattedRecords,
    FailedRecords: counts.failedRecords,
  };
}

export interface ReportOptions {
  /** CloudWatch namespace; empty = no metrics, only the log line. */
  readonly namespace: string;
  readonly functionName: string;
  readonly nowMs: number;
}

/**
 * One log line, in CloudWatch's embedded metric format, when something was not formatted. A healthy invocation says
 * nothing. Never quotes what it could not read.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function reportOf(counts: TransformCounts, options: ReportOptions): string | undefined {
  const metrics = metricsOf(counts);
  if (Object.values(metrics).every((value) => value === 0)) return undefined;
  const { namespace, functionName, nowMs } = options;
  return JSON.stringify({
    level: "warn",
    event: "records_not_formatted",
    records: counts.records,
    lines: counts.lines,
    FunctionName: functionName,
    ...metrics,
    ...(namespace === ""
      ? {}
      : { _aws: { Timestamp: nowMs, CloudWatchMetrics: [definition(namespace, metrics)] } }),
  });
}

function definition(namespace: string, metrics: Readonly<Record<string, number>>) {
  return {
    Namespace: namespace,
    Dimensions: [["FunctionName"]],
    Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: "Count" })),
  };
}
