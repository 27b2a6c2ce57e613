/** One CloudWatch metric of one thing. */
export interface Metric {
  /** For example `AWS/Firehose`. */
  readonly namespace: string;
  readonly name: string;
  /** Dimension names and values, all known at synth time. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** CloudWatch's statistic for a period. */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum";

/** Metric names of one namespace and one set of dimensions: `metric("IncomingBytes")`. */
export type MetricFamily<Name extends string = string> = (name: Name) => Metric;

/** The metrics of one namespace and one set of dimensions. */
export function family<Name extends string>(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
): MetricFamily<Name> {
  return (name) => ({ namespace, name, dimensions });
}
