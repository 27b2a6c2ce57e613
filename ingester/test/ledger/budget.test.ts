import { totalAtRisk, totalReserved, totalSpent } from "../../src/ledger/account";
import {
  type Budget,
  budgetAt,
  charged,
  committed,
  MAX_CORRECTIONS,
  newBudget,
  USAGE_SETTLING_MS,
  withCycleDay,
  withProjectUsage,
  withRisksReleased,
  withSpentSet,
} from "../../src/ledger/budget";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const NEXT_CYCLE = Date.parse("2026-12-01T00:00:00Z");
const interval = { after: "1", through: "9" };

function budgetWith(overrides: Partial<Budget> = {}): Budget {
  return { ...newBudget(NOW, 1), ...overrides };
}

const busy = budgetWith({
  spent: [{ key: "cats", amounts: { posts: 100 } }],
  risks: [{ key: "cats", interval, atMs: NOW, amounts: { posts: 20 } }],
  reservations: [{ id: "1.0", key: "cats", fence: 1, interval, atMs: NOW, amounts: { posts: 50 } }],
});

describe("the budget over time", () => {
  it("is the same while nothing changes", () => {
    const budget = newBudget(NOW, 1);
    expect(budgetAt(budget, NOW + 1)).toBe(budget);
  });

  it("starts a new cycle with nothing spent; requests under way count in the cycle that settles them", () => {
    const next = budgetAt(busy, NEXT_CYCLE);
    expect([totalSpent(next), totalAtRisk(next), totalReserved(next)]).toEqual([{}, {}, { posts: 50 }]);
    expect(next.cycle).toMatchObject({ startMs: NEXT_CYCLE, endMs: Date.parse("2027-01-01T00:00:00Z") });
  });

  it("moves the end of the running cycle when X names its day, and keeps what is spent", () => {
    const moved = withCycleDay(busy, 27, NOW);
    expect(moved.cycle).toMatchObject({
      day: 27,
      startMs: busy.cycle.startMs,
      endMs: Date.parse("2026-11-27T00:00:00Z"),
    });
    expect(totalSpent(moved)).toEqual({ posts: 100 });
  });

  it("keeps its corrections over the turn", () => {
    const corrected = withSpentSet(busy, 10, { reason: "invoice", nowMs: NOW });
    expect(budgetAt(corrected, NEXT_CYCLE).corrections).toHaveLength(1);
  });
});

describe("X's own figure", () => {
  it("says how much others have used: all that this ledger does not know", () => {
    const { project } = withProjectUsage(busy, 300, NOW);
    expect(project).toEqual({ posts: 300, others: 180, readAtMs: NOW });
  });

  it("never lowers what others have used, because it lags", () => {
    const once = withProjectUsage(busy, 300, NOW);
    const later = withProjectUsage(charged(once, "cats", { posts: 150 }), 310, NOW + 60_000);
    expect(later.project).toMatchObject({ posts: 310, others: 180 });
  });

  it("is not believed on the first day of a cycle: it can still be that of the cycle before", () => {
    const turned = budgetAt(busy, NEXT_CYCLE);
    expect(withProjectUsage(turned, 9_000, NEXT_CYCLE + 1)).toBe(turned);
    expect(withProjectUsage(turned, 9_000, NEXT_CYCLE + USAGE_SETTLING_MS).project).toMatchObject({
      others: 9_000,
    });
  });

  it("is not believed by a ledger that is made on the first day of a cycle", () => {
    const made = newBudget(NEXT_CYCLE + HOUR_MS, 1);
    expect(withProjectUsage(made, 950_000, NEXT_CYCLE + HOUR_MS)).toBe(made);
  });

  it("is believed at once by a ledger that learns of the turn weeks later", () => {
    const lateMs = NEXT_CYCLE + 19 * DAY_MS;
    const { project } = withProjectUsage(budgetAt(busy, lateMs), 9_000, lateMs);
    expect(project).toEqual({ posts: 9_000, others: 9_000, readAtMs: lateMs });
  });

  it("is not believed on the first day of X's cycle, although this ledger's own began earlier", () => {
    const turnMs = Date.parse("2026-11-27T00:00:00Z");
    const moved = withCycleDay(busy, 27, turnMs + HOUR_MS);
    expect(moved.cycle.startMs).toBe(busy.cycle.startMs);
    expect(withProjectUsage(moved, 9_000, turnMs + HOUR_MS)).toBe(moved);
    expect(withProjectUsage(moved, 9_000, turnMs + USAGE_SETTLING_MS).project?.others).toBe(8_880);
  });

  it("is dropped when X's day shows that it was read in the cycle before, and nothing has been bought", () => {
    const used = withProjectUsage(newBudget(NOW, 1), 9_000, NOW);
    expect(withCycleDay(used, 25, NOW + 3 * DAY_MS).project).toBeUndefined();
    expect(withCycleDay(used, 20, NOW + 3 * DAY_MS).project).toMatchObject({ others: 9_000 });
  });

  it("counts against the limits only where the scope is the project", () => {
    const used = withProjectUsage(busy, 300, NOW);
    expect(committed(used, "own")).toEqual({ posts: 170 });
    expect(committed(used, "project")).toEqual({ posts: 350 });
  });
});

describe("a correction", () => {
  it("sets what is spent, and keeps its reason with the figures before and after", () => {
    const { spent, corrections } = withSpentSet(busy, 40, { reason: "X's invoice", nowMs: NOW });
    expect(spent).toEqual([{ key: "correction", amounts: { posts: 40 } }]);
    expect(corrections).toEqual([
      {
        ...{ at: "2026-11-23T12:00:00.000Z", what: "set_spent", reason: "X's invoice" },
        ...{ before: { posts: 100 }, after: { posts: 40 } },
      },
    ]);
  });

  it("releases what is at risk, and nothing else", () => {
    const released = withRisksReleased(busy, { reason: "X was down", nowMs: NOW });
    expect([totalAtRisk(released), totalSpent(released)]).toEqual([{}, { posts: 100 }]);
    expect(released.corrections).toMatchObject([{ what: "release", before: { posts: 20 }, after: {} }]);
  });

  it("leaves to others what X's figure has beside the corrected one, so that a limit stays reached", () => {
    const used = withProjectUsage(busy, 300, NOW);
    const ours = totalSpent(busy).posts ?? 0;
    const atRisk = totalAtRisk(busy).posts ?? 0;
    expect(used.project).toMatchObject({ others: 300 - ours - atRisk });

    const correcting = { reason: "invoice", nowMs: NOW };
    expect(withSpentSet(used, 290, correcting).project).toMatchObject({ others: 0 });
    expect(withSpentSet(used, 100, correcting).project).toMatchObject({ others: 200 - atRisk });
    expect(withRisksReleased(used, correcting).project).toMatchObject({ others: 300 - ours });
  });

  it("drops the oldest of very many", () => {
    let budget = newBudget(NOW, 1);
    for (let n = 0; n <= MAX_CORRECTIONS; n += 1)
      budget = withSpentSet(budget, n, { reason: `${n}`, nowMs: NOW });
    expect(budget.corrections).toHaveLength(MAX_CORRECTIONS);
    expect(budget.corrections[0]).toMatchObject({ reason: "1" });
  });
});
