import fc from "fast-check";
import { add, advance, emptyRing, RING_MINUTES } from "../../src/status/minute-ring";
import { MINUTE, NOON } from "./helpers";

describe("minute ring", () => {
  it("counts into the running minute, oldest first", () => {
    const ring = add(add(add(emptyRing(NOON), 3, NOON), 4, NOON + 1), 5, NOON + MINUTE);
    expect(ring.counts.slice(-3)).toEqual([null, 7, 5]);
  });

  it("shows minutes in which nothing came as zero", () => {
    const ring = advance(add(emptyRing(NOON), 3, NOON), NOON + 2 * MINUTE);
    expect(ring.counts.slice(-3)).toEqual([3, 0, 0]);
  });

  it("knows nothing of the minutes before it was made", () => {
    const ring = advance(add(emptyRing(NOON), 3, NOON), NOON + MINUTE);
    expect(ring.counts).toEqual([...new Array<null>(RING_MINUTES - 2).fill(null), 3, 0]);
  });

  it("keeps its counts when the clock is set back", () => {
    const ring = add(emptyRing(NOON), 3, NOON);
    expect(add(ring, 4, NOON - 5 * MINUTE).counts.at(-1)).toBe(7);
  });

  it("always holds exactly what came within the last 60 minutes", () => {
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 40 * MINUTE }), count: fc.nat(500) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let nowMs = NOON;
        let ring = emptyRing(nowMs);
        const added: { minute: number; count: number }[] = [];
        for (const { waitMs, count } of steps) {
          nowMs += waitMs;
          ring = add(ring, count, nowMs);
          added.push({ minute: Math.floor(nowMs / MINUTE), count });
        }
        const oldest = Math.floor(nowMs / MINUTE) - RING_MINUTES + 1;
        const expected = Array.from({ length: RING_MINUTES }, (_, i) => {
          if (oldest + i < NOON / MINUTE) return null;
          return added
            .filter(({ minute }) => minute === oldest + i)
            .reduce((sum, { count }) => sum + count, 0);
        });
        expect(ring.counts).toEqual(expected);
      }),
    );
  });
});
