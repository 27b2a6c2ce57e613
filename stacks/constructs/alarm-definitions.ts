import type { AlarmDefinition } from "./alarm-definition";
import { functionMetrics, ingesterMetrics, streamMetrics, taskMetrics, transformMetrics } from "./metric";
import type { WatchedIngestion, WatchedService, WatchedStream } from "./watched-ingestion";

/** How patient the alarms are. */
export interface AlarmThresholds {
  /**
   * Minutes without a delivered post, 5 to 1440 in steps of 5; 0 = no such alarm. Longer than the quietest hours
   * of the query, and than a schedule's pause.
   * @default 120
   */
  readonly noPostsMinutes?: number;
  /**
   * Minutes that a record may wait beyond its buffering interval, 5 to 1440.
   * @default 15
   */
  readonly lateMinutes?: number;
  /**
   * Minutes without a running task, 2 to 60; a deployment stops the old task before it starts the new one.
   * @default 10
   */
  readonly notRunningMinutes?: number;
}

const MINUTE = 60;
const FIVE_MINUTES = 5 * MINUTE;

/** Alarms for what there is to watch: without a service, a transform or metrics, theirs are left out. */
export function alarmDefinitions(
  watched: WatchedIngestion,
  thresholds: AlarmThresholds = {},
): AlarmDefinition[] {
  return [
    ...streamAlarms(watched.stream, thresholds),
    ...ingesterAlarms(watched, thresholds),
    ...taskAlarms(watched.service, thresholds),
    ...transformAlarms(watched),
  ];
}

function streamAlarms(stream: WatchedStream, { lateMinutes = 15 }: AlarmThresholds): AlarmDefinition[] {
  const metric = streamMetrics(stream.streamName);
  return [
    {
      id: "delivery-late",
      meaning: `Records wait in ${stream.streamName} much longer than it buffers them: S3 is not reached.`,
      metric: metric("DeliveryToS3.DataFreshness"),
      statistic: "Maximum",
      comparison: "more than",
      threshold: stream.bufferingIntervalSeconds + lateMinutes * MINUTE,
      periodSeconds: FIVE_MINUTES,
      periods: 1,
      // A stream that holds nothing reports no age.
      missingData: "notBreaching",
    },
    {
      id: "stream-throttled",
      meaning: `${stream.streamName} has refused records for a quarter of an hour: more comes than its limits allow.`,
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

function ingesterAlarms({ ingester }: WatchedIngestion, { noPostsMinutes = 120 }: AlarmThresholds) {
  if (!ingester) return [];
  const metric = ingesterMetrics(ingester);
  const budget = (percent: number, meaning: string): AlarmDefinition => ({
    id: `budget-${percent}`,
    meaning,
    metric: metric("BudgetUsedPercent"),
    statistic: "Maximum",
    comparison: "at least",
    threshold: percent,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // Money spent stays spent while the ingester is silent: the state is kept.
    missingData: "ignore",
  });
  const deadLetters: AlarmDefinition = {
    id: "dead-letters",
    meaning: "A post could not be delivered whole; its line says what is missing.",
    metric: metric("DeadLetters"),
    statistic: "Sum",
    comparison: "more than",
    threshold: 0,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // A silent ingester has lost nothing.
    missingData: "notBreaching",
  };
  const noPosts: AlarmDefinition = {
    id: "no-posts",
    meaning: `No post was delivered for ${noPostsMinutes} minutes.`,
    metric: metric("PostsDelivered"),
    statistic: "Sum",
    comparison: "less than",
    threshold: 1,
    // Short periods: CloudWatch looks back by whole periods before it believes that data is missing.
    periodSeconds: FIVE_MINUTES,
    periods: Math.ceil(noPostsMinutes / 5),
    // An ingester that says nothing delivers nothing.
    missingData: "breaching",
  };
  return [
    budget(80, "80 percent of the tightest monthly limit is used up; at 100 the ingester stops buying posts."),
    budget(100, "The monthly limit is used up: no post is bought until the billing cycle turns."),
    deadLetters,
    ...(noPostsMinutes === 0 ? [] : [noPosts]),
  ];
}

function taskAlarms(
  service: WatchedService | undefined,
  { notRunningMinutes = 10 }: AlarmThresholds,
): AlarmDefinition[] {
  if (!service?.countsTasks) return [];
  return [
    {
      id: "task-not-running",
      meaning: `No task of ${service.serviceName} has been running for ${notRunningMinutes} minutes.`,
      metric: taskMetrics(service)("RunningTaskCount"),
      statistic: "Maximum",
      comparison: "less than",
      threshold: 1,
      periodSeconds: MINUTE,
      periods: notRunningMinutes,
      // Container Insights writes nothing about a service without tasks.
      missingData: "breaching",
    },
  ];
}

function transformAlarms({ transform }: WatchedIngestion): AlarmDefinition[] {
  if (!transform) return [];
  const failed = {
    statistic: "Sum",
    comparison: "more than",
    threshold: 0,
    periodSeconds: FIVE_MINUTES,
    // The function runs only when records come, and reports only what went wrong.
    missingData: "notBreaching",
  } as const;
  return [
    {
      ...failed,
      id: "transform-errors",
      meaning: `${transform.functionName} keeps failing, and Firehose stops trying after a few times.`,
      metric: functionMetrics(transform.functionName)("Errors"),
      // Firehose tries again by itself: one failed call loses nothing.
      periods: 2,
    },
    {
      ...failed,
      id: "transform-failed-records",
      meaning: `${transform.functionName} gave records up; Firehose put them under the error prefix.`,
      metric: transformMetrics(transform)("FailedRecords"),
      periods: 1,
    },
  ];
}
