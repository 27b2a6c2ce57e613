import type { IngestEvent } from "../../src/ports";
import {
  caughtUp,
  delivered,
  idAt,
  ManualClock,
  MINUTE,
  MONEY,
  NOON,
  pass,
  RETRYING,
  TOKEN,
  tracker,
  waiting,
} from "./helpers";

const LIMIT: IngestEvent = {
  type: "limit_reached",
  limit: "MONTHLY_POST_LIMIT",
  renewsAtMs: MONEY.cycleEndMs,
};

describe("status", () => {
  it("starts without a claim about anything", () => {
    expect(tracker({ money: undefined }).snapshot()).toMatchObject({
      headline: "Starting",
      ready: false,
      alive: true,
      caughtUp: false,
      counts: { postsRead: 0 },
    });
    expect(Object.keys(tracker({ money: undefined }).snapshot())).not.toEqual(
      expect.arrayContaining(["lagSeconds", "completeUpToMs", "money", "lastError", "checkpoint"]),
    );
  });

  it("adds up what pages and receipts tell", () => {
    const status = tracker();
    const more = { billed: { posts: 5, includedPosts: 2, includedUsers: 3 }, partialErrors: 1 };
    const receipt = { requests: 2, records: 3, bytes: 10_000, resentRecords: 1, deadLetters: 1 };
    pass((event) => status.apply(event), delivered(NOON, 5, { page: more, receipt }));
    pass((event) => status.apply(event), delivered(NOON, 5, { page: more, receipt }));
    status.apply({ type: "dead_letter", id: "1", reason: "too large", bytes: 2_000_000 });
    status.apply(RETRYING);
    expect(status.snapshot().counts).toEqual({
      postsRead: 10,
      includedPostsRead: 4,
      includedUsersRead: 6,
      postsDelivered: 10,
      deadLetters: 2,
      partialErrors: 2,
      gaps: 0,
      requests: 4,
      records: 6,
      bytes: 20_000,
      resentRecords: 2,
      deliveryRetries: 1,
      sourceWaits: 0,
    });
  });

  it("counts the lag from the newest delivered post", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    pass((event) => status.apply(event), delivered(NOON - 30_000, 5));
    await clock.advance(10_000);
    expect(status.snapshot().lagSeconds).toBeCloseTo(40, 1);
  });

  it("counts the lag from the last poll that found nothing newer, however old the newest post is", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply({ type: "caught_up", position: { sinceId: idAt(NOON - 500 * MINUTE), gaps: [] } });
    expect(status.snapshot()).toMatchObject({ lagSeconds: 0, caughtUp: true, completeUpToMs: NOON });
    await clock.advance(7_000);
    expect(status.snapshot().lagSeconds).toBe(7);
  });

  it("is complete only up to the end of the last whole window", () => {
    const status = tracker();
    const window = { newestId: idAt(NOON - 1_000), oldestDeliveredId: idAt(NOON - 60_000) };
    const position = { sinceId: idAt(NOON - 60 * MINUTE), window, gaps: [] };
    pass((event) => status.apply(event), delivered(NOON - 1_000, 5, { page: { position } }));
    const { completeUpToMs, lagSeconds, checkpoint } = status.snapshot();
    expect(completeUpToMs).toBeCloseTo(NOON - 60 * MINUTE, -1);
    expect(lagSeconds).toBeCloseTo(1, 1);
    expect(checkpoint).toEqual(position);
  });

  it("never shows a negative lag when clocks differ", () => {
    const status = tracker();
    pass((event) => status.apply(event), delivered(NOON + 5_000, 1));
    expect(status.snapshot().lagSeconds).toBe(0);
  });

  it("knows the checkpoint and the lag of a run that goes on, before anything is read", () => {
    const status = tracker();
    status.resumed({ sinceId: idAt(NOON - MINUTE), gaps: [] });
    expect(status.snapshot().lagSeconds).toBeCloseTo(60, 1);
    expect(status.snapshot().ready).toBe(false);
  });

  it.each<[string, IngestEvent, string]>([
    ["a page", delivered(NOON, 1), "Reading"],
    ["catching up", caughtUp(NOON), "Caught up"],
    ["a limit", LIMIT, "Paused at MONTHLY_POST_LIMIT until 2026-12-01 00:00 UTC"],
    [
      "a limit of the run",
      { ...LIMIT, limit: "--max-posts", renewsAtMs: undefined },
      "Paused at --max-posts",
    ],
    ["a wait for X", waiting(NOON + 90_000), "Waiting for X until 2026-11-23 12:01:30 UTC"],
    ["failing delivery", RETRYING, "Delivery is failing"],
  ])("says in words what it does after %s", (_what, event, headline) => {
    const status = tracker();
    status.apply(event);
    expect(status.snapshot().headline).toBe(headline);
  });

  it("goes on reading when the limit is renewed", () => {
    const status = tracker();
    status.apply(LIMIT);
    status.apply({ type: "limit_renewed", limit: "MONTHLY_POST_LIMIT" });
    expect(status.snapshot().headline).toBe("Reading");
  });

  it("says that somebody has to act", () => {
    const status = tracker();
    status.apply(waiting(NOON, true));
    expect(status.snapshot().detail).toContain("Nothing moves until somebody acts.");
  });

  it("is ready after the first delivery, not while delivery fails, and again afterwards", () => {
    const status = tracker();
    const readiness = [delivered(NOON, 1), RETRYING, delivered(NOON, 1)].map((event) => {
      status.apply(event);
      return status.snapshot().ready;
    });
    expect(readiness).toEqual([true, false, true]);
  });

  it("stays ready and alive while it pauses at a limit or waits for X", () => {
    const status = tracker();
    pass((event) => status.apply(event), delivered(NOON, 1));
    for (const event of [LIMIT, waiting(NOON + MINUTE)]) {
      status.apply(event);
      expect(status.snapshot()).toMatchObject({ ready: true, alive: true });
    }
  });

  it("keeps the last error, without secrets, after things work again", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply({ ...waiting(NOON), message: `X refused Bearer ${TOKEN}` } as IngestEvent);
    await clock.advance(MINUTE);
    pass((event) => status.apply(event), delivered(NOON, 1));
    expect(status.snapshot().lastError).toEqual({ message: "X refused Bearer [redacted]", atMs: NOON });
  });

  it("is dead once the loop has failed, whatever comes afterwards", () => {
    const status = tracker();
    status.failed("a bug");
    status.stopping();
    pass((event) => status.apply(event), delivered(NOON, 1));
    expect(status.snapshot()).toMatchObject({
      alive: false,
      ready: false,
      headline: "Stopped by an error",
      detail: "a bug",
    });
  });

  it("stays at stopping while the last page is delivered", () => {
    const status = tracker();
    status.stopping();
    pass((event) => status.apply(event), delivered(NOON, 2));
    expect(status.snapshot()).toMatchObject({
      headline: "Stopping",
      alive: true,
      counts: { postsDelivered: 2 },
    });
  });

  it("shows posts of the last 60 minutes by minute", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    pass((event) => status.apply(event), delivered(NOON, 3));
    await clock.advance(MINUTE);
    pass((event) => status.apply(event), delivered(NOON, 2));
    await clock.advance(MINUTE);
    expect(status.snapshot().postsPerMinute).toHaveLength(60);
    expect(status.snapshot().postsPerMinute.slice(-4)).toEqual([0, 3, 2, 0]);
  });

  it("gives a snapshot that later events do not change", () => {
    const status = tracker();
    pass((event) => status.apply(event), delivered(NOON, 3));
    const before = status.snapshot();
    const copy = structuredClone(before);
    pass((event) => status.apply(event), delivered(NOON, 4));
    expect(before).toEqual(copy);
  });
});
