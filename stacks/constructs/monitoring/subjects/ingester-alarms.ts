import { Fn, Op, Token } from "cdktf";
import { withOrWithout } from "../../terraform/optional";
import type { AlarmDefinition } from "../alarm-definition";
import { AT_THE_FIRST, FIVE_MINUTES, secondsBeyond } from "../alarm-definition";
import type { MetricFamily } from "../metric";
import {
  FURTHER_QUERY,
  type IngesterMetricName,
  ingesterMetrics,
  type WatchedIngester,
  type WatchedQuery,
} from "./ingester";

export interface IngesterAlarmProps {
  /**
   * Minutes without a delivered post of a query, 5 to 1440; 0 = no such alarm. Longer than the quietest hours of any
   * query, and than a schedule's pause.
   * @default 120
   */
  readonly noPostsMinutes?: number;
  /**
   * Minutes that a query may lag behind X beyond the pause between polls, 5 to 1440; 0 = no such alarm.
   * @default 30
   */
  readonly lagMinutes?: number;
}

const DEFAULT_LAG_MINUTES = 30;

/** Percent of the tightest monthly limit, with the meaning of each. */
const BUDGET_STEPS = [
  {
    percent: 80,
    meaning: "80 percent of the monthly limit is used up; at 100 the ingester buys nothing more.",
  },
  { percent: 100, meaning: "The monthly limit is used up: no post is bought until the billing cycle turns." },
];

/** Lag in seconds above which a query's alarm goes off; undefined where there is no such alarm. */
export function lagSeconds(
  { pollSeconds }: WatchedIngester,
  { lagMinutes = DEFAULT_LAG_MINUTES }: IngesterAlarmProps = {},
): number | undefined {
  return lagMinutes === 0 ? undefined : secondsBeyond(pollSeconds, lagMinutes);
}

/** Alarms of posts and money from the ingester's metrics: the budget is common to all queries, the others are per query. */
export function ingesterAlarms(ingester: WatchedIngester, props: IngesterAlarmProps): AlarmDefinition[] {
  const { queries, furtherQueries } = ingester;
  const subjects = [
    ...queries.map((query, index) => subjectOf(ingester, query, index === 0)),
    ...(furtherQueries === undefined
      ? []
      : [{ ...subjectOf(ingester, FURTHER_QUERY.inResource, false), forEach: furtherQueries }]),
  ];
  return [
    ...subjects.slice(0, 1).flatMap((any) => BUDGET_STEPS.map((step) => budgetAlarm(any, step))),
    ...subjects.flatMap((subject) =>
      queryAlarms(subject, { ...props, threshold: lagSeconds(ingester, props) }),
    ),
  ];
}

/** What an alarm is about. */
interface Subject {
  readonly metric: MetricFamily<IngesterMetricName>;
  /** None for the first query: its alarms keep their names when others are added. */
  readonly suffix: string | undefined;
  /** Of the alarm: see `AlarmDefinition`. */
  readonly forEach?: string;
  /** Follows "post" or "lag" in a sentence; empty where there is only this query. */
  readonly ofQuery: string;
}

function subjectOf(
  { metricsNamespace }: WatchedIngester,
  { name, checkpointKey }: WatchedQuery,
  isFirst: boolean,
): Subject {
  return {
    metric: ingesterMetrics({ metricsNamespace, checkpointKey }),
    suffix: isFirst ? undefined : name,
    ofQuery: withOrWithout(name, ` of the query ${name}`, ""),
  };
}

function queryAlarms(
  subject: Subject,
  { noPostsMinutes = 120, threshold }: IngesterAlarmProps & { readonly threshold: number | undefined },
): AlarmDefinition[] {
  return [
    deadLetterAlarm(subject),
    ...(noPostsMinutes === 0 ? [] : [noPostsAlarm(subject, noPostsMinutes)]),
    ...(threshold === undefined ? [] : [lagAlarm(subject, threshold)]),
  ];
}

function budgetAlarm(
  { metric }: Subject,
  { percent, meaning }: { readonly percent: number; readonly meaning: string },
): AlarmDefinition {
  return {
    id: `budget-${percent}`,
    meaning,
    metric: metric("BudgetUsedPercent"),
    statistic: "Maximum",
    comparison: "at least",
    threshold: percent,
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    // Without new data the budget has not changed, so the alarm keeps its state.
    missingData: "ignore",
  };
}

function deadLetterAlarm({ metric, suffix, forEach, ofQuery }: Subject): AlarmDefinition {
  return {
    id: "dead-letters",
    suffix,
    forEach,
    meaning: `A post${ofQuery} could not be delivered whole; its line says what is missing.`,
    metric: metric("DeadLetters"),
    // An ingester that reports nothing has lost nothing.
    ...AT_THE_FIRST,
  };
}

function noPostsAlarm({ metric, suffix, forEach, ofQuery }: Subject, minutes: number): AlarmDefinition {
  return {
    id: "no-posts",
    suffix,
    forEach,
    meaning: `No post${ofQuery} was delivered for ${Token.isUnresolved(minutes) ? Fn.tostring(minutes) : minutes} minutes.`,
    metric: metric("PostsDelivered"),
    statistic: "Sum",
    comparison: "less than",
    threshold: 1,
    // Many short periods, because CloudWatch evaluates several more periods before it treats data as missing.
    periodSeconds: FIVE_MINUTES,
    periods: periodsOf(minutes),
    // An ingester that reports nothing delivers nothing.
    missingData: "breaching",
  };
}

/** CDKTF writes no parentheses around a condition; those of a function have the same effect. */
function periodsOf(minutes: number): number {
  const each = FIVE_MINUTES / 60;
  return Token.isUnresolved(minutes)
    ? Token.asNumber(Fn.ceil(Token.asNumber(Op.div(Fn.max([minutes]), each))))
    : Math.ceil(minutes / each);
}

function lagAlarm({ metric, suffix, forEach, ofQuery }: Subject, threshold: number): AlarmDefinition {
  return {
    id: "lag",
    suffix,
    forEach,
    meaning: `The lag${ofQuery} is too long: X's newest posts are not read.`,
    metric: metric("LagSeconds"),
    // The minimum of ten minutes, so that no alarm goes off for a run that catches up immediately after a pause.
    statistic: "Minimum",
    comparison: "more than",
    threshold,
    periodSeconds: FIVE_MINUTES,
    periods: 2,
    // Between the runs of a schedule there is no data; task-not-running and no-posts cover that.
    missingData: "notBreaching",
  };
}
