/** Reads what a scenario has done from the three places that cannot be talked out of it: ledger, endpoint, bucket. */
import { existsSync, readFileSync } from "node:fs";
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
/** Outcomes that nobody can know, so that what was reserved for them stays counted as spent. */
const UNKNOWN_OUTCOMES = ["reset", "hang", "slow", "truncated-body", "stalled-body", "non-json"];

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
  readonly checkpointFile: string;
  readonly archive: boolean;
  /** Posts bought before the scenario, which X counts against the limit. */
  readonly priorUsage: number;
  /** The most that one post can cost, in posts: 1 without expansions. */
  readonly postsPerPost: number;
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
    reRead: ledger.posts - ledger.distinctPosts,
    duplicates: delivered.total - delivered.distinct,
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
    const billed = known.priorUsage + bill.posts + bill.includedPosts;
    return { unit: "posts", limit: posts, billed, unusedAllowed: wasted };
  }
  if (usd === undefined) return undefined;
  const billed = known.priorUsage * POST_USD + usdOf(bill);
  return { unit: "usd", limit: usd, billed, unusedAllowed: wasted * POST_USD };
}

/** In posts: less than the smallest page costs at worst, and whatever has been reserved for unknown outcomes. */
function unusedAllowed(world: World, { endedAtLimit, kills, pageSize, postsPerPost }: Known): number {
  if (!endedAtLimit) return Number.POSITIVE_INFINITY;
  const unknown = (kills + unknownOutcomes(world)) * pageSize;
  return (MIN_PAGE + unknown) * postsPerPost;
}

function usdOf({ posts, includedPosts, includedUsers }: LedgerReport): number {
  return (posts + includedPosts) * POST_USD + includedUsers * USER_USD;
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
  const gaps = gapsIn(known.checkpointFile);
  const oldest = known.archive ? 0n : firstIdAt(Date.now() - RECENT_MS);
  let unexplained = 0;
  for (let index = 0; index < x.timeline.size; index += 1) {
    const id = x.timeline.idAt(index);
    const inGap = gaps.some(({ after, before }) => id > after && id < before);
    if (id >= oldest && !inGap && !delivered.has(id)) unexplained += 1;
  }
  return unexplained;
}

/** Gaps that the ingester has recorded, of all checkpoints in the file. */
function gapsIn(file: string): readonly { readonly after: bigint; readonly before: bigint }[] {
  if (!existsSync(file)) return [];
  const { checkpoints } = JSON.parse(readFileSync(file, "utf8")) as StoredDocument;
  return Object.values(checkpoints).flatMap(({ position }) =>
    position.gaps.map(({ afterId, beforeId }) => ({ after: BigInt(afterId), before: BigInt(beforeId) })),
  );
}

interface StoredDocument {
  readonly checkpoints: Readonly<
    Record<string, { readonly position: { readonly gaps: readonly { afterId: string; beforeId: string }[] } }>
  >;
}
