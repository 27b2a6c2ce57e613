/** The ids that were seen last, up to a bound. */
import type { Id } from "./ids";

/** 200 pages of recent search; about 3 MB of memory. */
const CAPACITY = 20_000;

export class RecentIds {
  /** Oldest first: a Set keeps the order of insertion. */
  private readonly ids = new Set<Id>();

  /** @param capacity above it the oldest ids are forgotten */
  constructor(private readonly capacity = CAPACITY) {}

  has(id: Id): boolean {
    return this.ids.has(id);
  }

  /** Remembers the id. @returns false when it was known already */
  add(id: Id): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > this.capacity) for (const oldest of this.ids.keys()) return this.ids.delete(oldest);
    return true;
  }
}
