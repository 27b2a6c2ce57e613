import type { AlarmDefinition } from "./alarm-definition";
import { MINUTE } from "./alarm-definition";
import { taskMetrics } from "./metric";
import type { WatchedService } from "./watched-ingestion";

export interface ServiceAlarmProps {
  /**
   * Minutes without a running task, 2 to 60; a deployment stops the old task before it starts the new one.
   * @default 10
   */
  readonly notRunningMinutes?: number;
}

/** Whether there is an ingester at all; nobody can tell where Container Insights does not count tasks. */
export function serviceAlarms(
  service: WatchedService,
  { notRunningMinutes = 10 }: ServiceAlarmProps,
): AlarmDefinition[] {
  if (!service.countsTasks) return [];
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
