/** How many posts may still be bought, and which limit says so. Pure. */
import type { LimitReached, ReadLimits, Reads } from "../ports";
import { committed, type MeterState } from "./meter";
import { costInMicros, limitInMicros, type Prices, postReads } from "./money";

/** Hard limits; an absent one does not limit. Included posts count as posts, because X bills them as post reads. */
export interface SpendingLimits {
  /** `MONTHLY_POST_LIMIT`: post reads per billing cycle, of every ingester on this meter. */
  readonly monthlyPosts?: number;
  /** `MONTHLY_USD_LIMIT`: dollars per billing cycle, of every ingester on this meter. */
  readonly monthlyUsd?: number;
  /** `--max-posts`: post reads of this process. */
  readonly maxPosts?: number;
  /** `--max-usd`: dollars of this process. */
  readonly maxUsd?: number;
}

/** One limit, in its own unit: post reads or micro-dollars. */
export interface LimitUse {
  readonly name: string;
  readonly unit: "posts" | "micros";
  readonly limit: number;
  /** Spent and reserved. */
  readonly used: number;
  readonly renewsAtMs: number | undefined;
}

/** What limits are compared with. */
export interface Usage {
  readonly meter: MeterState;
  /** Bought or reserved by this process. */
  readonly run: Reads;
}

/** Where each given limit stands; those of this run first. */
export function useOfLimits(limits: SpendingLimits, usage: Usage, prices: Prices): readonly LimitUse[] {
  const { meter, run } = usage;
  const month = committed(meter);
  const renewsAtMs = meter.cycle.endMs;
  const candidates = [
    inPosts("--max-posts", limits.maxPosts, postReads(run)),
    inMicros("--max-usd", limits.maxUsd, costInMicros(run, prices)),
    { ...inPosts("MONTHLY_POST_LIMIT", limits.monthlyPosts, postReads(month)), renewsAtMs },
    {
      ...inMicros("MONTHLY_USD_LIMIT", limits.monthlyUsd, costInMicros(month, prices)),
      renewsAtMs,
    },
  ];
  return candidates.filter((candidate): candidate is LimitUse => candidate.limit !== undefined);
}

function inPosts(name: string, limit: number | undefined, used: number) {
  return { name, unit: "posts" as const, limit, used, renewsAtMs: undefined };
}

function inMicros(name: string, usd: number | undefined, used: number) {
  const limit = usd === undefined ? undefined : limitInMicros(usd);
  return { name, unit: "micros" as const, limit, used, renewsAtMs: undefined };
}

/**
 * The largest number of posts, at most `readLimits.maxPosts`, whose worst case fits in every limit; the limit that
 * forbids even `minPosts` otherwise. A limit that never renews is named first: the run ends there, and must not be
 * told to wait for another one to renew.
 */
export function affordable(
  uses: readonly LimitUse[],
  readLimits: ReadLimits,
  prices: Prices,
): number | LimitReached {
  const room = uses.map((use) => ({ use, posts: roomIn(use, readLimits.worstCasePerPost, prices) }));
  const reached = room.find(({ posts }) => posts < readLimits.minPosts);
  if (reached !== undefined) return { limit: reached.use.name, renewsAtMs: reached.use.renewsAtMs };
  return Math.min(readLimits.maxPosts, ...room.map(({ posts }) => posts));
}

function roomIn(use: LimitUse, perPost: Reads, prices: Prices): number {
  const each = use.unit === "posts" ? postReads(perPost) : costInMicros(perPost, prices);
  return each === 0 ? Number.POSITIVE_INFINITY : Math.floor((use.limit - use.used) / each);
}
