import { type AlarmDefinition, HOUR, MINUTE } from "../alarm-definition";
import { graph, type Widget } from "../dashboard-widget";
import { family, type MetricFamily } from "../metric";
import { A_DAY, A_WEEK, intervalMinutes, skipsDays } from "./schedule";

export interface WatchedAudit {
  /** The ingester's METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** The bucket that is read: the metrics' only dimension. */
  readonly bucketName: string;
  /** `rate(...)` or `cron(...)` */
  readonly expression: string;
}

/** What `ingester audit` writes when it ends; the contract test compares these names with its own. */
export type AuditMetricName = "Audits" | "AuditBreaches";

export function auditMetrics({
  metricsNamespace,
  bucketName,
}: Pick<WatchedAudit, "metricsNamespace" | "bucketName">): MetricFamily<AuditMetricName> {
  return family(metricsNamespace, { Bucket: bucketName });
}

export interface AuditAlarmProps {
  /**
   * Minutes without an audit that ended, 10 to 10080; 0 = no such alarm. Longer than the schedule's longest pause.
   * @default - two intervals of a rate, at least two hours; 26 hours for a cron expression that starts one every day; 0 for another one, and where that is above seven days
   */
  readonly notAuditedMinutes?: number;
}

const LEAST = 120;

function endsWithin(expression: string): number {
  const interval = intervalMinutes(expression);
  if (interval === undefined) return skipsDays(expression) ? 0 : 26 * 60;
  return 2 * interval > A_WEEK ? 0 : Math.max(LEAST, 2 * interval);
}

/** Alarms of a scheduled audit: what it found, and that it does not end. */
export function auditAlarms(audit: WatchedAudit, props: AuditAlarmProps): AlarmDefinition[] {
  const metric = auditMetrics(audit);
  const { notAuditedMinutes: minutes = endsWithin(audit.expression) } = props;
  const failed: AlarmDefinition = {
    id: "audit-failed",
    meaning: `The audit of ${audit.bucketName} found something against a promise: its report is in the log.`,
    metric: metric("AuditBreaches"),
    statistic: "Maximum",
    comparison: "at least",
    threshold: 1,
    periodSeconds: HOUR,
    periods: 1,
    // What was found holds until the next audit.
    missingData: "ignore",
  };
  return minutes === 0 ? [failed] : [notAudited(audit, minutes), failed];
}

function notAudited(audit: WatchedAudit, minutes: number): AlarmDefinition {
  const periodSeconds = minutes > A_DAY ? HOUR : 10 * MINUTE;
  return {
    id: "not-audited",
    meaning: `No audit of ${audit.bucketName} has ended for ${minutes} minutes.`,
    metric: auditMetrics(audit)("Audits"),
    statistic: "Sum",
    comparison: "less than",
    threshold: 1,
    periodSeconds,
    periods: Math.ceil((minutes * MINUTE) / periodSeconds),
    // An audit that does not end writes no metric.
    missingData: "breaching",
  };
}

/** Audits that ended, and what they found. */
export function auditRow(audit: WatchedAudit, region: string): Widget[] {
  const metric = auditMetrics(audit);
  return [
    graph({
      region,
      title: "Audits",
      width: 24,
      period: HOUR,
      lines: [
        { metric: metric("Audits"), statistic: "Sum", label: "ended" },
        { metric: metric("AuditBreaches"), statistic: "Maximum", label: "against a promise" },
      ],
    }),
  ];
}
