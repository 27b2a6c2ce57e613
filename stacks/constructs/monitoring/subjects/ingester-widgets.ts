import { Fn } from "cdktf";
import { withOrWithout } from "../../terraform/optional";
import { graph, type Line, type MetricLine, type Widget } from "../dashboard-widget";
import type { Statistic } from "../metric";
import {
  FURTHER_QUERY,
  type IngesterMetricName,
  ingesterMetrics,
  type WatchedIngester,
  type WatchedQuery,
} from "./ingester";

/** What was bought, and what is left of the budget. */
export function moneyRow(ingester: WatchedIngester, region: string): Widget[] {
  return [
    graph({
      region,
      title: "Spent in this billing cycle",
      unit: "US dollars",
      lines: eachQuery(ingester, { metric: "SpentUsd", statistic: "Maximum", label: "spent" }),
    }),
    graph({
      region,
      title: "Share of the tightest monthly limit",
      unit: "percent",
      marks: [
        { label: "budget-80", value: 80 },
        { label: "budget-100", value: 100 },
      ],
      lines: [allQueries(ingester, { metric: "BudgetUsedPercent", sum: "MAX", label: "used" })],
    }),
    graph({
      region,
      title: "Now",
      view: "singleValue",
      lines: [
        allQueries(ingester, { metric: "SpentUsd", sum: "SUM", label: "US dollars spent" }),
        allQueries(ingester, { metric: "BudgetUsedPercent", sum: "MAX", label: "percent of the limit" }),
        allQueries(ingester, { metric: "LagSeconds", sum: "MAX", label: "seconds behind" }),
        allQueries(ingester, { metric: "HolesOpen", sum: "SUM", label: "holes open" }),
      ],
    }),
  ];
}

/** Posts read from X and delivered to the stream. */
export function postsRow(ingester: WatchedIngester, region: string): Widget[] {
  return [
    graph({
      region,
      title: "Posts read in five minutes",
      unit: "posts",
      lines: eachQuery(ingester, { metric: "PostsRead", statistic: "Sum", label: "read" }),
    }),
    graph({
      region,
      title: "Posts delivered in five minutes",
      unit: "posts",
      lines: eachQuery(ingester, { metric: "PostsDelivered", statistic: "Sum", label: "delivered" }),
    }),
    graph({
      region,
      title: "Dead letters in five minutes",
      unit: "posts",
      lines: eachQuery(ingester, { metric: "DeadLetters", statistic: "Sum", label: "not delivered whole" }),
    }),
  ];
}

/** Lag and holes of the coverage. @param lagSeconds threshold of the alarm; undefined: there is no such alarm */
export function coverageRow(
  ingester: WatchedIngester,
  lagSeconds: number | undefined,
  region: string,
): Widget[] {
  return [
    graph({
      region,
      width: 12,
      title: "Behind X",
      unit: "seconds",
      marks: lagSeconds === undefined ? [] : [{ label: "lag", value: lagSeconds }],
      lines: eachQuery(ingester, { metric: "LagSeconds", statistic: "Maximum", label: "lag" }),
    }),
    graph({
      region,
      width: 12,
      title: "Holes in the coverage",
      unit: "holes",
      lines: eachQuery(ingester, { metric: "HolesOpen", statistic: "Maximum", label: "open" }),
    }),
  ];
}

interface EachQuery {
  readonly metric: IngesterMetricName;
  readonly statistic: Statistic;
  /** Where there is one query, which has no name. */
  readonly label: string;
}

/** A line for each query, under its name. */
function eachQuery(ingester: WatchedIngester, props: EachQuery): MetricLine[] {
  const { metricsNamespace, queries, furtherQueries } = ingester;
  const line = ({ name, checkpointKey }: WatchedQuery): MetricLine => ({
    metric: ingesterMetrics({ metricsNamespace, checkpointKey })(props.metric),
    statistic: props.statistic,
    label: withOrWithout(name, name ?? "", props.label),
  });
  const further =
    furtherQueries === undefined ? [] : [{ ...line(FURTHER_QUERY.inExpression), forEach: furtherQueries }];
  return [...queries.map(line), ...further];
}

interface AllQueries {
  readonly metric: IngesterMetricName;
  /** CloudWatch's function that combines the metrics. */
  readonly sum: "MAX" | "SUM";
  readonly label: string;
}

/** One line for all queries together. */
function allQueries(ingester: WatchedIngester, { metric, sum, label }: AllQueries): Line {
  const parts = eachQuery(ingester, { metric, statistic: "Maximum", label });
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { ...only, label };
  const prefix = metric.toLowerCase();
  const idOf = ({ forEach, label }: MetricLine, index: number) =>
    `${prefix}${forEach ? Fn.md5(label) : index + 1}`;
  const of = Object.fromEntries(parts.map((part, index) => [idOf(part, index), part]));
  // METRICS: all of the graph whose id contains the text.
  const list = ingester.furtherQueries ? `METRICS("${prefix}")` : `[${Object.keys(of).join(", ")}]`;
  return { expression: `${sum}(${list})`, label, of };
}
