import {
  afterPage,
  afterStaleSince,
  afterStaleUntil,
  boundsOf,
  compareIds,
  firstIdAt,
  MAX_GAPS,
  newerId,
  olderId,
  type Position,
  rangeOf,
  START,
  startingAt,
  timeOfId,
} from "../src/window";

const NOW = Date.UTC(2026, 10, 23);
const RECORDED = new Date(NOW).toISOString();

describe("ids", () => {
  it("are ordered by value, not by spelling", () => {
    expect(["100", "99", "9", "1000"].sort(compareIds)).toEqual(["9", "99", "100", "1000"]);
    expect(newerId("99", "100")).toBe("100");
    expect(olderId("99", "100")).toBe("99");
    expect([newerId(undefined, "5"), olderId(undefined, "5")]).toEqual(["5", "5"]);
  });

  it("know the millisecond in which they were made", () => {
    const ms = Date.UTC(2026, 7, 19, 8, 41);

    expect(timeOfId(firstIdAt(ms))).toBe(ms);
    expect(timeOfId((BigInt(firstIdAt(ms)) - 1n).toString())).toBe(ms - 1);
  });

  it("start at 0 for times before X's id clock", () => {
    expect(firstIdAt(0)).toBe("0");
    expect(startingAt(0)).toEqual(START);
  });
});

describe("window", () => {
  it("asks for everything at the start, then below what is delivered, then above the whole window", () => {
    expect(boundsOf(START)).toEqual({});

    const first = afterPage(START, { newestId: "90", oldestId: "71" }, false);
    expect(boundsOf(first)).toEqual({ untilId: "71" });

    const second = afterPage(first, { newestId: "70", oldestId: "51" }, false);
    expect(boundsOf(second)).toEqual({ untilId: "51" });

    const done = afterPage(second, { newestId: "50", oldestId: "33" }, true);
    expect(boundsOf(done)).toEqual({ sinceId: "90" });
  });

  it("keeps since_id until its last page, which may be empty", () => {
    const open = afterPage({ sinceId: "20", gaps: [] }, { newestId: "90", oldestId: "71" }, false);
    const afterEmpty = afterPage(open, undefined, false);

    expect(boundsOf(afterEmpty)).toEqual({ sinceId: "20", untilId: "71" });
    expect(boundsOf(afterPage(afterEmpty, undefined, true))).toEqual({ sinceId: "90" });
  });

  it("opens with the first page that holds posts", () => {
    expect(afterPage({ sinceId: "20", gaps: [] }, undefined, false)).toEqual({ sinceId: "20", gaps: [] });
  });

  it("leaves since_id where it is when nothing was new", () => {
    expect(afterPage({ sinceId: "20", gaps: [] }, undefined, true)).toEqual({ sinceId: "20", gaps: [] });
  });

  it("covers a range from its first to before its last millisecond", () => {
    const bounds = boundsOf(rangeOf(NOW, NOW + 1_000));
    const asked = (id: string) =>
      compareIds(id, bounds.sinceId ?? "0") > 0 && compareIds(id, bounds.untilId ?? "0") < 0;
    const before = (id: string) => (BigInt(id) - 1n).toString();

    expect(asked(firstIdAt(NOW))).toBe(true);
    expect(asked(before(firstIdAt(NOW)))).toBe(false);
    expect(asked(before(firstIdAt(NOW + 1_000)))).toBe(true);
    expect(asked(firstIdAt(NOW + 1_000))).toBe(false);
  });
});

describe("since_id that X no longer takes", () => {
  const oldest = firstIdAt(NOW - 60_000);

  it("goes on at the id X names, and records what lies between as a gap", () => {
    const { gaps, ...rest } = afterStaleSince({ sinceId: "5", gaps: [] }, oldest, NOW);

    expect(rest).toEqual({ sinceId: oldest });
    expect(gaps).toEqual([
      { afterId: "5", beforeId: oldest, reason: expect.any(String), recordedAt: RECORDED },
    ]);
  });

  it("records no gap when X had nothing newer after that id could be found", () => {
    const caughtUp = { sinceId: "5", caughtUpAtMs: NOW, gaps: [] };

    expect(afterStaleSince(caughtUp, oldest, NOW).gaps).toEqual([]);
  });

  it("records a gap when posts from just before that id could not be found yet", () => {
    const caughtUp = { sinceId: "5", caughtUpAtMs: NOW - 31_000, gaps: [] };

    expect(afterStaleSince(caughtUp, oldest, NOW).gaps).toHaveLength(1);
  });

  it("keeps an open window of which something is left", () => {
    const window = { newestId: firstIdAt(NOW), oldestDeliveredId: firstIdAt(NOW - 1_000) };

    const clamped = afterStaleSince({ sinceId: "5", window, gaps: [] }, oldest, NOW);

    expect(clamped).toMatchObject({ sinceId: oldest, window });
    expect(clamped.gaps).toMatchObject([{ afterId: "5", beforeId: oldest }]);
  });

  it("closes an open window of which nothing is left", () => {
    const window = { newestId: firstIdAt(NOW), oldestDeliveredId: firstIdAt(NOW - 99_000) };

    const { gaps, ...rest } = afterStaleSince({ sinceId: "5", window, gaps: [] }, oldest, NOW);

    expect(rest).toEqual({ sinceId: window.newestId });
    expect(gaps).toMatchObject([{ afterId: "5", beforeId: window.oldestDeliveredId }]);
  });

  it("records what came and went above an open window, too", () => {
    const window = { newestId: "90", oldestDeliveredId: "71" };

    const { gaps, ...rest } = afterStaleSince({ sinceId: "5", window, gaps: [] }, oldest, NOW);

    expect(rest).toEqual({ sinceId: oldest });
    expect(gaps).toMatchObject([
      { afterId: "5", beforeId: "71" },
      { afterId: "90", beforeId: oldest },
    ]);
  });
});

describe("window whose rest X no longer returns", () => {
  it("is closed, and its rest recorded as a gap", () => {
    const window = { newestId: "90", oldestDeliveredId: "71" };

    const { gaps, ...rest } = afterStaleUntil({ sinceId: "20", window, gaps: [] }, NOW);

    expect(rest).toEqual({ sinceId: "90" });
    expect(gaps).toMatchObject([{ afterId: "20", beforeId: "71", recordedAt: RECORDED }]);
  });

  it("records no gap where no id fits in", () => {
    const window = { newestId: "90", oldestDeliveredId: "20" };

    expect(afterStaleUntil({ sinceId: "20", window, gaps: [] }, NOW).gaps).toEqual([]);
  });
});

it("keeps the last gaps only", () => {
  let position: Position = { sinceId: "1", gaps: [] };
  for (let i = 1; i <= MAX_GAPS + 5; i += 1) {
    position = afterStaleSince(position, String(i * 10), NOW);
  }

  expect(position.gaps).toHaveLength(MAX_GAPS);
  expect(position.gaps.at(-1)).toMatchObject({ beforeId: String((MAX_GAPS + 5) * 10) });
});
