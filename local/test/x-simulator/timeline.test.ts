import fc from "fast-check";
import { timeOfId } from "../../x-simulator/snowflake";
import { type Segment, Timeline } from "../../x-simulator/timeline";

const START_MS = Date.parse("2026-11-20T00:00:00Z");

/** Segments one after the other, from crowded milliseconds to quiet hours. */
const segments: fc.Arbitrary<Segment[]> = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 200 }),
      gapMs: fc.integer({ min: 0, max: 5000 }),
      spanMs: fc.integer({ min: 1, max: 3_600_000 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => {
    let atMs = START_MS;
    return parts.map(({ count, gapMs, spanMs }) => {
      const fromMs = atMs + gapMs;
      atMs = fromMs + spanMs;
      return { count, fromMs, toMs: atMs };
    });
  });

const seeds = fc.integer({ min: 0, max: 1000 });

function idsOf(timeline: Timeline): bigint[] {
  return Array.from({ length: timeline.size }, (_, index) => timeline.idAt(index));
}

function isWithin(ms: number, { fromMs, toMs }: Segment): boolean {
  return ms >= fromMs && ms < toMs;
}

describe("Timeline", () => {
  it("gives strictly ascending ids whose times lie inside their segments", () => {
    fc.assert(
      fc.property(seeds, segments, (seed, parts) => {
        const ids = idsOf(new Timeline(seed, parts));
        expect(ids).toEqual([...new Set(ids)].sort((one, other) => (one < other ? -1 : 1)));
        const owners = parts.flatMap((part) => Array.from({ length: part.count }, () => part));
        const strays = ids.filter((id, index) => !isWithin(timeOfId(id), owners[index] as Segment));
        expect(strays).toEqual([]);
      }),
    );
  });

  it("finds the place of every id, its neighbours included", () => {
    fc.assert(
      fc.property(seeds, segments, (seed, parts) => {
        const timeline = new Timeline(seed, parts);
        const places = idsOf(timeline).map((id) => [
          timeline.indexOf(id),
          timeline.countBelow(id),
          timeline.countBelow(id + 1n),
        ]);
        expect(places).toEqual(places.map((_, index) => [index, index, index + 1]));
      }),
    );
  });

  it("keeps the ids of older posts when newer ones are added", () => {
    const timeline = new Timeline(7, [{ count: 100, fromMs: START_MS, toMs: START_MS + 60_000 }]);
    const older = idsOf(timeline);
    timeline.add({ count: 50, fromMs: START_MS + 60_000, toMs: START_MS + 61_000 });
    expect(idsOf(timeline).slice(0, 100)).toEqual(older);
    expect(timeline.size).toBe(150);
  });

  it.each([
    ["an empty segment", { count: 0, fromMs: START_MS + 2000, toMs: START_MS + 3000 }, /at least one post/],
    ["no time at all", { count: 1, fromMs: START_MS + 2000, toMs: START_MS + 2000 }, /room for each/],
    ["an overlap", { count: 1, fromMs: START_MS + 999, toMs: START_MS + 3000 }, /before the last one ends/],
  ])("refuses %s", (_, segment, message) => {
    const timeline = new Timeline(1, [{ count: 1, fromMs: START_MS, toMs: START_MS + 1000 }]);
    expect(() => timeline.add(segment)).toThrow(message);
  });

  it("knows no post with an id between two posts", () => {
    const timeline = new Timeline(1, [{ count: 2, fromMs: START_MS, toMs: START_MS + 1000 }]);
    expect(timeline.indexOf(timeline.idAt(0) + 1n)).toBeUndefined();
    expect(timeline.indexOf(1n)).toBeUndefined();
    expect(timeline.indexOf(timeline.idAt(1) + 1n)).toBeUndefined();
  });
});
