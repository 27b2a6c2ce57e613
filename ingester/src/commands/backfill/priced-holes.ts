/** What filling holes would buy and cost, by X's own counts. */
import type { QueryConfig } from "../../config/queries";
import { holesIn } from "../../ledger/coverage";
import { describeInterval, type Interval } from "../../ledger/intervals";
import { coverageFor, type Ledger } from "../../ledger/ledger";
import { type Amounts, costInUsd, times } from "../../ledger/prices";
import { begun, type Goal, targetOf } from "../../loop/task";
import { lastIdBefore, olderId } from "../../posts/ids";
import { duration, plural, usd } from "../../runtime/words";
import type { XClient } from "../../x/client";
import { COUNTS } from "../../x/search/counts";
import { countedRange } from "../counted-range";
import { countMetered, type Metering } from "../metered-counts";

export interface Hole {
  /** Key of the query's coverage. */
  readonly key: string;
  readonly query: string;
  readonly interval: Interval;
}

export interface PricedHole extends Hole {
  readonly posts: number;
  readonly usd: number;
}

export interface Price {
  readonly holes: readonly PricedHole[];
  readonly posts: number;
  /** Of the posts alone. */
  readonly usd: number;
  /** With as many included posts and users as EXPANSIONS can bring. */
  readonly mostUsd: number;
  /** What the counts themselves cost. */
  readonly requestUsd: number;
}

export interface Pricing {
  readonly client: XClient;
  readonly metering: Metering;
  /** The most that a post can cost. */
  readonly perPost: Amounts;
}

/** What is left to buy now, oldest first. */
export function holesOf(
  queries: readonly QueryConfig[],
  goal: Goal,
  { ledger, nowMs }: { readonly ledger: Ledger; readonly nowMs: number },
): readonly Hole[] {
  return queries.flatMap(({ key, query }) => {
    const coverage = begun(coverageFor(ledger, key, query), goal, nowMs);
    const { range, archive } = targetOf(coverage, goal);
    const past = { after: range.after, through: olderId(range.through, lastIdBefore(nowMs)) };
    return holesIn(coverage, past, archive).map((interval) => ({ key, query, interval }));
  });
}

/** One counts request for each hole, and more for long ones. @throws SourceError; IngesterError at a limit */
export async function priceHoles(
  holes: readonly Hole[],
  { client, metering, perPost }: Pricing,
): Promise<Price> {
  const { prices } = metering.terms;
  const priced: PricedHole[] = [];
  let requestUsd = 0;
  for (const hole of holes) {
    const question = { query: hole.query, ...countedRange(hole.interval, client.now()) };
    const buckets = await countMetered(client, question, metering);
    const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
    requestUsd += prices[COUNTS[question.scope]];
    priced.push({ ...hole, posts, usd: costInUsd({ posts }, prices) });
  }
  const posts = priced.reduce((sum, hole) => sum + hole.posts, 0);
  const mostUsd = costInUsd(times(perPost, posts), prices);
  return { holes: priced, posts, usd: costInUsd({ posts }, prices), mostUsd, requestUsd };
}

export function describePrice(price: Price): string {
  const { holes, requestUsd } = price;
  if (holes.length === 0) return "The range has no holes: nothing would be bought.\n";
  const keys = [...new Set(holes.map(({ key }) => key))];
  const lines = keys.flatMap((key) => [
    key,
    ...holes
      .filter((hole) => hole.key === key)
      .map((hole) => `  ${describeInterval(hole.interval)}  ${plural(hole.posts, "post")}, ${usd(hole.usd)}`),
  ]);
  return [
    ...lines,
    "",
    `${plural(holes.length, "hole")}, ${plural(price.posts, "post")}, ${amount(price)}.`,
    `Counting them cost ${usd(requestUsd)}; nothing else was bought.`,
    "",
  ].join("\n");
}

/** The question that is asked before much is bought. */
export function questionFor(price: Price): string {
  const { holes, posts } = price;
  return `Filling ${plural(holes.length, "hole")} buys about ${plural(posts, "post")} for ${amount(price)}. Go on?`;
}

/** Counts would cost as much for each rule as for a query. */
export function questionForStream(unheardMs: number, mostUsd: number): string {
  const most = Number.isFinite(mostUsd)
    ? `for ${usd(mostUsd)} at most, which is what the limits leave`
    : "and no limit is set";
  return `The stream was not heard for ${duration(unheardMs)}. Search buys what was missed, ${most}. Go on?`;
}

function amount({ usd: dollars, mostUsd }: Price): string {
  return mostUsd > dollars
    ? `${usd(dollars)}, or up to ${usd(mostUsd)} with what EXPANSIONS brings`
    : usd(dollars);
}
