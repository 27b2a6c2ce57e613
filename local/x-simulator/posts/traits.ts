import { hash32 } from "../../support/random";
import { USER_COUNT } from "./users";

/** How one post refers to another. */
export interface PostReference {
  readonly type: "quoted" | "replied_to";
  /** Index of the other, older post. */
  readonly index: number;
}

/** What the seed decides about one post. */
export interface PostTraits {
  /** Any non-negative integer; the body is chosen by its remainder. */
  readonly body: number;
  readonly author: number;
  /** Two independent choices of an ending. */
  readonly tails: readonly [number, number];
  readonly reference?: PostReference;
  /** Earlier versions of the post, 0 to 4; each had its own id. */
  readonly edits: number;
  /** Base of the engagement counts. */
  readonly popularity: number;
}

const SHARE_REPLIES = 18;
const SHARE_QUOTES = 8;
const SHARE_EDITED = 4;

/** A reference reaches back at most this many posts. */
const REFERENCE_REACH = 2000;

/** Decides about the post with this index, without knowing any other. */
export function traitsOf(seed: number, index: number): PostTraits {
  const draw = (salt: number): number => hash32(seed, index, salt);
  const reference = referenceOf(index, draw(31) % 100, draw(32));
  const edited = draw(33);
  return {
    body: draw(34),
    author: authorOf(seed, index),
    tails: [draw(35), draw(36)],
    ...(reference ? { reference } : {}),
    edits: edited % 100 < SHARE_EDITED ? 1 + (edited % 4) : 0,
    popularity: draw(37),
  };
}

/** Who wrote a post: an index for `userAt`. */
export function authorOf(seed: number, index: number): number {
  return hash32(seed, index, 38) % USER_COUNT;
}

function referenceOf(index: number, percent: number, distance: number): PostReference | undefined {
  if (index === 0 || percent >= SHARE_REPLIES + SHARE_QUOTES) return undefined;
  const target = index - 1 - (distance % Math.min(REFERENCE_REACH, index));
  return { type: percent < SHARE_REPLIES ? "replied_to" : "quoted", index: target };
}
