import {
  advanced,
  type Coverage,
  claimsOf,
  heldByOthers,
  holesIn,
  MAX_LOST,
  MAX_OWNED,
  newCoverage,
  newLosses,
  SEARCHABLE_MS,
  searchablePart,
  withClaims,
  withoutClaims,
} from "../../src/ledger/coverage";
import { firstIdAt, MAX_ID } from "../../src/posts/ids";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const between = (after: number, through: number) => ({ after: String(after), through: String(through) });
const ALL = { after: "0", through: MAX_ID };

function coverageWith(overrides: Partial<Coverage> = {}): Coverage {
  return { ...newCoverage("stream/cats", "cats"), ...overrides };
}

describe("holes", () => {
  it("are what is neither owned nor lost", () => {
    const lost = [{ ...between(40, 50), reason: "search_window" as const, recordedAt: "" }];
    const coverage = coverageWith({ owned: [between(10, 20), between(60, 70)], lost });
    expect(holesIn(coverage, between(0, 100), false)).toEqual([
      between(0, 10),
      between(20, 40),
      between(50, 60),
      between(70, 100),
    ]);
  });

  it("are none in a range that is owned", () => {
    expect(holesIn(coverageWith({ owned: [between(10, 90)] }), between(20, 80), false)).toEqual([]);
  });

  it("include for full-archive search what recent search can no longer return", () => {
    const lost = [
      { ...between(10, 20), reason: "search_window" as const, recordedAt: "" },
      { ...between(30, 40), reason: "details_dropped" as const, recordedAt: "" },
    ];
    expect(holesIn(coverageWith({ lost }), between(10, 40), true)).toEqual([between(10, 30)]);
  });
});

describe("claims", () => {
  it("take every free hole of a target, and leave others theirs", () => {
    const others = withClaims(coverageWith(), 1, { range: between(20, 30), archive: false });
    const both = withClaims(others, 2, { range: ALL, archive: false });
    expect(claimsOf(both, 1)).toEqual([between(20, 30)]);
    expect(claimsOf(both, 2)).toEqual([between(0, 20), { after: "30", through: MAX_ID }]);
    expect(heldByOthers(both, 2, ALL)).toEqual([between(20, 30)]);
  });

  it("shrink to the holes that are left, and grow by what others have freed", () => {
    const both = withClaims(withClaims(coverageWith(), 1, { range: between(20, 30), archive: false }), 2, {
      range: between(0, 50),
      archive: false,
    });
    const delivered = advanced(both, { covers: between(40, 50), lost: undefined }, NOW);
    const freed = withoutClaims(delivered, [1]);
    const again = withClaims(freed, 2, { range: between(0, 50), archive: false });
    expect(claimsOf(again, 2)).toEqual([between(0, 40)]);
  });
});

describe("progress", () => {
  it("owns what a page covers", () => {
    const { owned } = advanced(
      coverageWith({ owned: [between(50, 60)] }),
      { covers: between(40, 50), lost: undefined },
      NOW,
    );
    expect(owned).toEqual([between(40, 60)]);
  });

  it("records a loss once, with its time", () => {
    const first = advanced(coverageWith(), { covers: between(50, 60), lost: between(0, 50) }, NOW);
    const second = advanced(first, { covers: undefined, lost: between(0, 50) }, NOW + 1_000);
    expect(second.lost).toEqual([
      { ...between(0, 50), reason: "search_window", recordedAt: "2026-11-23T12:00:00.000Z" },
    ]);
    expect([newLosses(coverageWith(), first), newLosses(first, second)]).toEqual([first.lost, []]);
  });

  it("calls nothing lost that is owned", () => {
    const { lost } = advanced(
      coverageWith({ owned: [between(20, 30)] }),
      { covers: undefined, lost: between(0, 40) },
      NOW,
    );
    expect(lost).toMatchObject([between(0, 20), between(30, 40)]);
  });

  it("takes back a loss that full-archive search has delivered", () => {
    const lossy = advanced(coverageWith(), { covers: undefined, lost: between(0, 50) }, NOW);
    const { owned, lost } = advanced(lossy, { covers: between(30, 50), lost: undefined }, NOW);
    expect({ owned, lost }).toMatchObject({ owned: [between(30, 50)], lost: [between(0, 30)] });
  });

  it("keeps the coverage small: the oldest details are dropped, never the newest, and never as a hole", () => {
    let coverage = coverageWith();
    for (let n = 0; n < MAX_OWNED + 5; n += 1) {
      coverage = advanced(coverage, { covers: between(10 * n, 10 * n + 5), lost: undefined }, NOW);
    }
    expect(coverage.owned).toHaveLength(MAX_OWNED);
    expect(coverage.lost).toEqual([
      { ...between(0, 45), reason: "details_dropped", recordedAt: "2026-11-23T12:00:00.000Z" },
    ]);
    expect(holesIn(coverage, between(0, 60), true)).toEqual([between(45, 50), between(55, 60)]);
  });

  it("bounds the losses, too", () => {
    let coverage = coverageWith();
    for (let n = 0; n < MAX_LOST + 5; n += 1) {
      coverage = advanced(coverage, { covers: undefined, lost: between(10 * n, 10 * n + 5) }, NOW);
    }
    expect(coverage.lost.length).toBeLessThanOrEqual(MAX_LOST);
    expect(coverage.lost.at(-1)).toMatchObject(between(10 * (MAX_LOST + 4), 10 * (MAX_LOST + 4) + 5));
  });
});

describe("the searchable part of an answer", () => {
  const old = firstIdAt(NOW - SEARCHABLE_MS);
  const young = firstIdAt(NOW - 1_000);
  const covers = { after: "0", through: MAX_ID };

  it("ends where X is sure to find every post", () => {
    expect(searchablePart(covers, [], NOW)).toEqual({ after: "0", through: old });
  });

  it("reaches to the newest post that came", () => {
    expect(searchablePart(covers, [young, "5"], NOW)).toEqual({ after: "0", through: young });
  });

  it("never reaches beyond what was asked for", () => {
    expect(searchablePart(between(0, 50), ["40", "99"], NOW)).toEqual(between(0, 50));
  });

  it("is nothing where all of it is too young", () => {
    expect(searchablePart({ after: old, through: MAX_ID }, [], NOW)).toBeUndefined();
  });
});
