import type { AuditReport } from "../../../src/commands/audit/report";
import { describe as describeReport } from "../../../src/commands/audit/words";

const HOUR_MS = 3_600_000;

/** A report of one day of one query. */
function reportOf(coverage: AuditReport["rows"][number]["coverage"]): AuditReport {
  return {
    ...{ event: "audit", ok: true, version: "1.2.3", at: "2026-11-25T12:00:00.000Z" },
    ...{ from: "2026-11-24", to: "2026-11-24", days: [], findings: [] },
    rows: [
      {
        ...{
          date: "2026-11-24",
          name: "cats",
          keys: ["tweet_stream/cats"],
          usd: 0,
          bucket: undefined,
          coverage,
        },
        ledger: { billed: 0, lines: 0, lastAtMs: 0, isWhole: true, starts: 0 },
      },
    ],
    budget: { cycleStart: "2026-11-01", spentPosts: 0, spentUsd: 0, atRiskPosts: 0, limits: [] },
  };
}

describe("the report of an audit", () => {
  it.each([
    { ownedMs: 24 * HOUR_MS, holeMs: 0, lostMs: 0, words: "24 h" },
    { ownedMs: 1.84 * HOUR_MS, holeMs: 120_000, lostMs: 0, words: "1.8 h, hole < 0.1 h" },
    { ownedMs: 0, holeMs: 1, lostMs: 6.5 * HOUR_MS, words: "0 h, hole < 0.1 h, lost 6.5 h" },
  ])("states what is owned of a day as $words", ({ words, ...coverage }) => {
    const text = describeReport(reportOf(coverage), Number.POSITIVE_INFINITY);

    expect(text).toMatch(new RegExp(`^ +2026-11-24 .* {2}${words}$`, "m"));
  });

  it.each([
    [0, "0 MB"],
    [2_500, "< 0.1 MB"],
    [1_234_567, "1.2 MB"],
  ])("states what %d bytes are as %s", (bytes, words) => {
    const none = { objects: 1, lines: 1, invalid: 0, unreadable: 0, foreign: 0 };
    const report = {
      ...reportOf({ ownedMs: 0, lostMs: 0, holeMs: 0 }),
      bucket: { name: "b", bytes, ...none },
    };

    expect(describeReport(report, Number.POSITIVE_INFINITY)).toContain(
      `Bucket: b, 1 object, ${words}, 1 line`,
    );
  });
});
