/**
 * What X bills, and for how much. Money is counted in whole micro-dollars: a sum of binary fractions such as 0.005
 * drifts, a sum of integers does not. Pure.
 */

/** Kinds of resources that X bills, metered apart because their prices differ. */
export const RESOURCES = [
  "posts",
  "includedPosts",
  "includedUsers",
  "recentCounts",
  "archiveCounts",
] as const;
export type Resource = (typeof RESOURCES)[number];

/** How many of each kind; an absent kind is 0. */
export type Amounts = Readonly<Partial<Record<Resource, number>>>;

/** US dollars for one of each kind. */
export type Prices = Readonly<Record<Resource, number>>;

/**
 * X's pay-per-use prices of 2026-08: $0.005 a post, $0.010 a user, $0.005 or $0.010 a counts request. Whether included
 * objects are billed is not settled, so they are metered as if they were.
 */
export const DEFAULT_PRICES: Prices = {
  posts: 0.005,
  includedPosts: 0.005,
  includedUsers: 0.01,
  recentCounts: 0.005,
  archiveCounts: 0.01,
};

const MICROS_PER_USD = 1_000_000;
/** Swallows the binary error of decimal prices, far below one micro-dollar. */
const TOLERANCE = 1e-6;

/** Rounded up, so that a price never becomes cheaper. */
export function priceInMicros(usd: number): number {
  return Math.ceil(usd * MICROS_PER_USD - TOLERANCE);
}

/** Rounded down, so that a limit never becomes wider. */
export function limitInMicros(usd: number): number {
  return Math.floor(usd * MICROS_PER_USD + TOLERANCE);
}

export function toUsd(micros: number): number {
  return micros / MICROS_PER_USD;
}

/** Micro-dollars that these amounts cost. */
export function costInMicros(amounts: Amounts, prices: Prices): number {
  return RESOURCES.reduce((sum, kind) => sum + (amounts[kind] ?? 0) * priceInMicros(prices[kind]), 0);
}

export function costInUsd(amounts: Amounts, prices: Prices): number {
  return toUsd(costInMicros(amounts, prices));
}

/** X counts included posts as post reads too. */
export function postReads(amounts: Amounts): number {
  return (amounts.posts ?? 0) + (amounts.includedPosts ?? 0);
}

export function plus(...all: readonly Amounts[]): Amounts {
  return combined(all, (counts) => counts.reduce((sum, count) => sum + count, 0));
}

export function times(amounts: Amounts, factor: number): Amounts {
  return combined([amounts], ([count = 0]) => count * factor);
}

/** Of each kind the larger number. */
export function larger(a: Amounts, b: Amounts): Amounts {
  return combined([a, b], (counts) => Math.max(...counts));
}

function combined(all: readonly Amounts[], combine: (counts: readonly number[]) => number): Amounts {
  const result: Partial<Record<Resource, number>> = {};
  for (const kind of RESOURCES) {
    const count = combine(all.map((amounts) => amounts[kind] ?? 0));
    if (count !== 0) result[kind] = count;
  }
  return result;
}
