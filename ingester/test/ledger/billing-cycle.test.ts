import fc from "fast-check";
import { cycleAt } from "../../src/ledger/billing-cycle";

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

describe("billing cycle", () => {
  it.each([
    ["2026-11-23T12:00:00Z", 1, "2026-11-01", "2026-12-01"],
    ["2026-11-23T12:00:00Z", 23, "2026-11-23", "2026-12-23"],
    ["2026-11-23T12:00:00Z", 24, "2026-10-24", "2026-11-24"],
    ["2026-12-31T23:59:59.999Z", 1, "2026-12-01", "2027-01-01"],
    ["2027-01-01T00:00:00Z", 1, "2027-01-01", "2027-02-01"],
    ["2027-01-05T00:00:00Z", 15, "2026-12-15", "2027-01-15"],
    ["2027-02-10T00:00:00Z", 31, "2027-01-31", "2027-02-28"],
    ["2027-02-28T00:00:00Z", 31, "2027-02-28", "2027-03-31"],
    ["2028-02-10T00:00:00Z", 30, "2028-01-30", "2028-02-29"],
  ])("at %s with day %i runs from %s to %s", (now, day, start, end) => {
    const cycle = cycleAt(Date.parse(now), day);

    expect([iso(cycle.startMs), iso(cycle.endMs)]).toEqual([
      `${start}T00:00:00.000Z`,
      `${end}T00:00:00.000Z`,
    ]);
  });

  it("holds every moment, and the next cycle starts where it ends", () => {
    const anyMoment = fc.date({
      min: new Date("2020-01-01"),
      max: new Date("2060-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: 1, max: 31 }), (date, day) => {
        const cycle = cycleAt(date.getTime(), day);

        expect(cycle.startMs).toBeLessThanOrEqual(date.getTime());
        expect(cycle.endMs).toBeGreaterThan(date.getTime());
        expect(cycleAt(cycle.endMs, day).startMs).toBe(cycle.endMs);
        expect(cycleAt(cycle.endMs - 1, day)).toEqual(cycle);
      }),
    );
  });
});
