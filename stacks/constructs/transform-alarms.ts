import { type AlarmDefinition, FIVE_MINUTES } from "./alarm-definition";
import { functionMetrics, type TransformMetricsProps, transformMetrics } from "./metric";

const ANY = {
  statistic: "Sum",
  comparison: "more than",
  threshold: 0,
  periodSeconds: FIVE_MINUTES,
  periods: 1,
  // The function runs only when records come, and counts only what went wrong.
  missingData: "notBreaching",
} as const;

/** What did not get through the transform; what a function without metrics set aside, nobody can tell. */
export function transformAlarms(transform: TransformMetricsProps): AlarmDefinition[] {
  const { functionName, metricsNamespace } = transform;
  const errors: AlarmDefinition = {
    ...ANY,
    id: "transform-errors",
    meaning: `${functionName} failed; Firehose tries again, then puts the records under the error prefix.`,
    metric: functionMetrics(functionName)("Errors"),
  };
  const failedRecords: AlarmDefinition = {
    ...ANY,
    id: "transform-failed-records",
    meaning: `${functionName} could read nothing in a record; it lies under the error prefix.`,
    metric: transformMetrics(transform)("FailedRecords"),
  };
  return metricsNamespace === "" ? [errors] : [errors, failedRecords];
}
