import { type AlarmDefinition, MINUTE } from "../alarm-definition";
import { graph, type Widget } from "../dashboard-widget";
import { family, type MetricFamily } from "../metric";

export interface ServiceMetricsProps {
  /** ECS cluster of the service. */
  readonly clusterName: string;
  /** ECS service. */
  readonly serviceName: string;
}

/** Free: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
export function serviceMetrics(
  props: ServiceMetricsProps,
): MetricFamily<"CPUUtilization" | "MemoryUtilization"> {
  return family("AWS/ECS", serviceDimensions(props));
}

/**
 * With Container Insights only:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function taskMetrics(props: ServiceMetricsProps): MetricFamily<"RunningTaskCount"> {
  return family("ECS/ContainerInsights", serviceDimensions(props));
}

export interface WatchedService extends ServiceMetricsProps {
  /** Whether Container Insights counts its tasks. */
  readonly countsTasks: boolean;
  /**
   * The optional schedule that replaces the service in modules.
   * @default - there is no schedule
   */
  readonly unless?: string | undefined;
}

function serviceDimensions({ clusterName, serviceName }: ServiceMetricsProps) {
  return { ClusterName: clusterName, ServiceName: serviceName };
}

export interface ServiceAlarmProps {
  /**
   * Minutes without a running task, 2 to 60; a deployment stops the old task before it starts the new one.
   * @default 10
   */
  readonly notRunningMinutes?: number;
}

/** The alarm of a missing task; there is none where Container Insights does not count tasks. */
export function serviceAlarms(
  service: WatchedService,
  { notRunningMinutes = 10 }: ServiceAlarmProps,
): AlarmDefinition[] {
  if (!service.countsTasks) return [];
  return [
    {
      id: "task-not-running",
      onlyWithout: service.unless,
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

/** CPU and memory of the task, and the number of running tasks where Container Insights counts them. */
export function serviceRow(service: WatchedService, region: string): Widget[] {
  const metric = serviceMetrics(service);
  const load = graph({
    region,
    title: "Load of the task",
    unit: "percent",
    width: service.countsTasks ? 12 : 24,
    lines: [
      { metric: metric("CPUUtilization"), statistic: "Maximum", label: "CPU" },
      { metric: metric("MemoryUtilization"), statistic: "Maximum", label: "memory" },
    ],
  });
  if (!service.countsTasks) return [load];
  const running = graph({
    region,
    title: "Running tasks",
    width: 12,
    period: 60,
    lines: [{ metric: taskMetrics(service)("RunningTaskCount"), statistic: "Maximum", label: "running" }],
  });
  return [running, load];
}
