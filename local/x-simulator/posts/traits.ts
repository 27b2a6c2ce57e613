import { hash32 } from "../../support/random";
import { USER_COUNT } from "./users";

/** How one post refers to another. */
export interface PostReference {
  readonly type: "quoted" | "replied_to" | "retweeted";
  /** Index of the other, older post. */
  readonly index: number;
}

/** What the seed decides about one post on its own. */
export interface DrawnTraits {
  /** Any non-negative integer; the body is chosen by its remainder. */
  readonly body: number;
  readonly author: number;
  /** Two independent choices of an ending. */
  readonly tails: readonly [number, number];
  readonly reference: PostReference | undefined;
  /** Index of the older post that this one may be an edit of. */
  readonly edited: number | undefined;
  /** Base of the engagement counts. */
  readonly popularity: number;
}

const SHARE_REPLIES = 18;
const SHARE_QUOTES = 8;
const SHARE_EDITED = 4;

/** A reference reaches back at most this many posts. */
const REFERENCE_REACH = 2000;
/** An edit follows soon after the version before it. */
const EDIT_REACH = 20;

/**
 * Decides about the post with this index, without knowing any other.
 * @param repostShare share of posts that are reposts, 0 to 1
 */
export function drawTraits(seed: number, index: number, repostShare: number): DrawnTraits {
  const draw = (salt: number): number => hash32(seed, index, salt);
  const isRepost = index > 0 && draw(39) / 2 ** 32 < repostShare;
  const reference = isRepost
    ? ({ type: "retweeted", index: target(index, draw(32), REFERENCE_REACH) } as const)
    : referenceOf(index, draw(31) % 100, draw(32));
  const isEdit = !isRepost && index > 0 && draw(33) % 100 < SHARE_EDITED;
  return {
    body: draw(34),
    author: draw(38) % USER_COUNT,
    tails: [draw(35), draw(36)],
    reference,
    edited: isEdit ? target(index, draw(40), EDIT_REACH) : undefined,
    popularity: draw(37),
  };
}

/** An older post, at most so many back. */
function target(index: number, distance: number, reach: number): number {
  return index - 1 - (distance % Math.min(reach, index));
}

function referenceOf(index: number, percent: number, distance: number): PostReference | undefined {
  if (index === 0 || percent >= SHARE_REPLIES + SHARE_QUOTES) return undefined;
  return {
    type: percent < SHARE_REPLIES ? "replied_to" : "quoted",
    index: target(index, distance, REFERENCE_REACH),
  };
}
