import { type AlarmDefinition, AT_THE_FIRST, FIVE_MINUTES, HOUR, MINUTE } from "../alarm-definition";
import { graph, type Widget } from "../dashboard-widget";
import { family, type MetricFamily } from "../metric";

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
export function scheduleMetrics({
  groupName,
}: WatchedSchedule): MetricFamily<"InvocationAttemptCount" | "InvocationDroppedCount" | "TargetErrorCount"> {
  return family("AWS/Scheduler", { ScheduleGroup: groupName });
}

export interface WatchedSchedule {
  /** EventBridge Scheduler has metrics for each group: this group contains no other schedule. */
  readonly groupName: string;
  /** `rate(...)` or `cron(...)` */
  readonly expression: string;
}

export interface ScheduleAlarmProps {
  /**
   * Minutes without a start of the schedule, 10 to 10080; 0 = no such alarm. Longer than its longest pause.
   * @default - three intervals of a rate, at least half an hour, at most seven days; 26 hours for a cron expression that starts something every day, 0 for another one
   */
  readonly notStartedMinutes?: number;
}

/** CloudWatch evaluates at most one day, or seven days where periods last an hour or more. */
export const A_DAY = 24 * 60;
export const A_WEEK = 7 * A_DAY;
const MINUTES = { minute: 1, hour: 60, day: A_DAY };

/** Minutes between starts by a rate; undefined for another expression. */
export function intervalMinutes(expression: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  return rate ? Number(rate[1]) * MINUTES[rate[2] as keyof typeof MINUTES] : undefined;
}

/** Whether a cron expression leaves out days. Fields: minutes, hours, day of the month, month, day of the week, year. */
export function skipsDays(expression: string): boolean {
  const [, fields = ""] = /^cron\((.+)\)$/.exec(expression) ?? [];
  const days = fields.split(/\s+/).slice(2);
  return days.some((field) => field !== "*" && field !== "?");
}

/** Minutes after which a schedule that did not start is late; 0 where its pauses can be a week or more, or are not known. */
function startsWithin(expression: string): number {
  const interval = intervalMinutes(expression);
  if (interval === undefined) return skipsDays(expression) ? 0 : 26 * 60;
  return interval >= A_WEEK ? 0 : Math.min(A_WEEK, Math.max(30, 3 * interval));
}

/** Alarms of starts: a schedule that stops has no running task whose absence could be noticed. */
export function scheduleAlarms(schedule: WatchedSchedule, props: ScheduleAlarmProps): AlarmDefinition[] {
  const metric = scheduleMetrics(schedule);
  const { notStartedMinutes: minutes = startsWithin(schedule.expression) } = props;
  const failed: AlarmDefinition = {
    id: "start-failed",
    onlyWith: schedule.expression,
    meaning: `EventBridge Scheduler gave up a start of ${schedule.groupName}: ECS refused it, attempt after attempt.`,
    metric: metric("InvocationDroppedCount"),
    // Counted only when it happens.
    ...AT_THE_FIRST,
  };
  return minutes === 0 ? [failed] : [notStarted(schedule, minutes), failed];
}

function notStarted(schedule: WatchedSchedule, minutes: number): AlarmDefinition {
  const periodSeconds = minutes > A_DAY ? HOUR : FIVE_MINUTES;
  return {
    id: "not-started",
    onlyWith: schedule.expression,
    meaning: `The schedule ${schedule.groupName} has started nothing for ${minutes} minutes.`,
    metric: scheduleMetrics(schedule)("InvocationAttemptCount"),
    statistic: "Sum",
    comparison: "less than",
    threshold: 1,
    periodSeconds,
    periods: Math.ceil((minutes * MINUTE) / periodSeconds),
    // A schedule that starts nothing has no metric.
    missingData: "breaching",
  };
}

/** Starts of the schedule, and failed ones. */
export function scheduleRow(schedule: WatchedSchedule, region: string): Widget[] {
  const metric = scheduleMetrics(schedule);
  return [
    graph({
      region,
      title: "Starts of the schedule",
      width: 24,
      lines: [
        { metric: metric("InvocationAttemptCount"), statistic: "Sum", label: "attempts" },
        { metric: metric("TargetErrorCount"), statistic: "Sum", label: "refused by ECS" },
        { metric: metric("InvocationDroppedCount"), statistic: "Sum", label: "given up" },
      ],
    }),
  ];
}
