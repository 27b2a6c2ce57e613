import fc from "fast-check";
import { RecentIds } from "../../src/posts/recent-ids";

describe("RecentIds", () => {
  it("says whether an id is new", () => {
    const recent = new RecentIds(2);

    expect([recent.add("1"), recent.add("2"), recent.add("1")]).toEqual([true, true, false]);
  });

  it("remembers as many ids as it may, and forgets the oldest of them first", () => {
    const few = fc.integer({ min: 0, max: 12 }).map(String);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(few, { maxLength: 60 }), (capacity, ids) => {
        const recent = new RecentIds(capacity);
        const known: string[] = [];
        for (const id of ids) {
          const isNew = !known.includes(id);
          expect(recent.add(id)).toBe(isNew);
          if (isNew) known.push(id);
          if (known.length > capacity) known.shift();
          for (let other = 0; other <= 12; other += 1) {
            expect(recent.has(String(other))).toBe(known.includes(String(other)));
          }
        }
      }),
    );
  });
});
