import { type AlarmDefinition, AT_THE_FIRST, FIVE_MINUTES, secondsBeyond } from "../alarm-definition";
import { type ExpressionLine, graph, type Widget } from "../dashboard-widget";
import { family, type Metric, type MetricFamily } from "../metric";

export interface WatchedStream {
  readonly streamName: string;
  /** Seconds that a record waits in the buffer by design. */
  readonly bufferingIntervalSeconds: number;
  /**
   * Whether Firehose makes Parquet of the posts.
   * @default false
   */
  readonly convertsFormat?: boolean | undefined;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
export type StreamMetricName =
  | "BytesPerSecondLimit"
  | "DeliveryToS3.DataFreshness"
  | "DeliveryToS3.Success"
  | "ExecuteProcessing.Success"
  | "FailedConversion.Records"
  | "IncomingBytes"
  | "IncomingPutRequests"
  | "IncomingRecords"
  | "PutRequestsPerSecondLimit"
  | "RecordsPerSecondLimit"
  | "ThrottledRecords";

export function streamMetrics(streamName: string): MetricFamily<StreamMetricName> {
  return family("AWS/Firehose", { DeliveryStreamName: streamName });
}

export interface StreamAlarmProps {
  /**
   * Minutes that a record may wait beyond its buffering interval, 5 to 1440.
   * @default 15
   */
  readonly lateMinutes?: number;
}

const DEFAULT_LATE_MINUTES = 15;

/** Age in seconds at which a record that is not in S3 yet is late. */
export function lateSeconds(
  { bufferingIntervalSeconds }: WatchedStream,
  { lateMinutes = DEFAULT_LATE_MINUTES }: StreamAlarmProps = {},
): number {
  return secondsBeyond(bufferingIntervalSeconds, lateMinutes);
}

/** Alarms of the delivery from the stream into the bucket. */
export function streamAlarms(stream: WatchedStream, props: StreamAlarmProps): AlarmDefinition[] {
  const { streamName } = stream;
  const metric = streamMetrics(streamName);
  return [
    {
      id: "delivery-late",
      meaning: `Records wait in ${streamName} much longer than it buffers them: S3 is not reached.`,
      metric: metric("DeliveryToS3.DataFreshness"),
      statistic: "Maximum",
      comparison: "more than",
      threshold: lateSeconds(stream, props),
      periodSeconds: FIVE_MINUTES,
      periods: 1,
      // An empty stream reports no age.
      missingData: "notBreaching",
    },
    {
      id: "delivery-failing",
      meaning: `S3 has refused what ${streamName} writes for a quarter of an hour.`,
      metric: metric("DeliveryToS3.Success"),
      statistic: "Average",
      comparison: "less than",
      threshold: 1,
      periodSeconds: FIVE_MINUTES,
      // Firehose retries for 24 hours, so that a single failure loses nothing.
      periods: 3,
      // No data means no write, and so no failure.
      missingData: "notBreaching",
    },
    ...(stream.convertsFormat ? [conversionFailed(stream)] : []),
    {
      id: "stream-throttled",
      meaning: `${streamName} has refused records for a quarter of an hour: more comes than its limits allow.`,
      metric: metric("ThrottledRecords"),
      statistic: "Sum",
      comparison: "more than",
      threshold: 0,
      periodSeconds: FIVE_MINUTES,
      // The ingester sends throttled records again, so that a single burst loses nothing.
      periods: 3,
      // No data means no records, and so no throttling.
      missingData: "notBreaching",
    },
  ];
}

function conversionFailed({ streamName }: WatchedStream): AlarmDefinition {
  return {
    id: "conversion-failed",
    meaning: `${streamName} could not make Parquet of a record; it lies under the error prefix.`,
    metric: streamMetrics(streamName)("FailedConversion.Records"),
    // No data means no records, and so no failure.
    ...AT_THE_FIRST,
  };
}

/** Graphs of the delivery by Firehose. */
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

/** Limits per second grow with the traffic or by a request to AWS, so the graph shows the metrics of the limits. */
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
