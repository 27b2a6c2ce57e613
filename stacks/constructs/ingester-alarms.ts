import type { AlarmDefinition } from "./alarm-definition";
import { FIVE_MINUTES } from "./alarm-definition";
import { type IngesterMetricsProps, ingesterMetrics } from "./metric";

export interface IngesterAlarmProps {
  /**
   * Minutes without a delivered post, 5 to 1440; 0 = no such alarm. Longer than the quietest hours of the query,
   * and than a schedule's pause.
   * @default 120
   */
  readonly noPostsMinutes?: number;
}

/** Percent of the tightest monthly limit, with what to think of it. */
const BUDGET_STEPS = [
  {
    percent: 80,
    meaning: "80 percent of the monthly limit is used up; at 100 the ingester buys nothing more.",
  },
  { percent: 100, meaning: "The monthly limit is used up: no post is bought until the billing cycle turns." },
];

/** Posts and money, by the ingester's own account. */
export function ingesterAlarms(
  ingester: IngesterMetricsProps,
  { noPostsMinutes = 120 }: IngesterAlarmProps,
): AlarmDefinition[] {
  return [
    ...BUDGET_STEPS.map((step) => budgetAlarm(ingester, step)),
    deadLetterAlarm(ingester),
    ...(noPostsMinutes === 0 ? [] : [noPostsAlarm(ingester, noPostsMinutes)]),
  ];
}

function budgetAlarm(
  ingester: IngesterMetricsProps,
  { percent, meaning }: { readonly percent: number; readonly meaning: string },
): AlarmDefinition {
  return {
    id: `budget-${percent}`,
    meaning,
    metric: ingesterMetrics(ingester)("BudgetUsedPercent"),
    statistic: "Maximum",
    comparison: "at least",
    threshold: percent,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // Money spent stays spent while the ingester is silent: the state is kept.
    missingData: "ignore",
  };
}

function deadLetterAlarm(ingester: IngesterMetricsProps): AlarmDefinition {
  return {
    id: "dead-letters",
    meaning: "A post could not be delivered whole; its line says what is missing.",
    metric: ingesterMetrics(ingester)("DeadLetters"),
    statistic: "Sum",
    comparison: "more than",
    threshold: 0,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // A silent ingester has lost nothing.
    missingData: "notBreaching",
  };
}

function noPostsAlarm(ingester: IngesterMetricsProps, minutes: number): AlarmDefinition {
  return {
    id: "no-posts",
    meaning: `No post was delivered for ${minutes} minutes.`,
    metric: ingesterMetrics(ingester)("PostsDelivered"),
    statistic: "Sum",
    comparison: "less than",
    threshold: 1,
    // Many short periods: CloudWatch looks back by several whole periods before it believes that data is missing.
    periodSeconds: FIVE_MINUTES,
    periods: Math.ceil((minutes * 60) / FIVE_MINUTES),
    // An ingester that says nothing delivers nothing.
    missingData: "breaching",
  };
}
