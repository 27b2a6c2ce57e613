import { totalAtRisk, totalSpent } from "../../src/ledger/account";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { SimulatedProcess } from "./simulated-process";
import type { SearchFault } from "./simulated-x";
import { World } from "./world";

const START = Date.parse("2026-11-10T09:00:00Z");
const HOUR_MS = 3_600_000;

function worldWith(posts: number): World {
  const world = new World(1, START);
  for (let n = 0; n < posts; n += 1) world.x.postAt("cats", START - (n + 1) * 60_000);
  return world;
}

/** A service that meets these faults, and is stopped after some hours. */
function service(
  world: World,
  faults: readonly (SearchFault | undefined)[],
  hours: number,
): SimulatedProcess {
  return new SimulatedProcess(world, {
    ...{ command: "run", queries: ["cats"], once: false, faults, stopAfterMs: hours * HOUR_MS },
    goal: { type: "ongoing", start: "window", pollMs: 60_000 },
    terms: { limits: { monthlyPosts: 1_000 }, prices: DEFAULT_PRICES, scope: "own", deduplicates: true },
  });
}

const budgetOf = (world: World) =>
  world.store.read()?.ledger.budget ?? { spent: [], reservations: [], risks: [] };
const lost = (count: number) => Array<SearchFault>(count).fill("lost");

describe("an outage of X that lasts for hours", () => {
  it("puts one page at risk, however many answers get lost", async () => {
    const world = worldWith(300);
    await world.clock.drive(service(world, lost(10_000), 5).run());
    const attempts = world.x.reads.get([...world.x.reads.keys()][0] ?? "") ?? 0;
    expect(attempts).toBeGreaterThan(100);
    expect(totalAtRisk(budgetOf(world)).posts).toBeLessThanOrEqual(100);
  });

  it("leaves nothing at risk once X answers again on the same day, and every post arrives", async () => {
    const world = worldWith(300);
    await world.clock.drive(service(world, lost(150), 10).run());
    expect([totalAtRisk(budgetOf(world)), totalSpent(budgetOf(world))]).toEqual([{}, { posts: 300 }]);
    expect(new Set(world.bucket).size).toBe(300);
    expect(world.x.billed).toBe(300);
  });

  it("puts one page at risk for each UTC day that it goes on", async () => {
    const world = worldWith(300);
    await world.clock.drive(service(world, lost(10_000), 40).run());
    const posts = totalAtRisk(budgetOf(world)).posts ?? 0;
    expect(posts).toBeGreaterThan(0);
    // The last moments of a day count apart: X may bill them on the next.
    expect(posts).toBeLessThanOrEqual(3 * 100);
  });
});
