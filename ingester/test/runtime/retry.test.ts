import fc from "fast-check";
import { type Backoff, fullJitter } from "../../src/runtime/retry";

const BACKOFF: Backoff = { baseMs: 100, capMs: 30_000 };

describe("fullJitter", () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [9, 25_600],
    [10, 30_000],
    [10_000, 30_000],
  ])("waits before attempt %i for at most %i ms", (attempt, ceilingMs) => {
    expect(fullJitter(attempt, BACKOFF, () => 1)).toBe(ceilingMs);
    expect(fullJitter(attempt, BACKOFF, () => 0.5)).toBe(ceilingMs / 2);
    expect(fullJitter(attempt, BACKOFF, () => 0)).toBe(0);
  });

  it("waits whole milliseconds, never longer than its cap", () => {
    const backoff = fc.record({
      baseMs: fc.integer({ min: 1, max: 10_000 }),
      capMs: fc.integer({ min: 1, max: 600_000 }),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), backoff, random, (attempt, limits, value) => {
        const waitMs = fullJitter(attempt, limits, () => value);
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(limits.capMs);
      }),
    );
  });
});
