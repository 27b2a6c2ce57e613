import { graph, type Widget } from "./dashboard-widget";
import { type IngesterMetricsProps, ingesterMetrics } from "./metric";

/** What was bought, and what is left of the budget. */
export function moneyRow(ingester: IngesterMetricsProps, region: string): Widget[] {
  const metric = ingesterMetrics(ingester);
  return [
    graph({
      region,
      title: "Spent in this billing cycle",
      unit: "US dollars",
      lines: [{ metric: metric("SpentUsd"), statistic: "Maximum", label: "spent" }],
    }),
    graph({
      region,
      title: "Share of the tightest monthly limit",
      unit: "percent",
      marks: [
        { label: "budget-80", value: 80 },
        { label: "budget-100", value: 100 },
      ],
      lines: [{ metric: metric("BudgetUsedPercent"), statistic: "Maximum", label: "used" }],
    }),
    graph({
      region,
      title: "Now",
      view: "singleValue",
      lines: [
        { metric: metric("SpentUsd"), statistic: "Maximum", label: "US dollars spent" },
        { metric: metric("BudgetUsedPercent"), statistic: "Maximum", label: "percent of the limit" },
        { metric: metric("LagSeconds"), statistic: "Maximum", label: "seconds behind" },
      ],
    }),
  ];
}

/** What was read from X and handed to the stream. */
export function postsRow(ingester: IngesterMetricsProps, region: string): Widget[] {
  const metric = ingesterMetrics(ingester);
  return [
    graph({
      region,
      title: "Posts in five minutes",
      unit: "posts",
      lines: [
        { metric: metric("PostsRead"), statistic: "Sum", label: "read" },
        { metric: metric("PostsDelivered"), statistic: "Sum", label: "delivered" },
      ],
    }),
    graph({
      region,
      title: "Behind X",
      unit: "seconds",
      lines: [{ metric: metric("LagSeconds"), statistic: "Maximum", label: "age of the newest post" }],
    }),
    graph({
      region,
      title: "Dead letters",
      unit: "posts",
      lines: [{ metric: metric("DeadLetters"), statistic: "Sum", label: "not delivered whole" }],
    }),
  ];
}
