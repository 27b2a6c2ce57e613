import { type ExpressionLine, graph, type Widget } from "./dashboard-widget";
import { type Metric, streamMetrics } from "./metric";
import type { WatchedStream } from "./watched-ingestion";

/** What Firehose does with it. */
export function deliveryRow(stream: WatchedStream, lateSeconds: number, region: string): Widget[] {
  const metric = streamMetrics(stream.streamName);
  return [
    graph({
      region,
      width: 6,
      title: "Oldest record not in S3 yet",
      unit: "seconds",
      marks: [
        { label: "buffered by design", value: stream.bufferingIntervalSeconds },
        { label: "delivery-late", value: lateSeconds },
      ],
      lines: [{ metric: metric("DeliveryToS3.DataFreshness"), statistic: "Maximum", label: "age" }],
    }),
    graph({
      region,
      width: 6,
      title: "Deliveries to S3 that succeed",
      unit: "percent",
      lines: [
        {
          expression: "100 * success",
          label: "succeed",
          of: { success: { metric: metric("DeliveryToS3.Success"), statistic: "Average" } },
        },
      ],
    }),
    graph({
      region,
      width: 6,
      title: "Share of the stream's own limits",
      unit: "percent",
      marks: [{ label: "limit", value: 100 }],
      lines: [
        shareOfLimit("bytes", metric("IncomingBytes"), metric("BytesPerSecondLimit")),
        shareOfLimit("records", metric("IncomingRecords"), metric("RecordsPerSecondLimit")),
        shareOfLimit("requests", metric("IncomingPutRequests"), metric("PutRequestsPerSecondLimit")),
      ],
    }),
    graph({
      region,
      width: 6,
      title: "Records refused in five minutes",
      unit: "records",
      lines: [{ metric: metric("ThrottledRecords"), statistic: "Sum", label: "refused" }],
    }),
  ];
}

/** Limits are per second, and rise with the traffic or with AWS's consent: they are measured, not configured. */
function shareOfLimit(what: string, amount: Metric, limit: Metric): ExpressionLine {
  const [sum, most] = [`${what}_sum`, `${what}_limit`];
  return {
    expression: `100 * ${sum} / PERIOD(${sum}) / ${most}`,
    label: what,
    of: {
      [sum]: { metric: amount, statistic: "Sum" },
      [most]: { metric: limit, statistic: "Minimum" },
    },
  };
}
