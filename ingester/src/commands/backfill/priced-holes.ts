/** What filling holes would buy and cost, by X's own counts. */
import type { QueryConfig } from "../../config/queries";
import { holesIn } from "../../ledger/coverage";
import { describeInterval, type Interval } from "../../ledger/intervals";
import { coverageFor, type Ledger } from "../../ledger/ledger";
import { costInUsd } from "../../ledger/prices";
import { begun, type Goal, RECENT_SEARCH_MS, targetOf } from "../../loop/task";
import { lastIdBefore, newerId, olderId, timeOfId } from "../../posts/ids";
import { plural, usd } from "../../runtime/words";
import type { XClient } from "../../x/client";
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
  readonly usd: number;
  /** What the counts themselves cost. */
  readonly requestUsd: number;
}

/** X refuses a bound at the very edge of its window. */
const EDGE_MS = 60_000;

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
  { client, metering }: { readonly client: XClient; readonly metering: Metering },
): Promise<Price> {
  const { prices } = metering.terms;
  const windowStart = lastIdBefore(client.now() - RECENT_SEARCH_MS + EDGE_MS);
  const priced: PricedHole[] = [];
  let requestUsd = 0;
  for (const hole of holes) {
    const isRecent = timeOfId(hole.interval.after) >= client.now() - RECENT_SEARCH_MS - EDGE_MS;
    const { interval } = hole;
    const range = isRecent ? { ...interval, after: newerId(interval.after, windowStart) } : interval;
    const question = { query: hole.query, scope: isRecent ? "recent" : "all", range } as const;
    const buckets = await countMetered(client, question, metering);
    const posts = buckets.reduce((sum, bucket) => sum + bucket.posts, 0);
    requestUsd += isRecent ? prices.recentCounts : prices.archiveCounts;
    priced.push({ ...hole, posts, usd: costInUsd({ posts }, prices) });
  }
  const posts = priced.reduce((sum, hole) => sum + hole.posts, 0);
  return { holes: priced, posts, usd: costInUsd({ posts }, prices), requestUsd };
}

export function describePrice({ holes, posts, usd: dollars, requestUsd }: Price): string {
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
    `${plural(holes.length, "hole")}, ${plural(posts, "post")}, ${usd(dollars)}.`,
    `Counting them cost ${usd(requestUsd)}; nothing else was bought.`,
    "",
  ].join("\n");
}

/** The question that is asked before much is bought. */
export function questionFor({ holes, posts, usd: dollars }: Price): string {
  return `Filling ${plural(holes.length, "hole")} buys about ${plural(posts, "post")} for ${usd(dollars)}. Go on?`;
}
