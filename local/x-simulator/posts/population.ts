import { timeOfId } from "../snowflake";
import type { Timeline } from "../timeline";
import { type DrawnTraits, drawTraits, type PostReference } from "./traits";

/** What a post is, with what it takes over from other posts. */
export interface PostTraits extends Omit<DrawnTraits, "edited"> {
  /** Indexes of its earlier versions, oldest first: an edit is a post of its own. */
  readonly earlier: readonly number[];
}

/** X lets an author edit a post for an hour, up to five times. */
export const EDIT_WINDOW_MS = 60 * 60 * 1000;
export const MAX_EDITS = 5;

const NO_VERSIONS: readonly number[] = [];

/** All posts of a timeline and how they belong together: edits to their earlier versions, reposts to their originals. */
export class Population {
  /** @param repostShare share of posts that are reposts, 0 to 1 */
  constructor(
    private readonly seed: number,
    private readonly timeline: Timeline,
    private readonly repostShare: number,
  ) {}

  /** @param index 0 (oldest) to the timeline's size - 1 */
  traits(index: number): PostTraits {
    const drawn = drawTraits(this.seed, index, this.repostShare);
    const { body, author, tails, popularity, reference, edited } = drawn;
    if (reference?.type === "retweeted") return this.repost(drawn, reference);
    const before = edited === undefined ? undefined : this.editable(edited, index);
    if (edited === undefined || before === undefined) {
      return { body, author, tails, popularity, reference, earlier: NO_VERSIONS };
    }
    return { ...before, tails, popularity, earlier: [...before.earlier, edited] };
  }

  /** A repost of a repost is one of the original. */
  private repost(drawn: DrawnTraits, reference: PostReference): PostTraits {
    const { reference: further } = drawTraits(this.seed, reference.index, this.repostShare);
    if (further?.type === "retweeted") return this.repost(drawn, further);
    return { ...drawn, reference, earlier: NO_VERSIONS };
  }

  /** The version before an edit, if X would still have allowed it. */
  private editable(index: number, editIndex: number): PostTraits | undefined {
    const before = this.traits(index);
    if (before.reference?.type === "retweeted" || before.earlier.length >= MAX_EDITS) return undefined;
    const first = this.timeline.idAt(before.earlier[0] ?? index);
    const isOver = timeOfId(this.timeline.idAt(editIndex)) - timeOfId(first) > EDIT_WINDOW_MS;
    return isOver ? undefined : before;
  }
}
