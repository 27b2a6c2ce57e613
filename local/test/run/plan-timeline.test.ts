import { planTimeline } from "../../run/plan-timeline";
import { Timeline } from "../../x-simulator/timeline";

const NOW_MS = Date.parse("2026-11-23T08:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const first = planTimeline(undefined, undefined, NOW_MS);
const idsOf = ({ seed, segments }: typeof first): bigint[] => {
  const timeline = new Timeline(seed, segments);
  return Array.from({ length: timeline.size }, (_, index) => timeline.idAt(index));
};

describe("the simulator's posts from run to run", () => {
  it("are 2,000 of the last day at first", () => {
    expect(first).toMatchObject({
      posts: 2000,
      segments: [{ count: 2000, fromMs: NOW_MS - DAY_MS, toMs: NOW_MS }],
    });
  });

  it("stay the same when nothing more is asked for", () => {
    const again = planTimeline(first, undefined, NOW_MS + HOUR_MS);
    expect(idsOf(again)).toEqual(idsOf(first));
    expect(planTimeline(first, 2000, NOW_MS + HOUR_MS).segments).toEqual(first.segments);
  });

  it("get newer ones on top when more are asked for", () => {
    const more = planTimeline(first, 2500, NOW_MS + 5000);
    expect(more.posts).toBe(2500);
    expect(idsOf(more).slice(0, 2000)).toEqual(idsOf(first));
  });

  it("can grow within the same millisecond", () => {
    expect(new Set(idsOf(planTimeline(first, 2500, NOW_MS))).size).toBe(2500);
  });

  it("are kept, and it is said, when fewer are asked for", () => {
    const fewer = planTimeline(first, 10, NOW_MS);
    expect(fewer).toMatchObject({
      posts: 2000,
      segments: first.segments,
      note: expect.stringContaining("--fresh"),
    });
  });

  it("are replaced, and it is said, before they grow too old to be searched", () => {
    const kept = planTimeline(first, undefined, NOW_MS - DAY_MS + 6 * DAY_MS);
    const replaced = planTimeline(first, undefined, NOW_MS - DAY_MS + 6 * DAY_MS + 1);
    expect(kept.segments).toEqual(first.segments);
    expect(replaced).toMatchObject({ posts: 2000, note: expect.stringContaining("6 days old") });
    expect(replaced.seed).not.toBe(first.seed);
  });

  it("are all newer than those they replace, so that a checkpoint does not skip them", () => {
    const grown = planTimeline(first, 2500, NOW_MS + 5 * DAY_MS);
    const replaced = planTimeline(grown, 100, NOW_MS + 5 * DAY_MS + HOUR_MS);
    expect(replaced.posts).toBe(100);
    expect(replaced.segments[0]?.fromMs).toBe(NOW_MS + 5 * DAY_MS);
  });
});
