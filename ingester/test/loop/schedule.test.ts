import { newCoverage, SEARCHABLE_MS, withClaims } from "../../src/ledger/coverage";
import { holds, type Interval } from "../../src/ledger/intervals";
import { coverageOf, newLedger, withCoverage } from "../../src/ledger/ledger";
import type { PostSource } from "../../src/loop/ports";
import { Schedule } from "../../src/loop/schedule";
import { firstIdAt, lastIdBefore, previousId } from "../../src/posts/ids";
import { page } from "../helpers/fake-ports";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const FENCE = 1;
const source: PostSource = {
  readLimits: { minPosts: 10, maxPosts: 100, perPost: { posts: 1 } },
  read: () => Promise.reject(new Error("nothing is read here")),
};

/** The coverage after a hole up to `through` has been read without a post, while another worker owns what lies above. */
function afterReading(through: string) {
  const range = { after: lastIdBefore(NOW - 3_600_000), through };
  const task = {
    key: "cats",
    query: "cats",
    goal: { type: "range", range, archive: false },
    source,
  } as const;
  const above: Interval = { after: through, through: lastIdBefore(NOW + 60_000) };
  const coverage = withClaims({ ...newCoverage("cats", "cats"), owned: [above] }, FENCE, task.goal);
  const ledger = withCoverage(newLedger(NOW, 1), coverage);
  const empty = page([], { covers: range, filled: true, receivedAtMs: NOW });
  const read = { task, hole: range, asked: range, page: empty };
  return coverageOf(new Schedule([task], FENCE, true).advanced(ledger, read, NOW), "cats")?.owned ?? [];
}

describe("the newest part of a hole", () => {
  it("is not owned below a moment from which another worker has gone on: search may find posts of it yet", () => {
    const owned = afterReading(lastIdBefore(NOW));
    expect(holds(owned, firstIdAt(NOW - 5_000))).toBe(false);
    expect(holds(owned, firstIdAt(NOW - SEARCHABLE_MS - 5_000))).toBe(true);
  });

  it("is owned below a post that search had found", () => {
    expect(
      holds(afterReading(previousId(`${firstIdAt(NOW)}`.replace(/.$/, "7"))), firstIdAt(NOW - 5_000)),
    ).toBe(true);
  });
});
