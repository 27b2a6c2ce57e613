import type { IngestEvent } from "../../src/ports";
import { LogObserver, SUMMARY_MS } from "../../src/status/log-observer";
import {
  caughtUp,
  delivered,
  ManualClock,
  MINUTE,
  memoryLogger,
  NOON,
  pass,
  RETRYING,
  tracker,
  waiting,
} from "./helpers";

function observed() {
  const clock = new ManualClock();
  const status = tracker({ clock });
  const { logger, output } = memoryLogger();
  const log = new LogObserver({ logger, clock, status: () => status.snapshot() });
  const observe = (event: IngestEvent) => {
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

  it("sums up in figures", async () => {
    const { clock, observe, output } = observed();
    await clock.advance(SUMMARY_MS);
    pass(observe, delivered(clock.now() - 30_000, 5, { receipt: { deadLetters: 1 } }));
    expect(output.lines).toEqual([
      {
        level: "info",
        time: expect.any(String),
        event: "summary",
        posts_read: 5,
        posts_delivered: 5,
        dead_letters: 1,
        partial_errors: 0,
        lag_seconds: 30,
        complete_up_to: "2026-11-23T12:04:30.000Z",
        spent_usd: 12.34,
        budget_used_percent: 24.7,
      },
    ]);
  });

  it("warns of retries first, then once a minute for each code, and tells how many it held back", async () => {
    const { clock, observe, output } = observed();
    for (let i = 0; i < 90; i++) {
      observe(RETRYING);
      await clock.advance(1_000);
    }
    observe({ ...RETRYING, code: "InternalFailure" });
    expect(output.lines).toMatchObject([
      { level: "warn", event: "delivery_retrying", code: "ServiceUnavailableException", suppressed: 0 },
      { level: "warn", event: "delivery_retrying", code: "ServiceUnavailableException", suppressed: 59 },
      { level: "warn", event: "delivery_retrying", code: "InternalFailure", suppressed: 0, records: 4 },
    ]);
  });

  it("says that trouble is over, once", () => {
    const { observe, said } = observed();
    for (const event of [waiting(NOON + 1_000), delivered(NOON, 1), delivered(NOON, 1)]) observe(event);
    expect(said()).toEqual(["warn source_waiting", "info recovered"]);
  });

  it("warns of a wait that ends by itself", () => {
    const { observe, output } = observed();
    observe(waiting(NOON + 90_000));
    expect(output.lines[0]).toMatchObject({
      level: "warn",
      reason: "window_limit",
      until: "2026-11-23T12:01:30.000Z",
      needs_person: false,
      message: "X's 15-minute window is used up.",
    });
  });

  it("calls for a person where nothing moves without one", () => {
    const { observe, output } = observed();
    observe(waiting(NOON + 90_000, true));
    expect(output.lines[0]).toMatchObject({ level: "error", needs_person: true, reason: "credits_depleted" });
  });

  it("warns once that a limit is reached, until it is renewed", () => {
    const { observe, output, said } = observed();
    const reached: IngestEvent = { type: "limit_reached", limit: "MONTHLY_USD_LIMIT", renewsAtMs: NOON };
    for (const event of [reached, reached, { type: "limit_renewed", limit: "MONTHLY_USD_LIMIT" }, reached]) {
      observe(event as IngestEvent);
    }
    expect(said()).toEqual(["warn limit_reached", "info limit_renewed", "warn limit_reached"]);
    expect(output.lines[0]).toMatchObject({
      limit: "MONTHLY_USD_LIMIT",
      renews_at: "2026-11-23T12:00:00.000Z",
      message: "Paused at MONTHLY_USD_LIMIT until 2026-11-23 12:00 UTC",
    });
  });

  it("reports every loss as an error, never throttled", () => {
    const { observe, output } = observed();
    const gap = {
      afterId: "10",
      beforeId: "20",
      reason: "since_id too old",
      recordedAt: "2026-11-23T12:00:00Z",
    };
    observe({ type: "gap_recorded", gap });
    observe({ type: "gap_recorded", gap });
    observe({ type: "dead_letter", id: "15", reason: "too large", bytes: 2_000_000 });
    expect(output.lines).toMatchObject([
      { level: "error", event: "gap_recorded", after_id: "10", before_id: "20", reason: "since_id too old" },
      { level: "error", event: "gap_recorded" },
      { level: "error", event: "dead_letter", id: "15", reason: "too large", bytes: 2_000_000 },
    ]);
  });
});
