import fc from "fast-check";
import { holds } from "../../src/ledger/intervals";
import type { Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { lastIdBefore } from "../../src/posts/ids";
import { MemoryStore, type ProcessPlan, SimulatedProcess, type Surroundings } from "./simulated-process";
import { type SearchFault, SimulatedX } from "./simulated-x";
import { VirtualClock } from "./virtual-clock";

const START = Date.parse("2026-11-10T21:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 100;
const QUERIES = ["cats", "dogs"];

/** A process, or several at once, and what happens before it starts. */
interface Act {
  readonly kind: "run" | "backfill" | "both" | "rivals";
  readonly queries: number;
  readonly newPosts: number;
  readonly waitMs: number;
  readonly kill: number | undefined;
  readonly killWhen: "before" | "after";
  readonly suspend: number | undefined;
  readonly fromHours: number;
  readonly toHours: number;
  readonly faults: readonly (SearchFault | undefined)[];
}

const anyFault = fc.constantFrom<(SearchFault | undefined)[]>(
  undefined,
  undefined,
  undefined,
  "lost",
  "reset",
  "503",
  "expired token",
  "empty page",
  "short page",
);
const anyAct = fc.record<Act>({
  kind: fc.constantFrom("run", "run", "backfill", "both", "rivals"),
  queries: fc.integer({ min: 1, max: 2 }),
  newPosts: fc.nat({ max: 180 }),
  waitMs: fc.oneof(fc.nat({ max: 60_000 }), fc.nat({ max: 6 * HOUR_MS }), fc.nat({ max: 2 * DAY_MS })),
  kill: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  killWhen: fc.constantFrom("before", "after"),
  suspend: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 6 }),
  fromHours: fc.integer({ min: 1, max: 60 }),
  toHours: fc.nat({ max: 50 }),
  faults: fc.array(anyFault, { maxLength: 12 }),
});

interface Seeded {
  readonly seed: number;
  readonly limit: number;
  readonly acts: readonly Act[];
}

const anySeeded = fc.record<Seeded>({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  limit: fc.integer({ min: 10, max: 900 }),
  acts: fc.array(anyAct, { minLength: 1, maxLength: 6 }),
});

const RUNS = Number(process.env.SIMULATION_RUNS ?? 150);

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function worldOf(seed: number): Surroundings {
  const clock = new VirtualClock(START);
  const x = new SimulatedX(clock);
  const random = randomOf(seed);
  for (const query of QUERIES) {
    const count = Math.floor(random() * 350);
    for (let n = 0; n < count; n += 1) x.postAt(query, START - Math.floor(random() * 3 * DAY_MS));
  }
  return { clock, x, store: new MemoryStore(), bucket: [], random };
}

const termsOf = (monthlyPosts: number | undefined): Terms => ({
  limits: monthlyPosts === undefined ? {} : { monthlyPosts },
  prices: DEFAULT_PRICES,
  scope: "own",
  deduplicates: true,
});

function planOf(act: Act, command: "run" | "backfill", limit: number | undefined): Omit<ProcessPlan, "goal"> {
  return {
    command,
    queries: QUERIES.slice(0, act.queries),
    terms: termsOf(limit),
    once: true,
    faults: act.faults,
    ...(act.kill === undefined ? {} : { killAt: { call: act.kill, when: act.killWhen } }),
    ...(act.suspend === undefined ? {} : { suspendAt: { call: act.suspend, forMs: 45_000 } }),
  };
}

const RUN_GOAL = { type: "ongoing", start: "window", pollMs: 60_000 } as const;

function processesOf(act: Act, world: Surroundings, limit: number | undefined): readonly SimulatedProcess[] {
  const run = () => new SimulatedProcess(world, { ...planOf(act, "run", limit), goal: RUN_GOAL });
  const backfill = () => {
    const { nowMs } = world.clock;
    const toMs = nowMs - act.toHours * HOUR_MS;
    const range = { after: lastIdBefore(toMs - act.fromHours * HOUR_MS), through: lastIdBefore(toMs) };
    return new SimulatedProcess(world, {
      ...planOf(act, "backfill", limit),
      goal: { type: "range", range, archive: false },
    });
  };
  switch (act.kind) {
    case "run":
      return [run()];
    case "backfill":
      return [backfill()];
    case "both":
      return [run(), backfill()];
    case "rivals":
      return [run(), run()];
  }
}

/** Plays the acts under the limit, then a healthy run without one. */
async function play({ seed, limit, acts }: Seeded) {
  const world = worldOf(seed);
  const { clock, x, random } = world;
  const delayMs = Math.floor(random() * 30_000);
  let kills = 0;
  let suspended = 0;
  for (const act of acts) {
    for (let n = 0; n < act.newPosts; n += 1) x.post(QUERIES[n % 2] ?? "cats", delayMs);
    await clock.drive(clock.sleep(act.waitMs));
    const processes = processesOf(act, world, limit);
    await clock.drive(Promise.all(processes.map((process) => process.run())), DAY_MS);
    kills += processes.filter(({ wasKilled }) => wasKilled).length;
    suspended += act.suspend === undefined ? 0 : processes.length;
    expect(x.billed).toBeLessThanOrEqual(limit);
  }
  // Past X's delay, so that every post can be found.
  await clock.drive(clock.sleep(HOUR_MS));
  const healthy = { queries: 2, faults: [], kill: undefined, suspend: undefined };
  for (const last of acts.slice(-1)) {
    const [process] = processesOf({ ...last, ...healthy, kind: "run" }, world, undefined);
    expect(await clock.drive(process?.run() ?? Promise.resolve(""), DAY_MS)).toBe("caught_up");
  }
  return { world, kills, suspended };
}

describe("a simulated world", () => {
  it(
    "keeps the promises, whatever happens",
    async () => {
      await fc.assert(
        fc.asyncProperty(anySeeded, async (seeded) => {
          const { world, kills, suspended } = await play(seeded);
          const delivered = new Set(world.bucket);
          const owned = world.store.read()?.ledger.coverage ?? [];
          // An answer that got lost can be older than X's window by the time it is asked for again.
          const isLost = (id: string) => owned.some(({ lost }) => holds(lost, id));
          for (const id of world.x.returnedIds) expect(delivered.has(id) || isLost(id)).toBe(true);
          for (const { key, owned: intervals, lost } of owned) {
            const isCovered = (id: string) => holds(intervals, id) || holds(lost, id);
            const ids = world.x.posts.filter(({ query }) => query === key).map(({ id }) => id);
            for (const id of ids.filter(isCovered)) expect(delivered.has(id) || holds(lost, id)).toBe(true);
          }
          const lostAnswers = seeded.acts
            .flatMap(({ faults }) => faults)
            .filter((fault) => fault === "lost").length;
          const again = [...world.x.reads.values()].reduce((sum, reads) => sum + reads - 1, 0);
          expect(again).toBeLessThanOrEqual((kills + suspended + 2 * lostAnswers) * PAGE);
          expect(world.store.read()?.ledger.budget.reservations).toEqual([]);
        }),
        // Shrinking takes minutes, and a test that runs out of time says nothing about what it has found.
        { numRuns: RUNS, endOnFailure: process.env.SIMULATION_SHRINK === undefined },
      );
    },
    RUNS * 1_000,
  );
});
