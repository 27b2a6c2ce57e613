/** Sets of post ids as intervals: the algebra that coverage is made of. Pure. */
import { compareIds, type Id, MAX_ID, newerId, olderId, timeOfId } from "../posts/ids";

/** Ids above `after`, up to and including `through`. */
export interface Interval {
  readonly after: Id;
  readonly through: Id;
}

/** A set of ids: ascending, disjoint, merged, none empty. Every function here returns such a list. */
export type Intervals = readonly Interval[];

export function isEmpty({ after, through }: Interval): boolean {
  return compareIds(after, through) >= 0;
}

/** The ids of any of the intervals, which may overlap and come in any order. */
export function unite(...intervals: readonly Interval[]): Intervals {
  const sorted = intervals.filter((one) => !isEmpty(one)).sort((a, b) => compareIds(a.after, b.after));
  const merged: Interval[] = [];
  for (const { after, through } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || compareIds(after, last.through) > 0) merged.push({ after, through });
    else merged[merged.length - 1] = { after: last.after, through: newerId(last.through, through) };
  }
  return merged;
}

/** The ids of `from` that none of `what` holds. */
export function subtract(from: Intervals, what: Intervals): Intervals {
  return from.flatMap((interval) => {
    const left: Interval[] = [];
    let { after } = interval;
    for (const taken of what) {
      left.push({ after, through: olderId(interval.through, taken.after) });
      after = newerId(after, taken.through);
    }
    left.push({ after, through: interval.through });
    return left.filter((one) => !isEmpty(one));
  });
}

/** The ids that both hold. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  return a
    .flatMap((one) =>
      b.map((other) => ({
        after: newerId(one.after, other.after),
        through: olderId(one.through, other.through),
      })),
    )
    .filter((one) => !isEmpty(one));
}

export function holds(intervals: Intervals, id: Id): boolean {
  return intervals.some((one) => isWithin(one, id));
}

export function isWithin({ after, through }: Interval, id: Id): boolean {
  return compareIds(id, after) > 0 && compareIds(id, through) <= 0;
}

/** Cuts intervals in two after each of `ids` that lies inside one of them. */
export function cutAfter(intervals: Intervals, ids: readonly Id[]): Intervals {
  return ids.reduce<Intervals>(
    (all, id) =>
      all.flatMap((one) => {
        const isInside = isWithin(one, id) && compareIds(id, one.through) < 0;
        return isInside
          ? [
              { after: one.after, through: id },
              { after: id, through: one.through },
            ]
          : [one];
      }),
    intervals,
  );
}

/** In times, such as "2026-11-20T08:00:00Z to 2026-11-21T08:00:00Z". */
export function describeInterval({ after, through }: Interval): string {
  const time = (id: Id) => new Date(timeOfId(id)).toISOString().replace(/\.\d+Z$/, "Z");
  return `${time(after)} to ${through === MAX_ID ? "now" : time(through)}`;
}
