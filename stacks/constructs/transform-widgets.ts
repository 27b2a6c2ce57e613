import { graph, type Widget } from "./dashboard-widget";
import { functionMetrics, type TransformMetricsProps, transformMetrics } from "./metric";

/** The Lambda that formats posts on their way, and what it set aside where it counts that. */
export function transformRow(transform: TransformMetricsProps, region: string): Widget[] {
  const metric = functionMetrics(transform.functionName);
  return [
    graph({
      region,
      title: "Transform: calls that fail",
      lines: [
        { metric: metric("Errors"), statistic: "Sum", label: "errors" },
        { metric: metric("Throttles"), statistic: "Sum", label: "throttled" },
      ],
    }),
    graph({
      region,
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
    title: "Transform: not formatted",
    lines: [
      { metric: metric("FailedRecords"), statistic: "Sum", label: "records under the error prefix" },
      { metric: metric("UnformattedRecords"), statistic: "Sum", label: "records as they came" },
      { metric: metric("UnreadableLines"), statistic: "Sum", label: "unreadable lines" },
    ],
  });
}
