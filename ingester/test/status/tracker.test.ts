import type { CollectEvent } from "../../src/loop/events";
import {
  caughtUp,
  DEAD_LETTER,
  delivered,
  interval,
  LIMIT_REACHED,
  lostBetween,
  pageOf,
  pass,
  RETRYING,
  read,
  STORE_RETRYING,
  waiting,
} from "./events";
import {
  CATS,
  CYCLE_END,
  coverageOf,
  DOGS,
  HOUR,
  ledgerWith,
  ManualClock,
  MINUTE,
  NOON,
  SECOND,
  TERMS,
  TOKEN,
  tracker,
} from "./helpers";

describe("status", () => {
  it("starts without claiming anything", () => {
    const status = tracker({ ledger: () => undefined }).snapshot();
    expect(status).toMatchObject({
      headline: "Starting",
      light: "grey",
      actions: [],
      ready: false,
      alive: true,
      caughtUp: false,
      version: "1.2.3",
      stream: "tweet_stream",
      counts: { postsRead: 0 },
    });
    for (const unknown of ["lagSeconds", "nextPollMs", "budget", "lastError"]) {
      expect(status).not.toHaveProperty(unknown);
    }
  });

  it("adds up what pages and receipts say", () => {
    const status = tracker();
    const billed = { posts: 5, includedPosts: 2, includedUsers: 3 };
    const page = { billed, partialErrors: 1 };
    const counts = { requests: 2, records: 3, bytes: 10_000, resentRecords: 1, deadLetters: 1 };
    const receipt = { ...counts, replacedCharacters: 4 };
    for (let i = 0; i < 2; i += 1)
      pass((event) => status.apply(event), delivered(NOON, 5, { page, receipt }));
    for (const event of [DEAD_LETTER, RETRYING, waiting(NOON), lostBetween(NOON - HOUR, NOON)])
      status.apply(event);
    expect(status.snapshot().counts).toEqual({
      postsRead: 10,
      includedPostsRead: 4,
      includedUsersRead: 6,
      postsDelivered: 10,
      deadLetters: 2,
      replacedCharacters: 8,
      partialErrors: 2,
      losses: 1,
      requests: 4,
      records: 6,
      bytes: 20_000,
      resentRecords: 2,
      deliveryRetries: 1,
      sourceWaits: 1,
    });
  });

  it("counts for each query apart", () => {
    const status = tracker({ queries: [CATS, DOGS] });
    pass((event) => status.apply(event), delivered(NOON, 5));
    pass((event) => status.apply(event), delivered(NOON, 2, { query: DOGS, receipt: { deadLetters: 1 } }));
    status.apply(lostBetween(NOON - HOUR, NOON, DOGS));
    const { counts, queries } = status.snapshot();
    expect(counts).toMatchObject({ postsRead: 7, postsDelivered: 7, deadLetters: 1, losses: 1 });
    expect(queries).toMatchObject([
      { name: "cats", counts: { postsRead: 5, postsDelivered: 5, deadLetters: 0, losses: 0 } },
      { name: "dogs", counts: { postsRead: 2, postsDelivered: 2, deadLetters: 1, losses: 1 } },
    ]);
  });

  it("has caught up when every query has", () => {
    const status = tracker({ queries: [CATS, DOGS] });
    const seen = [caughtUp(NOON), caughtUp(NOON, DOGS), read(NOON, 3, DOGS), caughtUp(NOON, DOGS)].map(
      (event) => {
        status.apply(event);
        const { caughtUp: all, headline, queries } = status.snapshot();
        return [all, headline, ...queries.map((query) => query.caughtUp)];
      },
    );
    expect(seen).toEqual([
      [false, "Reading", true, false],
      [true, "Caught up", true, true],
      [false, "Reading", true, false],
      [true, "Caught up", true, true],
    ]);
  });

  it("stays caught up while polls find nothing", () => {
    const status = tracker();
    status.apply(caughtUp(NOON));
    status.apply(read(NOON, 0));
    expect(status.snapshot().caughtUp).toBe(true);
  });

  it("shows the largest lag of its queries", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock, queries: [CATS, DOGS] });
    status.apply(caughtUp(NOON));
    await clock.advance(20 * SECOND);
    status.apply(caughtUp(NOON + 20 * SECOND, DOGS));
    expect(status.snapshot()).toMatchObject({
      lagSeconds: 20,
      queries: [{ lagSeconds: 20 }, { lagSeconds: 0 }],
    });
  });

  it("knows the lag of a run that continues before anything is read", () => {
    const ledger = ledgerWith({
      coverage: [coverageOf(CATS, { owned: [interval(NOON - HOUR, NOON - MINUTE)] })],
    });
    expect(tracker({ ledger: () => ledger }).snapshot()).toMatchObject({ lagSeconds: 60, ready: false });
  });

  it("knows when it polls next while it has caught up", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock, queries: [CATS, DOGS], pollMs: MINUTE });
    status.apply(caughtUp(NOON));
    await clock.advance(10 * SECOND);
    status.apply(caughtUp(NOON + 10 * SECOND, DOGS));
    expect(status.snapshot().nextPollMs).toBe(NOON + MINUTE);
    status.apply(read(NOON, 1));
    expect(status.snapshot()).not.toHaveProperty("nextPollMs");
  });

  it("says since when it is in its phase", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply(waiting(NOON + MINUTE));
    await clock.advance(MINUTE);
    status.apply(waiting(NOON + 2 * MINUTE));
    expect(status.snapshot().sinceMs).toBe(NOON);
    status.apply(read(NOON, 1));
    expect(status.snapshot().sinceMs).toBe(NOON + MINUTE);
  });

  it.each<[string, CollectEvent, string, string]>([
    ["a page", delivered(NOON, 1), "Reading", "green"],
    ["catching up", caughtUp(NOON), "Caught up", "green"],
    ["a limit", LIMIT_REACHED, "Paused at MONTHLY_USD_LIMIT until 2026-12-01 00:00 UTC", "amber"],
    [
      "a limit of the run",
      { type: "limit_reached", limit: "--max-posts", renewsAtMs: undefined },
      "Paused at --max-posts",
      "amber",
    ],
    ["a wait for X", waiting(NOON + 90 * SECOND), "Waiting for X until 2026-11-23 12:01:30 UTC", "amber"],
    [
      "used-up credit",
      waiting(NOON + HOUR, "credits_depleted"),
      "Waiting for X until 2026-11-23 13:00 UTC",
      "red",
    ],
    ["failing delivery", RETRYING, "Delivery is failing", "amber"],
    ["a failing store", STORE_RETRYING, "The ledger cannot be reached", "amber"],
  ])("says in words and as a light what it does after %s", (_what, event, headline, light) => {
    const status = tracker();
    status.apply(event);
    expect(status.snapshot()).toMatchObject({ headline, light });
  });

  it("reads again when the limit is renewed", () => {
    const status = tracker();
    status.apply(LIMIT_REACHED);
    status.apply({ type: "limit_renewed", limit: "MONTHLY_USD_LIMIT" });
    expect(status.snapshot().headline).toBe("Reading");
  });

  it("reads again when X answers, even with nothing", () => {
    const status = tracker();
    status.apply(waiting(NOON));
    status.apply(read(NOON, 0));
    expect(status.snapshot().headline).toBe("Reading");
  });
});

