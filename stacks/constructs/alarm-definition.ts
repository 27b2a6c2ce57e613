import type { CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Metric, Statistic } from "./metric";

/** One alarm, as a person would say it: what is measured, when it is too much, and what silence means. */
export interface AlarmDefinition {
  /** Follows the stack's name in the alarm's, and names the alarm's section in docs/runbook.md. */
  readonly id: string;
  /** What has happened when it rings: one sentence for whoever gets the mail. */
  readonly meaning: string;
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly comparison: "at least" | "more than" | "less than";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Periods in a row that it takes. */
  readonly periods: number;
  /**
   * What a period without data counts as. Chosen for each alarm: the same silence is good news from an idle stream
   * and bad news from a service that should never be silent.
   */
  readonly missingData: "breaching" | "notBreaching" | "ignore";
}

/** In seconds, as CloudWatch counts periods. */
export const MINUTE = 60;
export const FIVE_MINUTES = 5 * MINUTE;

const OPERATORS = {
  "at least": "GreaterThanOrEqualToThreshold",
  "more than": "GreaterThanThreshold",
  "less than": "LessThanThreshold",
};

export interface AlarmTarget {
  readonly stackName: string;
  /** Told when the alarm rings, and when it is over. */
  readonly topicArn: string;
  /** What the alarm's section is linked from: a path or URL of the runbook. */
  readonly runbook: string;
}

/** `<stack>-<id>` */
export function alarmName(stackName: string, id: string): string {
  return `${stackName}-${id}`;
}

/** The alarm as Terraform takes it. */
export function renderAlarm(alarm: AlarmDefinition, target: AlarmTarget): CloudwatchMetricAlarmConfig {
  return {
    alarmName: alarmName(target.stackName, alarm.id),
    alarmDescription: `${alarm.meaning} What to do: ${target.runbook}#${alarm.id}`,
    namespace: alarm.metric.namespace,
    metricName: alarm.metric.name,
    dimensions: { ...alarm.metric.dimensions },
    statistic: alarm.statistic,
    comparisonOperator: OPERATORS[alarm.comparison],
    threshold: alarm.threshold,
    period: alarm.periodSeconds,
    evaluationPeriods: alarm.periods,
    datapointsToAlarm: alarm.periods,
    treatMissingData: alarm.missingData,
    alarmActions: [target.topicArn],
    okActions: [target.topicArn],
  };
}
