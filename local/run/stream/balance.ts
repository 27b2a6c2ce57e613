import { isWithin } from "../../../ingester/src/ledger/intervals";
import type { DeliveredIds } from "../../delivered-ids";
import type { XSimulator } from "../../x-simulator/x-simulator";

/** A stretch of post ids; the first is not part of it. */
interface IdRange {
  readonly after: string;
  readonly through: string;
}

/** X's account of a stream beside what the bucket holds. */
export interface Balance {
  /** Posts that the stream sent. */
  readonly streamed: number;
  /** Different posts that search returned, and how often it returned one: of a hole, each rule is searched for. */
  readonly searched: number;
  readonly searchReads: number;
  /** Different posts, whichever way they came. */
  readonly billed: number;
  /** Posts that were read more than once: in holes, and anywhere else. */
  readonly againInHoles: number;
  readonly againElsewhere: number;
  /** Billed, and not in the bucket. */
  readonly missing: number;
  /** In the bucket. */
  readonly delivered: number;
  /** Lines beyond the first of the same post. */
  readonly duplicateLines: number;
  readonly unreadableLines: number;
}

/** @param holes that were filled by search, as the ingester's ledger knows them */
export function balanceOf(x: XSimulator, bucket: DeliveredIds, holes: readonly IdRange[]): Balance {
  const { posts, streamedPosts, distinctPosts } = x.ledger.report();
  const again = [...x.ledger.repeated()].map(([index]) => String(x.timeline.idAt(index)));
  const inHoles = again.filter((id) => holes.some((hole) => isWithin(hole, id)));
  let missing = 0;
  for (const id of x.billedIds()) if (!bucket.has(id)) missing += 1;
  return {
    ...{ streamed: streamedPosts, searchReads: posts - streamedPosts, billed: distinctPosts },
    searched: [...x.billedIds("search")].length,
    ...{ againInHoles: inHoles.length, againElsewhere: again.length - inHoles.length },
    missing,
    delivered: bucket.distinct,
    duplicateLines: bucket.total - bucket.distinct,
    unreadableLines: bucket.unreadableLines,
  };
}

/** What is wrong, in words; empty: the balance holds. @param onTheWay posts that may have been sent and not arrived */
export function faultsOf(balance: Balance, onTheWay = 0): readonly string[] {
  const { missing, againElsewhere, duplicateLines, unreadableLines, delivered, billed } = balance;
  return [
    ...(missing > onTheWay ? [`${missing} billed posts are NOT in the bucket`] : []),
    ...(againElsewhere > 0 ? [`${againElsewhere} posts were BOUGHT AGAIN outside the holes`] : []),
    ...(duplicateLines > 0 ? [`${duplicateLines} lines are DUPLICATES`] : []),
    ...(unreadableLines > 0 ? [`${unreadableLines} lines CANNOT BE READ`] : []),
    ...(delivered - billed > 0 ? [`${delivered - billed} posts in the bucket were NEVER billed`] : []),
  ];
}
