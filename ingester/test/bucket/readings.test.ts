import fc from "fast-check";
import { countWithin, Readings, union } from "../../src/bucket/readings";

const id = fc.bigInt({ min: 0n, max: 40n });
const reading = fc.record({ id, moment: fc.integer({ min: 0, max: 3 }) });

describe("readings", () => {
  it("counts lines, readings and posts as a list of pairs would", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 200 }), (all) => {
        const readings = new Readings();
        for (const one of all) readings.add(one.id, one.moment);
        const sum = readings.sum();

        expect(sum.lines).toBe(all.length);
        expect(sum.readings).toBe(new Set(all.map((one) => `${one.id} ${one.moment}`)).size);
        expect([...sum.ids]).toEqual([...new Set(all.map((one) => one.id))].sort((a, b) => Number(a - b)));
      }),
    );
  });

  it("keeps ids of 64 bits apart, over more of them than one piece of memory holds", () => {
    const readings = new Readings();
    const top = (1n << 64n) - 1n;
    for (let n = 0n; n < 10_000n; n += 1n) readings.add(top - n, 86_399_999);
    readings.add(top - 9_999n, 0);

    const { lines, readings: read, ids } = readings.sum();
    expect([lines, read, ids.length]).toEqual([10_001, 10_001, 10_000]);
    expect(ids[0]).toBe(top - 9_999n);
  });

  it("unites lists, and counts the ids of an interval", () => {
    fc.assert(
      fc.property(fc.array(fc.array(id), { maxLength: 5 }), id, id, (lists, after, through) => {
        const ids = union(lists.map((list) => BigUint64Array.from(list)));
        const wanted = [...new Set(lists.flat())];

        expect([...ids]).toEqual(wanted.sort((a, b) => Number(a - b)));
        fc.pre(after <= through);
        expect(countWithin(ids, after, through)).toBe(
          wanted.filter((one) => one > after && one <= through).length,
        );
      }),
    );
  });
});
