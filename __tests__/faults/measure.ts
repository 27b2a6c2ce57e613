/** Reads what a scenario has done from the three places that cannot be talked out of it: ledger, endpoint, bucket. */
import type { DeliveredIds } from "../../local/delivered-ids";
import type { LedgerReport } from "../../local/x-simulator/ledger";
import { firstIdAt } from "../../local/x-simulator/snowflake";
import type { World } from "../ingest/world";
import { countDamaged } from "./lines";
import type { Budget, Measures } from "./verdict";

/** Recent search reaches back seven days; a minute less, since time goes on. */
const RECENT_MS = 7 * 24 * 60 * 60_000 - 60_000;
const POST_USD = 0.005;
const USER_USD = 0.01;
/** X's smallest page: with less than that left, nothing is bought. */
const MIN_PAGE = 10;
/** Outcomes that cannot be known, so that what was reserved for them stays counted as spent. */
const UNKNOWN_OUTCOMES = [
  "reset",
  "hang",
  "slow",
  "truncated-body",
  "stalled-body",
  "non-json",
  "empty-body",
];

export interface Limits {
  readonly posts?: number;
  readonly usd?: number;
}

/** What only the scenario knows. */
export interface Known {
  /** Of X's posts. */
  readonly seed: number;
  readonly kills: number;
  readonly crashes: number;
  readonly pageSize: number;
  readonly lateAnswers: number;
  /** What the ingester has recorded as lost, of all queries. */
  readonly losses: readonly { readonly after: string; readonly through: string }[];
  readonly archive: boolean;
  /** Queries that each find every post. */
  readonly queries: number;
  /** Posts bought before the scenario, which X counts against the limit. */
  readonly priorUsage: number;
  /** The most that one post can cost, in posts: 1 without expansions. */
  readonly postsPerPost: number;
  /** Own posts that the ledger books as used by others: X's usage counts a lost answer before the ledger does. */
  readonly bookedForOthers: number;
  /** A limit ended the last run, so that it has to be used up. */
  readonly endedAtLimit: boolean;
}

export async function measure(world: World, known: Known, budget: Budget | undefined): Promise<Measures> {
  const { x, firehose } = world;
  const delivered = await world.delivered();
  const ledger = x.ledger.report();
  return {
    lost: countLost(world, delivered),
    unexplained: countUnexplained(world, delivered, known),
    damagedLines: await countDamaged(world, known.seed),
    reRead: Math.max(0, ledger.posts - known.queries * ledger.distinctPosts),
    duplicates: Math.max(0, delivered.total - known.queries * delivered.distinct),
    unacknowledgedLines: firehose.stats.unacknowledgedLines,
    unreceivedPosts: ledger.cutPosts + known.lateAnswers * known.pageSize,
    crashes: known.crashes,
    pageSize: known.pageSize,
    ...(budget === undefined ? {} : { budget }),
  };
}

/** X's bill against the limit, at this moment. */
export function measureBudget(world: World, { posts, usd }: Limits, known: Known): Budget | undefined {
  const bill = world.x.ledger.report();
  const wasted = unusedAllowed(world, known);
  if (posts !== undefined) {
    const billed = known.priorUsage + bill.billedPosts + bill.billedIncludedPosts;
    return { unit: "posts", limit: posts, billed, unusedAllowed: wasted };
  }
  if (usd === undefined) return undefined;
  const billed = known.priorUsage * POST_USD + usdOf(bill);
  return { unit: "usd", limit: usd, billed, unusedAllowed: wasted * POST_USD };
}

/**
 * In posts: less than the smallest page costs at worst, and one page at risk, however many answers got lost. As much as
 * the ledger shows of that page as used by others counts twice, since X's usage may lag.
 */
function unusedAllowed(world: World, known: Known): number {
  const { endedAtLimit, kills, bookedForOthers, pageSize, postsPerPost } = known;
  if (!endedAtLimit) return Number.POSITIVE_INFINITY;
  const atRisk = kills + unknownOutcomes(world) > 0 ? pageSize + Math.min(pageSize, bookedForOthers) : 0;
  return (MIN_PAGE + atRisk) * postsPerPost;
}

function usdOf({ billedPosts, billedIncludedPosts, billedIncludedUsers }: LedgerReport): number {
  return (billedPosts + billedIncludedPosts) * POST_USD + billedIncludedUsers * USER_USD;
}

function unknownOutcomes({ x }: World): number {
  const { injected } = x.faults.report();
  return UNKNOWN_OUTCOMES.reduce((sum, kind) => sum + (injected[kind] ?? 0), 0);
}

function countLost({ x }: World, delivered: DeliveredIds): number {
  let lost = 0;
  for (const id of x.billedIds()) if (!delivered.has(id)) lost += 1;
  return lost;
}

function countUnexplained({ x }: World, delivered: DeliveredIds, known: Known): number {
  const lost = known.losses.map(({ after, through }) => ({ after: BigInt(after), through: BigInt(through) }));
  const oldest = known.archive ? 0n : firstIdAt(Date.now() - RECENT_MS);
  let unexplained = 0;
  for (let index = 0; index < x.timeline.size; index += 1) {
    const id = x.timeline.idAt(index);
    const isLost = lost.some(({ after, through }) => id > after && id <= through);
    if (id >= oldest && !isLost && !delivered.has(id)) unexplained += 1;
  }
  return unexplained;
}
