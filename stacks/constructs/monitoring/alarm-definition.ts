import { createHash } from "node:crypto";
import type { CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Op, Token } from "cdktf";
import { literalText, literalTexts } from "../terraform/literal-text";
import type { Metric, Statistic } from "./metric";

/** One alarm: what is measured, the threshold, and the meaning of missing data. */
export interface AlarmDefinition {
  /** Follows the stack's name in the alarm's, and names the alarm's section in docs/runbook.md. */
  readonly id: string;
  /**
   * Follows the id in the alarm's name: the query that it is about.
   * @default - the id alone tells it from the others
   */
  readonly suffix?: string | undefined;
  /**
   * Address of a map: there is one alarm for each entry, to which suffix and metric refer.
   * @default - one alarm
   */
  readonly forEach?: string | undefined;
  /** The alarm exists only with the first of these optional values, and only without the second. */
  readonly onlyWith?: unknown;
  readonly onlyWithout?: unknown;
  /** What has happened when the alarm goes off: one sentence for the reader of the mail. */
  readonly meaning: string;
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly comparison: "at least" | "more than" | "less than";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Number of consecutive periods before the alarm goes off. */
  readonly periods: number;
  /**
   * What a period without data counts as. Chosen for each alarm: missing data is normal for an idle stream, and a failure
   * of a service that always reports.
   */
  readonly missingData: "breaching" | "notBreaching" | "ignore";
}

/** In seconds, as CloudWatch counts periods. */
export const MINUTE = 60;
export const FIVE_MINUTES = 5 * MINUTE;
export const HOUR = 60 * MINUTE;

/** Goes off at the first event of a kind that is counted only when it happens. */
export const AT_THE_FIRST = {
  statistic: "Sum",
  comparison: "more than",
  threshold: 0,
  periodSeconds: FIVE_MINUTES,
  periods: 1,
  missingData: "notBreaching",
} as const satisfies Partial<AlarmDefinition>;

const OPERATORS = {
  "at least": "GreaterThanOrEqualToThreshold",
  "more than": "GreaterThanThreshold",
  "less than": "LessThanThreshold",
};

export interface AlarmTarget {
  readonly stackName: string;
  /** Topic of the notifications: when the alarm goes off, and when it is over. */
  readonly topicArn: string;
  /** Path or URL of the runbook, which has a section for each alarm. */
  readonly runbook: string;
}

/** `<stack>-<id>`, or `<stack>-<id>-<suffix>` */
export function alarmName(stackName: string, { id, suffix }: AlarmDefinition): string {
  return [stackName, id, ...(suffix === undefined ? [] : [suffix])].join("-");
}

/** Names that can be used unchanged in an address: letters, digits and hyphens. */
const PLAIN = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

/** The construct's id: suffixes that differ only in other characters get different addresses. */
export function alarmConstructId({ id, suffix, forEach }: AlarmDefinition): string {
  if (forEach !== undefined) return `${id}-further`;
  if (suffix === undefined) return id;
  if (PLAIN.test(suffix)) return `${id}-${suffix}`;
  return `${id}-${suffix}-${createHash("sha256").update(suffix).digest("hex").slice(0, 6)}`;
}

/** Seconds after which something is late that normally takes `bySeconds`. */
export function secondsBeyond(bySeconds: number, minutes: number): number {
  const grace = minutes * MINUTE;
  // In a Terraform module the number is a variable, so Terraform adds.
  return Token.isUnresolved(bySeconds) ? Token.asNumber(Op.add(bySeconds, grace)) : bySeconds + grace;
}

/** The alarm as Terraform takes it. */
export function renderAlarm(alarm: AlarmDefinition, target: AlarmTarget): CloudwatchMetricAlarmConfig {
  return {
    alarmName: alarmName(target.stackName, alarm),
    alarmDescription: `${alarm.meaning} What to do: ${literalText(target.runbook)}#${alarm.id}`,
    namespace: alarm.metric.namespace,
    metricName: alarm.metric.name,
    dimensions: literalTexts(alarm.metric.dimensions),
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
