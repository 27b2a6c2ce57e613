import {
  advanced,
  type Coverage,
  holesIn,
  newCoverage,
  newLosses,
  withClaims,
} from "../../src/ledger/coverage";
import { serializeLedger } from "../../src/ledger/document";
import { bytesOf, FITTED_BYTES, fitted, lossesSince } from "../../src/ledger/fitted";
import { type Ledger, newLedger, withCoverage } from "../../src/ledger/ledger";
import { firstIdAt, MAX_ID } from "../../src/posts/ids";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const HOUR_MS = 3_600_000;
const WINDOW_MS = 7 * 24 * HOUR_MS;

/** A run whose cap ends it early: what is older than half an hour stays a hole, until X's window has passed it. */
function afterRunAt(coverage: Coverage, nowMs: number): Coverage {
  const covers = { after: firstIdAt(nowMs - HOUR_MS / 2), through: firstIdAt(nowMs) };
  const lost = { after: "0", through: firstIdAt(nowMs - WINDOW_MS) };
  const range = { after: "0", through: MAX_ID };
  return withClaims(advanced(coverage, { covers, lost }, nowMs), 7, { range, archive: false });
}

function withPieces(key: string, count: number): Coverage {
  const owned = Array.from({ length: count }, (_, n) => ({
    after: firstIdAt(NOW - (n + 1) * HOUR_MS),
    through: firstIdAt(NOW - (n + 0.5) * HOUR_MS),
  }));
  return withClaims({ ...newCoverage(key, key), owned: owned.reverse() }, 7, {
    range: { after: "0", through: MAX_ID },
    archive: false,
  });
}

const ledgerOf = (...coverage: readonly Coverage[]): Ledger => ({ ...newLedger(NOW, 1), coverage });

describe("a ledger with more coverage than it can hold", () => {
  it("fits in twenty days of capped runs every two hours, with as many queries as one process takes", () => {
    let ledger = newLedger(NOW, 1);
    for (let hour = 0; hour < 20 * 24; hour += 2) {
      const nowMs = NOW + hour * HOUR_MS;
      for (let n = 0; n < 32; n += 1) {
        const key = `tweet_stream/query ${n}`;
        const known = ledger.coverage.find((one) => one.key === key) ?? newCoverage(key, key);
        ledger = withCoverage(ledger, afterRunAt(known, nowMs));
      }
      ledger = fitted(ledger, nowMs);
      expect(serializeLedger(ledger).length).toBeLessThanOrEqual(FITTED_BYTES);
    }
    const pieces = ledger.coverage.map(({ owned }) => owned.length);
    expect(Math.min(...pieces)).toBeGreaterThan(60);
  });

  it("drops the oldest details of the largest query, as lost and never as a hole", () => {
    const [large, small] = [withPieces("large", 2_500), withPieces("small", 100)];
    const ledger = fitted(ledgerOf(large, small), NOW);
    const [first, second] = ledger.coverage;
    expect(second).toBe(small);
    expect(first?.lost).toMatchObject([{ reason: "details_dropped", after: large.owned[0]?.after }]);
    expect(first?.owned).toEqual(large.owned.slice(-(first?.owned.length ?? 0)));
    const folded = { after: "0", through: first?.lost[0]?.through ?? "0" };
    const below = { after: "0", through: large.owned[0]?.after };
    expect(first && holesIn(first, folded, true)).toEqual([below]);
    expect(bytesOf(ledger)).toBeGreaterThan(FITTED_BYTES - 200);
  });

  it("is the same ledger when it fits", () => {
    const ledger = ledgerOf(withPieces("small", 100));
    expect(fitted(ledger, NOW)).toBe(ledger);
  });

  it("stays as it is when its size has other reasons", () => {
    const ledger = ledgerOf(...Array.from({ length: 700 }, (_, n) => newCoverage(`${n}`, "q".repeat(600))));
    expect(fitted(ledger, NOW)).toEqual(ledger);
  });

  it("reports what was dropped, by query", () => {
    const before = ledgerOf(withPieces("large", 2_500), withPieces("small", 100));
    const after = fitted(before, NOW);
    expect(lossesSince(before, after)).toMatchObject([{ key: "large", loss: { reason: "details_dropped" } }]);
    expect(newLosses(before.coverage[1], after.coverage[1] as Coverage)).toEqual([]);
  });
});
