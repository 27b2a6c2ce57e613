import { type AlarmDefinition, FIVE_MINUTES, MINUTE } from "../alarm-definition";
import { graph, type Widget } from "../dashboard-widget";
import { family, type MetricFamily } from "../metric";

/** X's filtered stream, which the ingester listens to: not the delivery stream. */
export interface WatchedFilteredStream extends FilteredStreamMetricsProps {
  /** Whether search fills the holes that disconnections leave. */
  readonly fillsHoles: boolean;
  /**
   * The ingester listens to the stream only with this optional value.
   * @default - it always does
   */
  readonly onlyWith?: unknown;
  /**
   * The ingester fills holes only with this optional value, where Terraform also decides `fillsHoles`.
   * @default - as `fillsHoles` says
   */
  readonly fillsHolesOnlyWith?: unknown;
}

/** What the ingester writes in stream mode; the contract test compares these names with its own. */
export type FilteredStreamMetricName =
  | "StreamConnected"
  | "StreamDisconnects"
  | "StreamHolesOpen"
  | "StreamOldestHoleSeconds"
  | "StreamReconnectWaitSeconds";

export interface FilteredStreamMetricsProps {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** Key of the stream's coverage: the only dimension. */
  readonly checkpointKey: string;
}

export function filteredStreamMetrics(
  props: FilteredStreamMetricsProps,
): MetricFamily<FilteredStreamMetricName> {
  return family(props.metricsNamespace, { CheckpointKey: props.checkpointKey });
}

export interface FilteredStreamAlarmProps {
  /**
   * Minutes without a connection to the filtered stream, 5 to 1440; 0 = no such alarm.
   * @default 15
   */
  readonly disconnectedMinutes?: number;
  /**
   * Minutes that a hole of the filtered stream may stay open, 5 to 1440; 0 = no such alarm.
   * @default - 60; 0 where search does not fill holes
   */
  readonly holeMinutes?: number;
}

const DEFAULT_DISCONNECTED_MINUTES = 15;
const DEFAULT_HOLE_MINUTES = 60;
/** The longest wait after refusals: https://docs.x.com/x-api/posts/filtered-stream/integrate/handling-disconnections */
export const LONGEST_REFUSED_WAIT_SECONDS = 320;

/** Alarms of the connection to X, and of the holes that disconnections leave. */
export function filteredStreamAlarms(
  stream: WatchedFilteredStream,
  props: FilteredStreamAlarmProps,
): AlarmDefinition[] {
  const metric = filteredStreamMetrics(stream);
  const { disconnectedMinutes = DEFAULT_DISCONNECTED_MINUTES } = props;
  const holeSeconds = oldestHoleSeconds(stream, props);
  return [
    ...(disconnectedMinutes === 0 ? [] : [disconnectedAlarm(stream, disconnectedMinutes)]),
    {
      id: "reconnect-waits",
      onlyWith: stream.onlyWith,
      meaning: `X refuses the filtered stream again and again: the wait before the next connection has reached ${LONGEST_REFUSED_WAIT_SECONDS} seconds.`,
      metric: metric("StreamReconnectWaitSeconds"),
      statistic: "Maximum",
      comparison: "at least",
      threshold: LONGEST_REFUSED_WAIT_SECONDS,
      periodSeconds: FIVE_MINUTES,
      periods: 1,
      // task-not-running covers missing data.
      missingData: "notBreaching",
    },
    ...(holeSeconds === undefined ? [] : [holesAlarm(stream, holeSeconds)]),
  ];
}

/** Age in seconds of an open hole above which the alarm goes off; undefined where there is no such alarm. */
function oldestHoleSeconds(
  { fillsHoles }: WatchedFilteredStream,
  { holeMinutes = fillsHoles ? DEFAULT_HOLE_MINUTES : 0 }: FilteredStreamAlarmProps,
): number | undefined {
  return holeMinutes === 0 ? undefined : holeMinutes * MINUTE;
}

function disconnectedAlarm(stream: WatchedFilteredStream, minutes: number): AlarmDefinition {
  return {
    id: "disconnected",
    onlyWith: stream.onlyWith,
    meaning: `The filtered stream was not connected for ${minutes} minutes.`,
    metric: filteredStreamMetrics(stream)("StreamConnected"),
    statistic: "Maximum",
    comparison: "less than",
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    periods: Math.ceil((minutes * MINUTE) / FIVE_MINUTES),
    // task-not-running and no-posts cover missing data.
    missingData: "notBreaching",
  };
}

function holesAlarm(stream: WatchedFilteredStream, threshold: number): AlarmDefinition {
  return {
    id: "holes-stay-open",
    onlyWith: stream.fillsHolesOnlyWith ?? stream.onlyWith,
    meaning: `A hole of the filtered stream is older than ${threshold / MINUTE} minutes and not filled.`,
    metric: filteredStreamMetrics(stream)("StreamOldestHoleSeconds"),
    // The minimum of 15 minutes: an ingester that starts again fills an old hole in this time.
    statistic: "Minimum",
    comparison: "more than",
    threshold,
    periodSeconds: FIVE_MINUTES,
    periods: 3,
    // task-not-running covers missing data.
    missingData: "notBreaching",
  };
}

/** The connection, and the holes that its interruptions left. @param alarms undefined: there are none */
export function filteredStreamRow(
  stream: WatchedFilteredStream,
  alarms: FilteredStreamAlarmProps | undefined,
  region: string,
): Widget[] {
  const metric = filteredStreamMetrics(stream);
  const holeSeconds = alarms && oldestHoleSeconds(stream, alarms);
  return [
    graph({
      region,
      width: 6,
      title: "Connection to X",
      lines: [
        { metric: metric("StreamConnected"), statistic: "Minimum", label: "connected (1) or not (0)" },
        { metric: metric("StreamDisconnects"), statistic: "Sum", label: "disconnections in five minutes" },
      ],
    }),
    graph({
      region,
      width: 6,
      title: "Wait before the next connection",
      unit: "seconds",
      marks: alarms ? [{ label: "reconnect-waits", value: LONGEST_REFUSED_WAIT_SECONDS }] : [],
      lines: [{ metric: metric("StreamReconnectWaitSeconds"), statistic: "Maximum", label: "wait" }],
    }),
    graph({
      region,
      width: 6,
      title: "Oldest hole of the stream",
      unit: "seconds",
      marks: holeSeconds === undefined ? [] : [{ label: "holes-stay-open", value: holeSeconds }],
      lines: [{ metric: metric("StreamOldestHoleSeconds"), statistic: "Maximum", label: "age" }],
    }),
    graph({
      region,
      width: 6,
      title: "Holes of the stream",
      unit: "holes",
      lines: [{ metric: metric("StreamHolesOpen"), statistic: "Maximum", label: "neither filled nor lost" }],
    }),
  ];
}
