import type { CollectEvent } from "../../../src/loop/events";
import { LogObserver, SUMMARY_MS } from "../../../src/status/reports/log-observer";
import {
  caughtUp,
  DEAD_LETTER,
  delivered,
  interval,
  LIMIT_REACHED,
  lostBetween,
  pass,
  RETRYING,
  read,
  STORE_RETRYING,
  USE,
  waiting,
} from "../events";
import {
  CATS,
  coverageOf,
  DOGS,
  HOUR,
  ledgerWith,
  ManualClock,
  MINUTE,
  memoryLogger,
  NOON,
  SECOND,
  type TrackerParts,
  tracker,
} from "../helpers";

function observed(parts: TrackerParts = {}) {
  const clock = new ManualClock();
  const status = tracker({ clock, ...parts });
  const { logger, output } = memoryLogger();
  const log = new LogObserver({ logger, clock, status: () => status.snapshot() });
  const observe = (event: CollectEvent) => {
    status.apply(event);
    log.observe(event);
  };
  return { clock, observe, output, said: () => output.lines.map(({ level, event }) => `${level} ${event}`) };
}

describe("log observer", () => {
  it("says once that a healthy run has caught up, then only sums up every five minutes", async () => {
    const { clock, observe, said } = observed();
    for (let second = 0; second < 3_600; second += 10) {
      pass(observe, delivered(clock.now(), 5));
      observe(caughtUp(clock.now()));
      await clock.advance(10_000);
    }
    expect(said()).toEqual(["info caught_up", ...new Array<string>(11).fill("info summary")]);
  });

  it("says nothing while there is nothing new", async () => {
    const { clock, observe, said } = observed();
    for (let minute = 0; minute < 600; minute++) {
      observe(caughtUp(clock.now()));
      await clock.advance(MINUTE);
    }
    expect(said()).toEqual(["info caught_up"]);
  });

  it("says that it has caught up when every query has", () => {
    const { observe, said } = observed({ queries: [CATS, DOGS] });
    observe(caughtUp(NOON));
    expect(said()).toEqual([]);
    observe(caughtUp(NOON, DOGS));
    expect(said()).toEqual(["info caught_up"]);
  });

  it("sums up in figures", async () => {
    const owned = [
      interval(NOON - HOUR, NOON - 30 * MINUTE),
      interval(NOON, NOON + SUMMARY_MS - 30 * SECOND),
    ];
    const risks = [{ key: CATS.key, atMs: NOON, amounts: { posts: 100 } }];
    const ledger = ledgerWith({ coverage: [coverageOf(CATS, { owned })], budget: { risks } });
    const { clock, observe, output } = observed({ ledger: () => ledger });
    await clock.advance(SUMMARY_MS);
    pass(observe, delivered(clock.now(), 5, { receipt: { deadLetters: 1 } }));
    expect(output.lines).toEqual([
      {
        level: "info",
        time: expect.any(String),
        event: "summary",
        posts_read: 5,
        posts_delivered: 5,
        dead_letters: 1,
        partial_errors: 0,
        holes_open: 1,
        lag_seconds: 30,
        complete_up_to: "2026-11-23T11:30:00.000Z",
        spent_usd: 12.34,
        at_risk_usd: 0.5,
        budget_used_percent: 25.7,
      },
    ]);
  });

  it("sums up replaced characters where there are any", async () => {
    const { clock, observe, output } = observed();
    await clock.advance(SUMMARY_MS);
    pass(observe, delivered(clock.now(), 5, { receipt: { replacedCharacters: 2 } }));
    expect(output.lines).toMatchObject([{ event: "summary", replaced_characters: 2 }]);
  });

  it("sums up each of several queries, too", async () => {
    const { clock, observe, output } = observed({ queries: [CATS, DOGS] });
    await clock.advance(SUMMARY_MS);
    pass(observe, delivered(clock.now(), 5, { query: DOGS }));
    expect(output.lines[0]).toMatchObject({
      event: "summary",
      posts_read: 5,
      queries: [
        { name: "cats", posts_read: 0, posts_delivered: 0, holes_open: 0 },
        { name: "dogs", posts_read: 5, posts_delivered: 5, holes_open: 0 },
      ],
    });
  });

  it("warns of retries first, then once a minute for each code, and counts those it held back", async () => {
    const { clock, observe, output } = observed();
    for (let i = 0; i < 90; i++) {
      observe(RETRYING);
      await clock.advance(1_000);
    }
    observe({ ...RETRYING, code: "Timeout" });
    expect(output.lines).toMatchObject([
      { level: "warn", event: "delivery_retrying", code: "InternalFailure", suppressed: 0, records: 4 },
      { level: "warn", event: "delivery_retrying", code: "InternalFailure", suppressed: 59 },
      { level: "warn", event: "delivery_retrying", code: "Timeout", suppressed: 0 },
    ]);
  });

  it("says of refused deliveries what to do, as an error where nothing moves without a person", () => {
    const { observe, output } = observed();
    observe({ ...RETRYING, action: "Allow it.", needsPerson: true });
    expect(output.lines).toMatchObject([
      { level: "error", message: expect.stringMatching(/InternalFailure: Firehose failed\. .*Allow it\.$/) },
    ]);
  });

  it("says that trouble is over, once", () => {
    const { observe, said } = observed();
    for (const event of [waiting(NOON + 1_000), delivered(NOON, 1), delivered(NOON, 1)]) observe(event);
    expect(said()).toEqual(["warn source_waiting", "info recovered"]);
  });

  it("warns of a store that does not answer once a minute, and says when it is over", async () => {
    let ledger = ledgerWith();
    const { clock, observe, said, output } = observed({ ledger: () => ledger });
    for (let i = 0; i < 90; i++) {
      observe(STORE_RETRYING);
      await clock.advance(SECOND);
    }
    ledger = ledgerWith();
    observe(caughtUp(clock.now()));
    expect(said()).toEqual([
      "warn store_retrying",
      "warn store_retrying",
      "info recovered",
      "info caught_up",
    ]);
    expect(output.lines[1]).toMatchObject({ suppressed: 59, message: STORE_RETRYING.message });
  });

  it("warns of a wait that ends by itself", () => {
    const { observe, output } = observed();
    observe(waiting(NOON + 90_000));
    expect(output.lines[0]).toMatchObject({
      level: "warn",
      reason: "window_limit",
      until: "2026-11-23T12:01:30.000Z",
      needs_person: false,
      message: "X answered 429 on tweets/search/recent: window_limit.",
    });
  });

  it("calls for a person where nothing moves without one", () => {
    const { observe, output } = observed();
    observe(waiting(NOON + 90_000, "credits_depleted"));
    expect(output.lines[0]).toMatchObject({ level: "error", needs_person: true, reason: "credits_depleted" });
  });

  it("warns once that a limit is reached, until it is renewed", () => {
    const { observe, output, said } = observed();
    const renewed: CollectEvent = { type: "limit_renewed", limit: "MONTHLY_USD_LIMIT" };
    for (const event of [LIMIT_REACHED, LIMIT_REACHED, renewed, LIMIT_REACHED]) observe(event);
    expect(said()).toEqual(["warn limit_reached", "info limit_renewed", "warn limit_reached"]);
    expect(output.lines[0]).toMatchObject({
      limit: "MONTHLY_USD_LIMIT",
      renews_at: "2026-12-01T00:00:00.000Z",
      message:
        "Paused at MONTHLY_USD_LIMIT until 2026-12-01 00:00 UTC. $50.00 of $50.00 used: $12.34 spent, $0.50 at risk, " +
        "$0.50 reserved, $36.66 by other programs of the project (X's figure; LIMIT_SCOPE=own leaves them out). " +
        "Nothing is bought until the next billing cycle starts or the limit is raised.",
    });
  });

  it("tells without a warning that a run has bought what it was told to", () => {
    const { observe, said } = observed();
    const limit = "--max-posts";
    const use = { ...USE, limit, renewsAtMs: undefined };
    observe({ type: "limit_reached", limit, renewsAtMs: undefined, use });
    expect(said()).toEqual(["info limit_reached"]);
  });

  it("says what it leaves to other workers", () => {
    const { observe, output } = observed();
    const intervals = [interval(NOON - 2 * HOUR, NOON - HOUR), interval(NOON - 30 * MINUTE, NOON)];
    observe({ type: "left_to_others", key: CATS.key, intervals, workers: ["backfill on a", "run on b"] });
    expect(output.lines).toMatchObject([
      {
        level: "info",
        event: "left_to_others",
        query: CATS.key,
        ranges: [
          "2026-11-23T10:00:00Z to 2026-11-23T11:00:00Z",
          "2026-11-23T11:30:00Z to 2026-11-23T12:00:00Z",
        ],
        workers: ["backfill on a", "run on b"],
        message:
          "Left to backfill on a and run on b: 2026-11-23T10:00:00Z to 2026-11-23T11:00:00Z, " +
          "2026-11-23T11:30:00Z to 2026-11-23T12:00:00Z.",
      },
    ]);
  });

  it("says nothing of a page that is read", () => {
    const { observe, said } = observed();
    observe(read(NOON, 3));
    expect(said()).toEqual([]);
  });

  it("reports every loss as an error, never throttled", () => {
    const { observe, output } = observed();
    const loss = lostBetween(NOON - 2 * HOUR, NOON - HOUR);
    for (const event of [loss, loss, DEAD_LETTER]) observe(event);
    const { after, through, reason, recordedAt: recorded_at } = loss.loss;
    const message = expect.stringContaining("can no longer be read");
    expect(output.lines).toMatchObject([
      {
        level: "error",
        event: "loss_recorded",
        query: CATS.key,
        after,
        through,
        reason,
        recorded_at,
        message,
      },
      { level: "error", event: "loss_recorded" },
      { level: "error", event: "dead_letter", id: "15", reason: "too large", bytes: 2_000_000 },
    ]);
  });
});
