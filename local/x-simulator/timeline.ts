import { hash32 } from "../support/random";
import { UsageError } from "../support/usage-error";
import { firstIdAt } from "./snowflake";

/** A stretch of time and how many posts were written in it. */
export interface Segment {
  readonly count: number;
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly toMs: number;
}

/** A segment with what is needed to find its posts. */
interface PlacedSegment extends Segment {
  /** Index of its oldest post. */
  readonly firstIndex: number;
  readonly firstId: bigint;
  /** Every post has a slot of this many ids to itself, which is what keeps ids ascending. */
  readonly slot: bigint;
}

const HASH_RANGE = 2n ** 32n;
const ID_SALT = 1;

/**
 * All posts there are, as arithmetic: post 0 is the oldest, and each post's id follows from its index.
 * Nothing is stored for a post, so that a million of them cost nothing until they are asked for.
 */
export class Timeline {
  private readonly segments: PlacedSegment[] = [];
  private watcher: () => void = () => undefined;

  /**
   * @param seed decides the ids.
   * @param segments ascending in time; later ones can be added.
   */
  constructor(
    private readonly seed: number,
    segments: readonly Segment[] = [],
  ) {
    for (const segment of segments) this.add(segment);
  }

  /** How many posts there are. */
  get size(): number {
    const last = this.segments.at(-1);
    return last ? last.firstIndex + last.count : 0;
  }

  /** Where the newest segment ends, milliseconds since the epoch; 0 without any. */
  get endMs(): number {
    return this.segments.at(-1)?.toMs ?? 0;
  }

  /**
   * Adds newer posts; the ids of older ones stay as they are.
   * @throws UsageError when the segment is empty, overlaps an older one or is too dense.
   */
  add(segment: Segment): void {
    const previous = this.segments.at(-1);
    const firstId = firstIdAt(segment.fromMs);
    const span = firstIdAt(segment.toMs) - firstId;
    if (!Number.isInteger(segment.count) || segment.count < 1 || span < BigInt(segment.count)) {
      throw new UsageError(
        `A segment of ${segment.count} posts from ${segment.fromMs} to ${segment.toMs} ms needs at least one post and room for each.`,
      );
    }
    if (previous && segment.fromMs < previous.toMs) {
      throw new UsageError(
        `A segment from ${segment.fromMs} ms begins before the last one ends (${previous.toMs} ms).`,
      );
    }
    this.segments.push({ ...segment, firstIndex: this.size, firstId, slot: span / BigInt(segment.count) });
    this.watcher();
  }

  /** Calls back when posts have been added. */
  watch(watcher: () => void): void {
    this.watcher = watcher;
  }

  /** The id of a post. @param index 0 (oldest) to `size - 1`. */
  idAt(index: number): bigint {
    const segment = this.segmentOf(index);
    const jitter = (segment.slot * BigInt(hash32(this.seed, index, ID_SALT))) / HASH_RANGE;
    return segment.firstId + BigInt(index - segment.firstIndex) * segment.slot + jitter;
  }

  /** How many posts have a smaller id: also the index of the first post with this id or a larger one. */
  countBelow(id: bigint): number {
    const segment = this.segments.findLast((candidate) => candidate.firstId <= id);
    if (!segment) return 0;
    const slot = Number((id - segment.firstId) / segment.slot);
    if (slot >= segment.count) return segment.firstIndex + segment.count;
    const index = segment.firstIndex + slot;
    return this.idAt(index) < id ? index + 1 : index;
  }

  /** The index of the post with exactly this id. */
  indexOf(id: bigint): number | undefined {
    const index = this.countBelow(id);
    return index < this.size && this.idAt(index) === id ? index : undefined;
  }

  private segmentOf(index: number): PlacedSegment {
    const segment = this.segments.findLast((candidate) => candidate.firstIndex <= index);
    if (!segment || index < 0 || index >= segment.firstIndex + segment.count) {
      throw new RangeError(`There is no post ${index}; the timeline has ${this.size}.`);
    }
    return segment;
  }
}
