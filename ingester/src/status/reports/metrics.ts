/**
 * CloudWatch metrics without an API call: JSON lines that CloudWatch Logs turns into metrics.
 * Format: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { Ledger } from "../../ledger/ledger";
import type { Prices } from "../../ledger/prices";
import type { LineOutput } from "../../runtime/logger";
import { spentBy } from "../budget-status";
import { type Counters, NO_COUNTS } from "../counters";
import type { QueryStatus } from "../query-status";
import type { Status } from "../status";
import type { FilteredStreamStatus } from "../stream/filtered-stream";

/**
 * Name and CloudWatch unit, for each query. PostsRead, PostsDelivered and DeadLetters count since the line before; the
 * others are states. BudgetUsedPercent is of the whole ledger's monthly limit. CloudWatch has no unit for money.
 */
export const METRICS = {
  PostsRead: "Count",
  PostsDelivered: "Count",
  DeadLetters: "Count",
  SpentUsd: "None",
  BudgetUsedPercent: "Percent",
  LagSeconds: "Seconds",
  HolesOpen: "Count",
} as const;

/**
 * In stream mode alone, beside METRICS. StreamDisconnects counts since the line before; the others are states:
 * StreamConnected is 1 or 0, StreamOldestHoleSeconds 0 without a hole, StreamReconnectWaitSeconds the length of the wait
 * before the next attempt, 0 while connected.
 */
export const STREAM_METRICS = {
  StreamConnected: "Count",
  StreamDisconnects: "Count",
  StreamHolesOpen: "Count",
  StreamOldestHoleSeconds: "Seconds",
  StreamReconnectWaitSeconds: "Seconds",
} as const;

export type StreamMetricName = keyof typeof STREAM_METRICS;

export const STREAM_METRIC_NAMES = Object.keys(STREAM_METRICS) as readonly StreamMetricName[];

export type MetricName = keyof typeof METRICS;

const ALL_METRICS = { ...METRICS, ...STREAM_METRICS };

/** What alarms and dashboards may refer to. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** The only dimension of each metric. */
export const METRIC_DIMENSION = "CheckpointKey";

export interface MetricsOptions {
  readonly namespace: string;
  readonly prices: Prices;
  readonly ledger: () => Ledger | undefined;
  readonly output: LineOutput;
}

export class MetricsWriter {
  private readonly last = new Map<string, Counters>();
  private lastDisconnections = 0;

  constructor(private readonly options: MetricsOptions) {}

  /** Writes one line for each query. A value that is not known (no limit, nothing read yet) is left out. */
  emit(status: Status): void {
    for (const query of status.queries) {
      const { filteredStream: stream } = status;
      const ofStream = stream?.key === query.key ? this.streamValues(stream) : {};
      const values = { ...this.values(query, status), ...ofStream };
      const at = { namespace: this.options.namespace, nowMs: status.nowMs };
      this.options.output.write(
        metricsLine({ ...at, dimensions: { [METRIC_DIMENSION]: query.key }, units: ALL_METRICS, values }),
      );
      this.last.set(query.key, query.counts);
    }
    this.lastDisconnections = status.filteredStream?.disconnections ?? 0;
  }

  private streamValues(stream: FilteredStreamStatus): Readonly<Record<StreamMetricName, number>> {
    return {
      StreamConnected: Number(stream.connected),
      StreamDisconnects: stream.disconnections - this.lastDisconnections,
      StreamHolesOpen: stream.holesOpen,
      StreamOldestHoleSeconds: stream.oldestHoleSeconds,
      StreamReconnectWaitSeconds: stream.reconnect.waitSeconds,
    };
  }

  private values({ key, counts, lagSeconds, holesOpen }: QueryStatus, { budget }: Status) {
    const last = this.last.get(key) ?? NO_COUNTS;
    const ledger = this.options.ledger();
    const values: Readonly<Record<MetricName, number | undefined>> = {
      PostsRead: counts.postsRead - last.postsRead,
      PostsDelivered: counts.postsDelivered - last.postsDelivered,
      DeadLetters: counts.deadLetters - last.deadLetters,
      SpentUsd: ledger && spentBy(ledger, key, this.options.prices),
      BudgetUsedPercent: budget?.usedPercent,
      LagSeconds: lagSeconds,
      HolesOpen: ledger && holesOpen,
    };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  }
}

export interface MetricsLineProps {
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** One set: CloudWatch keeps the metrics by all of these together. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** CloudWatch's unit of each metric. */
  readonly units: Readonly<Record<string, string>>;
  /** Metrics without a value are left out. */
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** One line in Embedded Metric Format, with its line end. */
export function metricsLine({ namespace, nowMs, dimensions, units, values }: MetricsLineProps): string {
  const directive = {
    Namespace: namespace,
    Dimensions: [Object.keys(dimensions)],
    Metrics: Object.entries(units).flatMap(([Name, Unit]) => (Name in values ? [{ Name, Unit }] : [])),
  };
  const document = { _aws: { Timestamp: nowMs, CloudWatchMetrics: [directive] }, ...dimensions, ...values };
  return `${JSON.stringify(document)}\n`;
}
