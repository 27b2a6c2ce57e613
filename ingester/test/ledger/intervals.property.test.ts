import fc from "fast-check";
import {
  cutAfter,
  holds,
  type Interval,
  type Intervals,
  intersect,
  subtract,
  unite,
} from "../../src/ledger/intervals";

/** Small ids that change their number of digits, so that comparing them as text would fail. */
const anyId = fc.integer({ min: 0, max: 120 }).map(String);
const anyInterval = fc.record<Interval>({ after: anyId, through: anyId });
const anySet = fc.array(anyInterval, { maxLength: 12 }).map((list) => unite(...list));
const IDS = Array.from({ length: 130 }, (_, id) => String(id));

/** The ids that a list of intervals holds, by looking at each. */
function members(intervals: readonly Interval[]): Set<string> {
  const isIn = (id: string) =>
    intervals.some(({ after, through }) => Number(id) > Number(after) && Number(id) <= Number(through));
  return new Set(IDS.filter(isIn));
}

/** Ascending, disjoint, merged, none empty. */
function expectNormal(intervals: Intervals): void {
  for (const [index, { after, through }] of intervals.entries()) {
    expect(Number(after)).toBeLessThan(Number(through));
    const previous = intervals[index - 1];
    if (previous !== undefined) expect(Number(previous.through)).toBeLessThan(Number(after));
  }
}

describe("the interval algebra", () => {
  it("unites to a normal list that holds what any of them holds", () => {
    fc.assert(
      fc.property(fc.array(anyInterval, { maxLength: 12 }), (list) => {
        const united = unite(...list);
        expectNormal(united);
        expect(members(united)).toEqual(members(list));
      }),
    );
  });

  it("subtracts to a normal list that holds what only the first holds", () => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        const left = subtract(a, b);
        expectNormal(left);
        const taken = members(b);
        expect(members(left)).toEqual(new Set([...members(a)].filter((id) => !taken.has(id))));
      }),
    );
  });

  it("intersects to what both hold", () => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        const common = intersect(a, b);
        expectNormal(common);
        const other = members(b);
        expect(members(common)).toEqual(new Set([...members(a)].filter((id) => other.has(id))));
      }),
    );
  });

  it("splits a set into what it shares with another and what it does not", () => {
    fc.assert(
      fc.property(anySet, anySet, (a, b) => {
        expect(unite(...subtract(a, b), ...intersect(a, b))).toEqual(a);
      }),
    );
  });

  it("knows what a set holds", () => {
    fc.assert(fc.property(anySet, anyId, (set, id) => holds(set, id) === members(set).has(id)));
  });

  it("cuts without changing what is held, and after each id that lies inside", () => {
    fc.assert(
      fc.property(anySet, fc.array(anyId, { maxLength: 5 }), (set, ids) => {
        const pieces = cutAfter(set, ids);
        expect(unite(...pieces)).toEqual(set);
        for (const id of ids) {
          const isInside = set.some(
            ({ after, through }) => Number(id) > Number(after) && Number(id) < Number(through),
          );
          if (isInside) expect(pieces.some(({ through }) => through === id)).toBe(true);
        }
      }),
    );
  });
});
