/**
 * CloudWatch metrics without an API call: JSON lines that CloudWatch Logs turns into metrics.
 * Format: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { LineOutput } from "../logger";
import type { Counters } from "./counters";
import { NO_COUNTS } from "./counters";
import type { Status } from "./state";

/**
 * Name and CloudWatch unit. PostsRead, PostsDelivered and DeadLetters count since the line before; the others are
 * states. CloudWatch has no unit for money.
 */
export const METRICS = {
  PostsRead: "Count",
  PostsDelivered: "Count",
  DeadLetters: "Count",
  SpentUsd: "None",
  BudgetUsedPercent: "Percent",
  LagSeconds: "Seconds",
} as const;

export type MetricName = keyof typeof METRICS;

/** What alarms and dashboards may refer to. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** The only dimension of each metric. */
export const METRIC_DIMENSION = "CheckpointKey";

/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html */
const MAX_DIMENSION_CHARACTERS = 1_024;

export interface EmfOptions {
  readonly namespace: string;
  readonly checkpointKey: string;
  readonly output: LineOutput;
}

export class EmfWriter {
  private last: Counters = NO_COUNTS;

  constructor(private readonly options: EmfOptions) {}

  /** Writes one line. What is not known (no limit, nothing read yet) is left out rather than invented. */
  emit(status: Status): void {
    const values = this.values(status);
    this.last = status.counts;
    this.options.output.write(`${JSON.stringify(this.document(status.nowMs, values))}\n`);
  }

  private values({ counts, money, lagSeconds }: Status): Partial<Record<MetricName, number>> {
    const values = {
      PostsRead: counts.postsRead - this.last.postsRead,
      PostsDelivered: counts.postsDelivered - this.last.postsDelivered,
      DeadLetters: counts.deadLetters - this.last.deadLetters,
      SpentUsd: money?.spentUsd,
      BudgetUsedPercent: money?.usedPercent,
      LagSeconds: lagSeconds,
    };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  }

  private document(nowMs: number, values: Partial<Record<MetricName, number>>): object {
    const names = METRIC_NAMES.filter((name) => name in values);
    const directive = {
      Namespace: this.options.namespace,
      Dimensions: [[METRIC_DIMENSION]],
      Metrics: names.map((name) => ({ Name: name, Unit: METRICS[name] })),
    };
    return {
      _aws: { Timestamp: nowMs, CloudWatchMetrics: [directive] },
      [METRIC_DIMENSION]: dimensionValue(this.options.checkpointKey),
      ...values,
    };
  }
}

/** CloudWatch takes printable ASCII only: all else is percent-encoded, so that different keys stay different. */
export function dimensionValue(key: string): string {
  // Through a buffer, because encodeURIComponent refuses half an emoji.
  const encode = (part: string) => encodeURIComponent(Buffer.from(part).toString());
  return key.replace(/[^\x20-\x7e]+/g, encode).slice(0, MAX_DIMENSION_CHARACTERS);
}
