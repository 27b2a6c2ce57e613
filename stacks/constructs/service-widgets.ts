import { graph, type Widget } from "./dashboard-widget";
import { serviceMetrics, taskMetrics } from "./metric";
import type { WatchedService } from "./watched-ingestion";

/** The task; how many are running only where Container Insights counts them. */
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