describe("a page that is read and not delivered", () => {
  it("ends caught up at once, and is called delivering after ten seconds", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply(caughtUp(NOON));
    status.apply(read(NOON, 100));
    expect(status.snapshot()).toMatchObject({ headline: "Reading", caughtUp: false });
    await clock.advance(10 * SECOND);
    expect(status.snapshot()).toMatchObject({
      headline: "Delivering",
      light: "amber",
      detail: "100 posts are read and paid for, and not yet delivered. Nothing is bought meanwhile.",
      sinceMs: NOON,
    });
    await clock.advance(MINUTE);
    expect(status.snapshot()).toMatchObject({ headline: "Delivering", light: "red" });
  });

  it("lets no query be called caught up", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock, queries: [CATS, DOGS] });
    for (const event of [caughtUp(NOON), caughtUp(NOON, DOGS), read(NOON, 1)]) status.apply(event);
    await clock.advance(10 * SECOND);
    expect(status.snapshot().queries.map((query) => query.caughtUp)).toEqual([false, false]);
    status.apply(RETRYING);
    expect(status.snapshot().queries.map((query) => query.caughtUp)).toEqual([false, false]);
  });

  it("is done with when its posts had all been delivered before", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply(read(NOON, 3));
    status.apply(caughtUp(NOON));
    await clock.advance(MINUTE);
    expect(status.snapshot().headline).toBe("Caught up");
  });
});

describe("readiness and health", () => {
  const LIMIT_OF_RUN: CollectEvent = { type: "limit_reached", limit: "--max-usd", renewsAtMs: undefined };

  it.each<[string, CollectEvent]>([
    ["used-up credit", waiting(NOON, "credits_depleted")],
    ["the spending limit in X's console", waiting(NOON, "spending_limit")],
    ["X's cap", waiting(NOON, "usage_cap")],
    ["an address where nothing answers", waiting(NOON, "unreachable")],
    ["a monthly limit", LIMIT_REACHED],
    ["a limit of this run", LIMIT_OF_RUN],
    ["refused delivery", { ...RETRYING, code: "AccessDeniedException" }],
    ["failing delivery", RETRYING],
    ["a store that does not answer", STORE_RETRYING],
  ])("is unready and healthy at %s", (_what, event) => {
    const status = tracker();
    status.apply(caughtUp(NOON));
    status.apply(event);
    expect(status.snapshot()).toMatchObject({ ready: false, alive: true });
  });

  it.each<[string, CollectEvent]>([
    ["a rate limit", waiting(NOON)],
    ["a passing failure of X", waiting(NOON, "transient")],
    ["a page that is being delivered", read(NOON, 1)],
  ])("stays ready during %s", (_what, event) => {
    const status = tracker();
    status.apply(caughtUp(NOON));
    status.apply(event);
    expect(status.snapshot()).toMatchObject({ ready: true, alive: true });
  });

  it("is ready after the first delivery, and again when delivery works again", () => {
    const status = tracker();
    const seen = [read(NOON, 1), delivered(NOON, 1), RETRYING, delivered(NOON, 1)].map((event) => {
      status.apply(event);
      return status.snapshot().ready;
    });
    expect(seen).toEqual([false, true, false, true]);
  });

  it("is ready again when a limit is renewed", () => {
    const status = tracker();
    for (const event of [caughtUp(NOON), LIMIT_REACHED]) status.apply(event);
    status.apply({ type: "limit_renewed", limit: "MONTHLY_USD_LIMIT" });
    expect(status.snapshot().ready).toBe(true);
  });

  it("is unhealthy once the loop has failed, whatever comes afterwards", () => {
    const status = tracker();
    status.failed("a bug");
    status.stopping();
    pass((event) => status.apply(event), delivered(NOON, 1));
    expect(status.snapshot()).toMatchObject({
      alive: false,
      ready: false,
      light: "red",
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
      ready: false,
      alive: true,
      counts: { postsDelivered: 2 },
    });
  });
});

