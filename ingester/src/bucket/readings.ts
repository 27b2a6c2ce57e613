/**
 * Many posts in little memory: 12 bytes for each line, and up to 24 more for each while one list is summed up. A post that was
 * read again has another time of reading; a record that was sent again has the same.
 */

/** Small, because a range has a list for each day and query. */
const CHUNK = 4_096;
/** Milliseconds of a day. */
const MOMENT_BITS = 27;

export interface Sum {
  readonly lines: number;
  /** Different pairs of post and time of reading. */
  readonly readings: number;
  /** Different posts, ascending. */
  readonly ids: BigUint64Array;
}

export class Readings {
  private readonly ids: BigUint64Array[] = [];
  private readonly moments: Uint32Array[] = [];
  private count = 0;

  get lines(): number {
    return this.count;
  }

  /** @param moment of reading, below 2^27: milliseconds since the beginning of its day */
  add(id: bigint, moment: number): void {
    const at = this.count % CHUNK;
    if (at === 0) {
      this.ids.push(new BigUint64Array(CHUNK));
      this.moments.push(new Uint32Array(CHUNK));
    }
    const chunk = this.ids.length - 1;
    (this.ids[chunk] as BigUint64Array)[at] = id;
    (this.moments[chunk] as Uint32Array)[at] = moment;
    this.count += 1;
  }

  sum(): Sum {
    const sorted = new BigUint64Array(this.count);
    for (const [n, chunk] of this.ids.entries()) {
      sorted.set(chunk.subarray(0, Math.min(CHUNK, this.count - n * CHUNK)), n * CHUNK);
    }
    sorted.sort();
    const repeated = repeatedIn(sorted);
    const ids = distinct(sorted);
    return { lines: this.count, readings: ids.length + this.readAgain(repeated), ids };
  }

  /** Times of reading beyond the first of each of these posts, ascending. */
  private readAgain(posts: BigUint64Array): number {
    if (posts.length === 0) return 0;
    // A post's place in the list and a moment, as one exact number: below 2^53 for 67 million posts.
    const pairs = new Float64Array(this.count);
    let found = 0;
    for (let n = 0; n < this.count; n += 1) {
      const id = this.ids[Math.floor(n / CHUNK)]?.[n % CHUNK] ?? 0n;
      const place = countUpTo(posts, id) - 1;
      if (posts[place] !== id) continue;
      pairs[found] = place * 2 ** MOMENT_BITS + (this.moments[Math.floor(n / CHUNK)]?.[n % CHUNK] ?? 0);
      found += 1;
    }
    const sorted = pairs.subarray(0, found).sort();
    return sorted.filter((pair, n) => n === 0 || pair !== sorted[n - 1]).length - posts.length;
  }
}

/** The ids that occur more than once, each once. */
function repeatedIn(sorted: BigUint64Array): BigUint64Array {
  return sorted.filter((id, n) => n > 0 && id === sorted[n - 1] && (n === 1 || id !== sorted[n - 2]));
}

/** Keeps the first of each in place. @param sorted is changed */
export function distinct(sorted: BigUint64Array): BigUint64Array {
  let kept = 0;
  for (let n = 0; n < sorted.length; n += 1) {
    if (n > 0 && sorted[n] === sorted[kept - 1]) continue;
    sorted[kept] = sorted[n] as bigint;
    kept += 1;
  }
  return sorted.subarray(0, kept);
}

/** Different posts of several lists. */
export function union(lists: readonly BigUint64Array[]): BigUint64Array {
  const all = new BigUint64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return distinct(all.sort());
}

/** How many of the ids lie above `after` and up to `through`. @param ids ascending */
export function countWithin(ids: BigUint64Array, after: bigint, through: bigint): number {
  return countUpTo(ids, through) - countUpTo(ids, after);
}

function countUpTo(ids: BigUint64Array, bound: bigint): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as bigint) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
