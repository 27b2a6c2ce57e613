import fc from "fast-check";
import { costInMicros, DEFAULT_PRICES, limitInMicros, plus, postReads } from "../../src/checkpoint/money";
import { NO_READS, type Reads } from "../../src/ports";
import {
  EXPANDED,
  ManualClock,
  MemoryMeterStore,
  meterOn,
  NOVEMBER_23,
  PLAIN,
  pages,
} from "./helpers/meters";

/** What a simulated ingester does with one page: buys a share of it, learns nothing, or dies. */
const anyOutcome = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant("unknown" as const) },
  { weight: 1, arbitrary: fc.constant("killed" as const) },
);
type Outcome = number | "unknown" | "killed";

const anyIngesters = fc.array(fc.array(anyOutcome, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 4,
});
const anyLimits = fc.record({
  monthlyPosts: fc.integer({ min: 0, max: 1_500 }),
  monthlyUsd: fc.integer({ min: 0, max: 9_000 }).map((thousandths) => thousandths / 1_000),
});

/** X as the bank sees it: what was really billed. */
class Bank {
  billed: Reads = NO_READS;

  charge(reads: Reads): Reads {
    this.billed = plus(this.billed, reads);
    return reads;
  }
}

interface World {
  readonly store: MemoryMeterStore;
  readonly bank: Bank;
  readonly limits: { monthlyPosts: number; monthlyUsd: number };
}

/** Runs one ingester; after a kill, the next process of the same checkpoint goes on. */
async function ingest(world: World, checkpointKey: string, outcomes: readonly Outcome[]): Promise<void> {
  const { store, limits, bank } = world;
  const start = () => meterOn(store, { checkpointKey, limits, clock: new ManualClock(NOVEMBER_23) });
  let meter = start();
  for (const [turn, outcome] of outcomes.entries()) {
    const reservation = await meter.reserve(pages(turn % 2 === 0 ? PLAIN : EXPANDED));
    if ("limit" in reservation) return;
    const billed = bank.charge(share(reservation.reads, typeof outcome === "number" ? outcome : 1));
    if (outcome === "killed") meter = start();
    else meter.settle(reservation, outcome === "unknown" ? outcome : billed);
  }
  await meter.flush();
}

function share(reads: Reads, factor: number): Reads {
  return {
    posts: Math.floor(reads.posts * factor),
    includedPosts: Math.floor(reads.includedPosts * factor),
    includedUsers: Math.floor(reads.includedUsers * factor),
  };
}

describe("money meter shared by several ingesters", () => {
  it("is never exceeded by one post or one micro-dollar, whatever is billed and whoever dies", async () => {
    await fc.assert(
      fc.asyncProperty(anyIngesters, anyLimits, async (ingesters, limits) => {
        const world: World = { store: new MemoryMeterStore(), bank: new Bank(), limits };

        await Promise.all(ingesters.map((outcomes, index) => ingest(world, `search:${index}`, outcomes)));

        expect(postReads(world.bank.billed)).toBeLessThanOrEqual(limits.monthlyPosts);
        const spent = costInMicros(world.bank.billed, DEFAULT_PRICES);
        expect(spent).toBeLessThanOrEqual(limitInMicros(limits.monthlyUsd));
      }),
      { numRuns: 150 },
    );
  });

  it("counts exactly what was billed when nobody dies and every outcome is known", async () => {
    const known = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(known, async (ingesters) => {
        const limits = { monthlyPosts: 1_000_000, monthlyUsd: 1_000_000 };
        const world: World = { store: new MemoryMeterStore(), bank: new Bank(), limits };

        await Promise.all(ingesters.map((outcomes, index) => ingest(world, `search:${index}`, outcomes)));

        expect(world.store.stored?.state.spent ?? NO_READS).toEqual(world.bank.billed);
      }),
      { numRuns: 60 },
    );
  });
});