describe("a store that does not answer", () => {
  it("is the phase until this process sees another ledger", async () => {
    const clock = new ManualClock();
    let ledger = ledgerWith();
    const status = tracker({ clock, ledger: () => ledger });
    status.apply(caughtUp(NOON));
    status.apply(STORE_RETRYING);
    await clock.advance(MINUTE);
    status.apply(STORE_RETRYING);
    expect(status.snapshot()).toMatchObject({
      headline: "The ledger cannot be reached",
      detail: STORE_RETRYING.message,
      sinceMs: NOON,
      light: "red",
      caughtUp: false,
      lastError: { meaning: expect.stringContaining("Nothing is bought") },
    });
    ledger = ledgerWith();
    expect(status.snapshot()).toMatchObject({ headline: "Caught up", light: "green" });
  });

  it("does not hide that the process stops", () => {
    const status = tracker();
    status.apply(STORE_RETRYING);
    status.stopping();
    expect(status.snapshot().headline).toBe("Stopping");
  });
});

describe("the last error", () => {
  it("stays known, without secrets, after things work again", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    status.apply({ ...waiting(NOON), message: `X refused Bearer ${TOKEN}` });
    await clock.advance(MINUTE);
    pass((event) => status.apply(event), delivered(NOON, 1));
    expect(status.snapshot().lastError).toEqual({
      message: "X refused Bearer [redacted]",
      atMs: NOON,
      meaning: "X's rate limit is used up. It renews within 15 minutes.",
      runbook: "no-posts",
    });
  });

  it.each<[string, (status: ReturnType<typeof tracker>) => void]>([
    ["a failure of the store", (status) => status.apply({ ...STORE_RETRYING, message: `at ${TOKEN}` })],
    ["the error that ends the loop", (status) => status.failed(`at ${TOKEN}`)],
  ])("holds no secret of %s", (_what, happen) => {
    const status = tracker();
    happen(status);
    expect(status.snapshot()).toMatchObject({
      detail: "at [redacted]",
      lastError: { message: "at [redacted]" },
    });
  });
});

describe("figures over time", () => {
  it("shows the posts of the last 60 minutes by minute, and none before the start", async () => {
    const clock = new ManualClock();
    const status = tracker({ clock });
    pass((event) => status.apply(event), delivered(NOON, 3));
    await clock.advance(MINUTE);
    pass((event) => status.apply(event), delivered(NOON, 2));
    await clock.advance(MINUTE);
    const { postsPerMinute } = status.snapshot();
    expect(postsPerMinute).toEqual([...new Array<null>(57).fill(null), 3, 2, 0]);
  });

  it("gives a snapshot that later events do not change", () => {
    const status = tracker();
    pass((event) => status.apply(event), delivered(NOON, 3));
    const before = status.snapshot();
    const copy = structuredClone(before);
    pass((event) => status.apply(event), delivered(NOON, 4));
    expect(before).toEqual(copy);
  });

  it("estimates when the money ends from what the last hours cost", async () => {
    const clock = new ManualClock();
    let posts = 1_000;
    const ledger = () => ledgerWith({ budget: { spent: [{ key: CATS.key, amounts: { posts } }] } });
    const status = tracker({ clock, ledger, terms: { ...TERMS, limits: { monthlyPosts: 10_000 } } });
    status.apply({ type: "page_read", key: CATS.key, page: pageOf(NOON, 1) });
    posts = 1_450;
    await clock.advance(30 * MINUTE);
    expect(status.snapshot().budget).not.toHaveProperty("rate");
    posts = 2_000;
    await clock.advance(30 * MINUTE);
    expect(status.snapshot().budget).toMatchObject({
      rate: { overMs: HOUR, postsPerHour: 1_000, usdPerHour: 5 },
      limits: [{ left: 8_000, runsOutAtMs: NOON + 9 * HOUR, renewsAtMs: CYCLE_END }],
    });
  });
});
