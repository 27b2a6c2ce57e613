/** CloudWatch metrics of an audit, by which alarms see what a scheduled one has found. */
import { metricsLine } from "../../status/reports/metrics";
import type { AuditReport } from "./report";

/** Name and CloudWatch unit: audits that have ended, whatever they found, and their findings of the level "breach". */
export const AUDIT_METRICS = { Audits: "Count", AuditBreaches: "Count" } as const;

/** The only dimension: the bucket's name. */
export const AUDIT_METRIC_DIMENSION = "Bucket";

/** @returns a line in Embedded Metric Format, with its line end */
export function auditMetrics(
  { at, findings }: Pick<AuditReport, "at" | "findings">,
  { namespace, bucket }: { readonly namespace: string; readonly bucket: string },
): string {
  const breaches = findings.filter(({ level }) => level === "breach").length;
  const values: Readonly<Record<keyof typeof AUDIT_METRICS, number>> = { Audits: 1, AuditBreaches: breaches };
  return metricsLine({
    ...{ namespace, nowMs: Date.parse(at), units: AUDIT_METRICS, values },
    dimensions: { [AUDIT_METRIC_DIMENSION]: bucket },
  });
}
