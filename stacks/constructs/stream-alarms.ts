import type { AlarmDefinition } from "./alarm-definition";
import { FIVE_MINUTES, secondsBeyond } from "./alarm-definition";
import { streamMetrics } from "./metric";
import type { WatchedStream } from "./watched-ingestion";

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

/** Whether what the ingester hands over arrives in the bucket. */
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
      // A stream that holds nothing reports no age.
      missingData: "notBreaching",
    },
    {
      id: "stream-throttled",
      meaning: `${streamName} has refused records for a quarter of an hour: more comes than its limits allow.`,
      metric: metric("ThrottledRecords"),
      statistic: "Sum",
      comparison: "more than",
      threshold: 0,
      periodSeconds: FIVE_MINUTES,
      // The ingester sends refused records again: a single burst loses nothing.
      periods: 3,
      // Nothing came, so nothing was refused.
      missingData: "notBreaching",
    },
  ];
}
