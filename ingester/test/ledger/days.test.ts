import {
  type Days,
  dayRecords,
  isRecorded,
  MAX_DAY_ENTRIES,
  MAX_DAYS,
  withDelivered,
} from "../../src/ledger/days";
import { parseLedger, serializeLedger } from "../../src/ledger/document";
import { newLedger } from "../../src/ledger/ledger";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const DAY_MS = 86_400_000;
const by = { key: "cats", fence: 3, nowMs: NOON };

function record(days: Days | undefined, atMs: number, posts: number, key = "cats"): Days | undefined {
  return withDelivered(days, { ...by, key, nowMs: atMs }, [{ atMs, billed: posts, lines: posts }]);
}

describe("the record of days", () => {
  it("adds up what is billed and delivered on one UTC day, and keeps when the latest answer came", () => {
    const days = withDelivered(record(undefined, NOON, 100), { ...by, fence: 4 }, [
      { atMs: NOON + 5_000, billed: 90, lines: 80 },
    ]);

    expect(dayRecords(days)).toEqual([
      { key: "cats", date: "2026-11-23", billed: 190, lines: 180, lastSecond: 43_205, fence: 4 },
    ]);
  });

  it("counts the lines of one delivery on the days that they state", () => {
    const midnight = Date.parse("2026-11-24T00:00:00Z");
    const days = withDelivered(undefined, by, [
      { atMs: midnight + 200, billed: 3, lines: 0 },
      { atMs: midnight - 1, billed: 0, lines: 1 },
      { atMs: midnight + 100, billed: 0, lines: 2 },
    ]);

    expect(dayRecords(days)).toMatchObject([
      { date: "2026-11-23", billed: 0, lines: 1 },
      { date: "2026-11-24", billed: 3, lines: 2 },
    ]);
  });

  it("is the same object when nothing was billed or delivered", () => {
    const days = record(undefined, NOON, 1);
    expect(withDelivered(days, by, [{ atMs: NOON, billed: 0, lines: 0 }])).toBe(days);
    expect(withDelivered(undefined, by, [])).toBeUndefined();
  });

  it(`keeps ${MAX_DAYS} days`, () => {
    let days: Days | undefined;
    for (let day = 0; day <= MAX_DAYS; day += 1) days = record(days, NOON + day * DAY_MS, 1);

    const dates = dayRecords(days).map(({ date }) => date);
    expect(dates).toHaveLength(MAX_DAYS);
    expect(dates[0]).toBe("2026-11-24");
    expect(isRecorded(days, "2026-11-23")).toBe(false);
    expect(isRecorded(days, "2026-11-24")).toBe(true);
  });

  it("drops whole days when many queries have entries, and stays small in the ledger", () => {
    let days: Days | undefined;
    for (let day = 0; day < MAX_DAYS; day += 1)
      for (let query = 0; query < 64; query += 1)
        days = withDelivered(days, { key: `${query}`, fence: 1_000_000, nowMs: NOON }, [
          { atMs: NOON + day * DAY_MS, billed: 9_999_999, lines: 9_999_999 },
        ]);

    const records = dayRecords(days);
    expect(records.length).toBeLessThanOrEqual(MAX_DAY_ENTRIES);
    expect(records.length % 64).toBe(0);
    expect(Buffer.byteLength(JSON.stringify(days))).toBeLessThan(50_000);
    expect(isRecorded(days, records.map(({ date }) => date).sort()[0] ?? "")).toBe(true);
    expect(isRecorded(days, "2026-11-24")).toBe(false);
  });

  it("does not call a day recorded that had begun before the record did", () => {
    const days = record(undefined, NOON, 1);
    expect(isRecorded(days, "2026-11-23")).toBe(false);
    expect(isRecorded(record(days, NOON + DAY_MS, 1), "2026-11-24")).toBe(true);
    expect(isRecorded(undefined, "2026-11-23")).toBe(false);
  });

  it("survives the ledger's text, and refuses another shape", () => {
    const days = record(undefined, NOON, 7);
    const ledger = { ...newLedger(NOON, 1), ...(days && { days }) };

    expect(parseLedger(serializeLedger(ledger))).toEqual({ ledger });
    expect(parseLedger(JSON.stringify({ ...ledger, days: { sinceMs: 1, queries: [{ key: "a" }] } }))).toEqual(
      { problem: 'its part "days" has an unknown shape' },
    );
  });
});
