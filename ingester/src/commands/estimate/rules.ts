/** What the rules of a stream would cost: X's counts of each of them, as far as search can tell. */
import type { Prices } from "../../ledger/prices";
import { IngesterError, SourceError } from "../../loop/errors";
import { count, plural, usd } from "../../runtime/words";
import {
  ARCHIVE_QUERY_MAX_CHARACTERS,
  ignoredBySearch,
  RECENT_QUERY_MAX_CHARACTERS,
  sampledBy,
} from "../../x/query";
import type { COUNTS, CountBucket } from "../../x/search/counts";
import type { StreamRule } from "../../x/stream/rules/rules";
import { amountCells, table } from "../terminal/table";
import type { Amount } from "./figures";
import { describeCost, type EstimateCost, type Forecast, forecastFrom } from "./forecast";

/** A rule that has been counted, or why it has not. */
export type RuleEstimate = StreamRule & (CountedRule | { readonly notCounted: string });

type CountedRule = Forecast & {
  /** Operators that the count does not honour: the stream brings fewer posts. */
  readonly ignored: readonly string[];
};

export interface RulesEstimate extends EstimateCost {
  readonly rules: readonly RuleEstimate[];
  /** A month of all counted rules: between the largest of them and their sum, because of posts that several match. */
  readonly perMonth: { readonly atLeast: Amount; readonly atMost: Amount };
}

interface RulesQuestion {
  /** Counts a query by hour, for the price of one request. */
  readonly ask: (query: string) => Promise<readonly CountBucket[]>;
  readonly scope: keyof typeof COUNTS;
  readonly prices: Prices;
  /** Of one request. */
  readonly cost: EstimateCost;
}

/**
 * Asks in the order of the configuration. Search ignores `sample:`, so its share is taken of the count. A rule that X does not take as a search is left out; what stops every count
 * (a limit, X's rate limit) ends the asking, and what has been counted is shown.
 * @throws IngesterError when nothing could be counted for such a reason
 */
export async function estimateRules(
  rules: readonly StreamRule[],
  { ask, scope, prices, cost }: RulesQuestion,
): Promise<RulesEstimate> {
  const estimates: RuleEstimate[] = [];
  let requests = 0;
  let stopped: string | undefined;
  for (const rule of rules) {
    const { query, share } = sampledBy(rule.value);
    const problem = stopped ?? tooLong(query, scope);
    if (problem !== undefined) {
      estimates.push({ ...rule, notCounted: problem });
      continue;
    }
    try {
      const buckets = await ask(query);
      requests += 1;
      estimates.push({ ...rule, ...forecastFrom(buckets, prices, share), ignored: ignoredBySearch(query) });
    } catch (error) {
      if (!(error instanceof IngesterError)) throw error;
      const isOfRule = error instanceof SourceError && error.kind === "invalid_request";
      if (!isOfRule && requests === 0) throw error;
      if (!isOfRule) stopped = error.message;
      estimates.push({ ...rule, notCounted: error.message });
    }
  }
  return {
    rules: estimates,
    perMonth: together(estimates.filter(isCounted).map(({ perMonth }) => perMonth)),
    ...cost,
    requestUsd: cost.requestUsd * requests,
  };
}

function tooLong(query: string, scope: keyof typeof COUNTS): string | undefined {
  const length = [...query].length;
  const max = scope === "all" ? ARCHIVE_QUERY_MAX_CHARACTERS : RECENT_QUERY_MAX_CHARACTERS;
  if (length <= max) return undefined;
  return `has ${count(length)} characters, and counts take ${count(max)}; --full-archive counts up to ${count(ARCHIVE_QUERY_MAX_CHARACTERS)}.`;
}

function together(amounts: readonly Amount[]): RulesEstimate["perMonth"] {
  return amounts.reduce(
    ({ atLeast, atMost }, amount) => ({
      atLeast: amount.posts > atLeast.posts ? amount : atLeast,
      atMost: { posts: atMost.posts + amount.posts, usd: atMost.usd + amount.usd },
    }),
    { atLeast: { posts: 0, usd: 0 }, atMost: { posts: 0, usd: 0 } },
  );
}

function isCounted(rule: RuleEstimate): rule is StreamRule & CountedRule {
  return "perMonth" in rule;
}

export function describeRules(estimate: RulesEstimate, room = Number.POSITIVE_INFINITY): string {
  const counted = estimate.rules.filter(isCounted);
  const hours = Math.max(0, ...counted.map((rule) => rule.hours));
  const width = Math.max(...estimate.rules.map(({ tag }) => tag.length));
  return [
    `${plural(counted.length, "rule")}, by X's counts of the last ${plural(hours, "hour")}. At that rate, a month brings:`,
    ...table(
      counted.map((rule) => [rule.tag, ...amountCells(rule.perMonth), `${rule.value}${warning(rule)}`]),
      { room, right: [1, 2], indent: "  " },
    ),
    ...estimate.rules.flatMap((rule) =>
      isCounted(rule) ? [] : [`  ${rule.tag.padEnd(width)}  not counted: ${rule.notCounted}`],
    ),
    "",
    ...describeSum(estimate.perMonth, counted.length, estimate.rules.length - counted.length),
    "Counts are those of search, which matches differently: only the stream brings reposts of the words of a rule, and " +
      "posts that do no more than quote them; only search takes letters with other accents for the same.",
    'To pay less, narrow a rule, or add sample: to it: "cats sample:10" brings, and costs, a tenth of "cats".',
    "",
    `${describeCost(estimate)} Cap a stream with MONTHLY_POST_LIMIT or MONTHLY_USD_LIMIT.`,
  ].join("\n");
}

function describeSum(
  { atLeast, atMost }: RulesEstimate["perMonth"],
  counted: number,
  left: number,
): readonly string[] {
  const without = left === 0 ? "" : `, without ${plural(left, "rule")} that could not be counted`;
  if (counted < 2) return [`Together ${amount(atMost)} a month${without}.`];
  return [
    `Together at most ${amount(atMost)} a month${without}: that is the sum, and a post that several rules match comes, ` +
      `and is billed, once. At least ${amount(atLeast)}: the largest rule alone.`,
  ];
}

function amount({ posts, usd: dollars }: Amount): string {
  return `${plural(posts, "post")} and ${usd(dollars)}`;
}

function warning({ ignored }: CountedRule): string {
  return ignored.length === 0 ? "" : `   (counts ignore ${ignored.join(", ")}: the stream brings fewer)`;
}
