import { type DeliveredIds, readDeliveredIds } from "../delivered-ids";
import type { Reads } from "./reads/reads";

/** What the bucket says about a run. */
export interface Verdict {
  /** Posts read in this run that no object holds. */
  readonly missing: number;
  /** Posts there are, read in earlier runs or never, that no object holds; 0 where that cannot be known. */
  readonly notDelivered: number;
  /** Posts read in this run although an earlier run had delivered them, or read twice in this run. */
  readonly boughtTwice: number;
  /** Lines beyond the first of the same post, over all runs. */
  readonly duplicateLines: number;
  /** Lines that are no posts. */
  readonly unreadableLines: number;
  /** Different posts in the bucket. */
  readonly deliveredPosts: number;
}

/** Objects with posts lie here; those under the error prefix do not count as delivered. */
const DATA_PREFIX = "tweets/";

/** The ids delivered so far, to be read before and after a run. */
export function idsInBucket(bucketDirectory: string): Promise<DeliveredIds> {
  return readDeliveredIds(bucketDirectory, DATA_PREFIX);
}

/** How many posts of the source the bucket does not hold yet; 0 where that cannot be known. */
export function countUndelivered(reads: Reads, delivered: DeliveredIds): number {
  let undelivered = 0;
  for (const id of reads.available?.() ?? []) if (!delivered.has(id)) undelivered += 1;
  return undelivered;
}

/** Compares what was read with what lies in the bucket. */
export function verify(reads: Reads, before: DeliveredIds, after: DeliveredIds): Verdict {
  let missing = 0;
  let readAgain = 0;
  for (const id of reads.ids()) {
    if (!after.has(id)) missing += 1;
    if (before.has(id)) readAgain += 1;
  }
  return {
    missing,
    notDelivered: Math.max(0, countUndelivered(reads, after) - missing),
    boughtTwice: readAgain + reads.repeated(),
    duplicateLines: after.total - after.distinct,
    unreadableLines: after.unreadableLines,
    deliveredPosts: after.distinct,
  };
}
