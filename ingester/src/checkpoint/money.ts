/** Money is counted in whole micro-dollars: a sum of binary fractions such as 0.005 drifts, a sum of integers does not. */
import type { Reads } from "../ports";

const MICROS_PER_USD = 1_000_000;
/** Swallows the binary error of decimal prices, far below one micro-dollar. */
const TOLERANCE = 1e-6;

/** What X charges for one resource, in dollars. */
export interface Prices {
  readonly postUsd: number;
  readonly includedPostUsd: number;
  readonly includedUserUsd: number;
}

/**
 * X's pay-per-use prices of 2026-08: $0.005 a post read, $0.010 a user read. Whether included objects are billed is
 * not settled, so they are metered as if they were.
 */
export const DEFAULT_PRICES: Prices = { postUsd: 0.005, includedPostUsd: 0.005, includedUserUsd: 0.01 };

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

/** Micro-dollars that these reads cost. */
export function costInMicros(reads: Reads, prices: Prices): number {
  return (
    reads.posts * priceInMicros(prices.postUsd) +
    reads.includedPosts * priceInMicros(prices.includedPostUsd) +
    reads.includedUsers * priceInMicros(prices.includedUserUsd)
  );
}

export function plus(a: Reads, b: Reads): Reads {
  return {
    posts: a.posts + b.posts,
    includedPosts: a.includedPosts + b.includedPosts,
    includedUsers: a.includedUsers + b.includedUsers,
  };
}

export function times(reads: Reads, factor: number): Reads {
  return {
    posts: reads.posts * factor,
    includedPosts: reads.includedPosts * factor,
    includedUsers: reads.includedUsers * factor,
  };
}

/** X counts included posts as post reads too. */
export function postReads(reads: Reads): number {
  return reads.posts + reads.includedPosts;
}
