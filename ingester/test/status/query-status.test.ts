import { NO_COUNTS } from "../../src/status/counters";
import { MAX_STRETCHES, type QueryMemory, queryStatusOf } from "../../src/status/query-status";
import { idAt, interval } from "./events";
import { CATS, coverageOf, HOUR, ledgerWith, MINUTE, NOON } from "./helpers";

const NEW: QueryMemory = { counts: NO_COUNTS, isCaughtUp: false, caughtUpMs: undefined };

function statusOf(coverage: Parameters<typeof coverageOf>[1], memory: Partial<QueryMemory> = {}) {
  const ledger = ledgerWith({ coverage: [coverageOf(CATS, coverage)] });
  return queryStatusOf(CATS, { ...NEW, ...memory }, { ledger, nowMs: NOON });
}

describe("the status of a query", () => {
  it("claims nothing before the ledger is known", () => {
    const status = queryStatusOf(CATS, NEW, { ledger: undefined, nowMs: NOON });
    expect(status).toEqual({
      ...CATS,
      caughtUp: false,
      counts: NO_COUNTS,
      holesOpen: 0,
      losses: [],
      coverage: [],
      olderStretches: 0,
    });
  });

  it("claims nothing while the ledger does not know the query", () => {
    const status = queryStatusOf(CATS, NEW, { ledger: ledgerWith(), nowMs: NOON });
    expect(status).toMatchObject({ holesOpen: 0, coverage: [] });
    expect(status).not.toHaveProperty("completeUpToMs");
  });

  it("counts the lag from the newest post that is owned", () => {
    const owned = [interval(NOON - HOUR, NOON - MINUTE)];
    expect(statusOf({ owned })).toMatchObject({ lagSeconds: 60, completeUpToMs: NOON - MINUTE });
  });

  it("counts the lag from the last poll that found nothing newer, however old the newest post is", () => {
    const owned = [interval(NOON - 9 * HOUR, NOON - 8 * HOUR)];
    const status = statusOf({ owned }, { isCaughtUp: true, caughtUpMs: NOON - 7_000 });
    expect(status).toMatchObject({ lagSeconds: 7, caughtUp: true, completeUpToMs: NOON - 7_000 });
  });

  it("never shows a negative lag when clocks differ", () => {
    expect(statusOf({ owned: [interval(NOON, NOON + MINUTE)] }).lagSeconds).toBe(0);
  });

  it("is complete only up to the oldest hole", () => {
    const start = idAt(NOON - 9 * HOUR);
    const owned = [
      interval(NOON - 9 * HOUR, NOON - 8 * HOUR),
      interval(NOON - 5 * HOUR, NOON - 4 * HOUR),
      interval(NOON - 2 * HOUR, NOON),
    ];
    expect(statusOf({ start, owned })).toMatchObject({ completeUpToMs: NOON - 8 * HOUR, holesOpen: 2 });
  });

  it("is complete across what is lost, and names each loss", () => {
    const owned = [interval(NOON - 9 * HOUR, NOON - 8 * HOUR), interval(NOON - 7 * HOUR, NOON)];
    const loss = { reason: "search_window" as const, recordedAt: "2026-11-23T11:00:00.000Z" };
    const lost = [{ ...interval(NOON - 8 * HOUR, NOON - 7 * HOUR), ...loss }];
    expect(statusOf({ owned, lost })).toMatchObject({ completeUpToMs: NOON, holesOpen: 0, losses: [loss] });
  });

  it("counts every hole, and shows the latest of many stretches", () => {
    const owned = Array.from({ length: 300 }, (_, i) => {
      const fromMs = NOON - (600 - 2 * i) * MINUTE;
      return interval(fromMs, fromMs + MINUTE);
    });
    const status = statusOf({ owned });
    expect(status.holesOpen).toBe(299);
    expect(status.coverage).toHaveLength(MAX_STRETCHES);
    expect(status.coverage.at(-1)?.toMs).toBe(NOON);
    // 300 that are owned, 299 holes, and the moments after the newest.
    expect(status.olderStretches).toBe(600 - MAX_STRETCHES);
  });
});
