/** The ids that were seen last, up to a bound. */
import type { Id } from "./ids";

/** 200 pages of recent search; about 3 MB of memory. */
const CAPACITY = 20_000;

export class RecentIds {
  private readonly ids = new Set<Id>();
  /**
   * The same ids as a ring, from `oldest` on. (A Set keeps the order too, but finding its first entry passes over all
   * that were deleted before it: with 20,000 ids that took 7 microseconds a post.)
   */
  private readonly ring: Id[] = [];
  private oldest = 0;

  /** @param capacity above it the oldest ids are forgotten */
  constructor(private readonly capacity = CAPACITY) {}

  has(id: Id): boolean {
    return this.ids.has(id);
  }

  /** Remembers the id. @returns false when it was known already */
  add(id: Id): boolean {
    if (this.ids.has(id)) return false;
    const forgotten = this.ring[this.oldest];
    if (forgotten !== undefined) this.ids.delete(forgotten);
    this.ids.add(id);
    this.ring[this.oldest] = id;
    this.oldest = (this.oldest + 1) % this.capacity;
    return true;
  }
}
