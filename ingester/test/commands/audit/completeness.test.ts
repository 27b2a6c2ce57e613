import { compare, questionOf } from "../../../src/commands/audit/completeness";
import { firstIdAt, lastIdBefore, timeOfId } from "../../../src/posts/ids";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const between = (fromMs: number, toMs: number) => ({
  after: lastIdBefore(fromMs),
  through: lastIdBefore(toMs),
});
const of = (...owned: ReturnType<typeof between>[]) => ({ query: "cats", owned });
const week = { fromMs: NOW - 7.5 * DAY_MS, toMs: NOW, nowMs: NOW };

describe("what X is asked to count", () => {
  it("is what is owned of the range, as far as recent counts reach", () => {
    const question = questionOf(of(between(NOW - 20 * DAY_MS, NOW - HOUR_MS)), { ...week, archive: false });
    expect(question).toMatchObject({ query: "cats", scope: "recent" });
    const { after = "0", through = "0" } = question?.range ?? {};
    expect((NOW - timeOfId(after)) / DAY_MS).toBeCloseTo(7, 1);
    expect(timeOfId(after)).toBeGreaterThan(NOW - 7 * DAY_MS);
    expect(through).toBe(lastIdBefore(NOW - HOUR_MS));
  });

  it("is all of it with full-archive counts", () => {
    const owned = of(between(NOW - 7.2 * DAY_MS, NOW - HOUR_MS));
    expect(questionOf(owned, { ...week, archive: true })).toMatchObject({
      scope: "all",
      range: { after: lastIdBefore(NOW - 7.2 * DAY_MS) },
    });
  });

  it("is nothing where nothing is owned", () => {
    const owned = of(between(NOW - 20 * DAY_MS, NOW - 9 * DAY_MS));
    expect(questionOf(owned, { ...week, archive: false })).toBeUndefined();
  });
});

describe("counts and the bucket", () => {
  const midnight = Date.parse("2026-11-25T00:00:00Z");
  const bucket = (startMs: number, posts: number, ms = HOUR_MS) => ({
    ...{ start: new Date(startMs).toISOString(), end: new Date(startMs + ms).toISOString(), posts },
  });
  const made = (...times: number[]) => BigUint64Array.from(times.map((ms) => BigInt(firstIdAt(ms))));

  it("are compared by the day on which posts were made, for hours that are wholly owned", () => {
    const owned = of(between(midnight - 2 * HOUR_MS, midnight + 90 * 60_000));
    const buckets = [
      bucket(midnight - 3 * HOUR_MS, 7),
      bucket(midnight - 2 * HOUR_MS, 1),
      bucket(midnight - HOUR_MS, 2),
      bucket(midnight, 3),
      bucket(midnight + HOUR_MS, 4),
      bucket(midnight + 2 * HOUR_MS, 5, HOUR_MS / 2),
    ];
    const ids = made(midnight - 2.5 * HOUR_MS, midnight - 1, midnight, midnight + 1, midnight + 80 * 60_000);

    expect(compare(owned, buckets, ids)).toEqual([
      { query: "cats", date: "2026-11-24", counted: 3, delivered: 1, hours: 2 },
      { query: "cats", date: "2026-11-25", counted: 3, delivered: 2, hours: 1 },
    ]);
  });
});
