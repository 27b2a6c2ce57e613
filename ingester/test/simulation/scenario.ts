/** What happens in a world: processes that start beside each other, what they meet, and how much time passes between. */
import fc from "fast-check";
import type { LimitScope } from "../../src/ledger/budget";
import { type DeliveryFault, deliveryFaults } from "./simulated-process";
import { type ConnectFault, connectFaults, type StreamFault, streamFaults } from "./simulated-stream";
import { type SearchFault, searchFaults } from "./simulated-x";

export const SEARCHED = ["cats", "dogs"] as const;
/** The first is a rule of every stream. */
export const STREAMED = ["birds", "fish"] as const;

/** One process. */
export interface Actor {
  readonly command: "run" | "backfill" | "stream" | "estimate";
  /** Of two queries or rules: one redeployment has another than the next. */
  readonly queries: "first" | "second" | "both";
  /** Percent of the scenario's limit: limits are changed, too. */
  readonly limitPercent: number;
  readonly startAfterMs: number;
  /** A stream ends only when it is stopped. */
  readonly stopAfterMs: number;
  readonly kill: number | undefined;
  readonly killWhen: "before" | "after";
  readonly leavesGhost: boolean;
  readonly suspend: { readonly call: number; readonly forMs: number } | undefined;
  readonly skewMs: number;
  readonly clockJump: { readonly afterMs: number; readonly byMs: number } | undefined;
  /** Whether X's figure for the whole project counts against the limit. */
  readonly limitScope: LimitScope;
  readonly fromHours: number;
  readonly toHours: number;
  readonly faults: readonly (SearchFault | undefined)[];
  readonly deliveryFaults: readonly (DeliveryFault | undefined)[];
  /** Whether the answer to each write of the ledger gets lost. */
  readonly storeFaults: readonly boolean[];
}

export interface Act {
  /** Before the processes start. */
  readonly waitMs: number;
  /** Made before the processes start. */
  readonly newPosts: number;
  /** Made one after the other while the processes run. */
  readonly postsMeanwhile: number;
  readonly actors: readonly Actor[];
  readonly streamFaults: readonly { readonly afterMs: number; readonly fault: StreamFault }[];
  readonly connectFaults: readonly ConnectFault[];
}

export interface Scenario {
  readonly seed: number;
  /** Posts per billing cycle. */
  readonly limit: number;
  readonly cycleDay: number;
  /** Posts that other programs of the project read every hour. */
  readonly othersPerHour: number;
  /** When the world begins: milliseconds of a UTC day. */
  readonly startMs: number;
  /** Until search finds a post. */
  readonly foundAfterMs: number;
  readonly acts: readonly Act[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @param percent how often there is one */
const sometimes = <T>(value: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 100 - percent },
    { arbitrary: value, weight: percent },
  );

const anyActor = fc.record<Actor>({
  command: fc.constantFrom("run", "run", "run", "backfill", "backfill", "stream", "estimate"),
  queries: fc.constantFrom("both", "both", "first", "second"),
  limitPercent: fc.constantFrom(100, 100, 100, 60, 140),
  startAfterMs: fc.nat({ max: 5_000 }),
  stopAfterMs: fc.integer({ min: 20_000, max: 4 * MINUTE_MS }),
  kill: sometimes(fc.integer({ min: 1, max: 30 }), 40),
  killWhen: fc.constantFrom("before", "after"),
  leavesGhost: fc.boolean(),
  suspend: sometimes(
    fc.record({
      call: fc.integer({ min: 1, max: 20 }),
      forMs: fc.constantFrom(5_000, 45_000, 10 * MINUTE_MS),
    }),
    20,
  ),
  skewMs: fc.constantFrom(0, 0, 0, -90_000, 90_000, 3 * HOUR_MS),
  clockJump: sometimes(
    fc.record({
      afterMs: fc.nat({ max: 5_000 }),
      byMs: fc.constantFrom(-2 * HOUR_MS, -90_000, 90_000, 2 * HOUR_MS),
    }),
    15,
  ),
  limitScope: fc.constantFrom("own", "own", "project"),
  fromHours: fc.integer({ min: 1, max: 60 }),
  toHours: fc.nat({ max: 50 }),
  faults: fc.array(sometimes(fc.constantFrom(...searchFaults), 40), { maxLength: 12 }),
  deliveryFaults: fc.array(sometimes(fc.constantFrom(...deliveryFaults), 10), { maxLength: 6 }),
  storeFaults: fc.array(
    sometimes(fc.constant(true), 10).map((isLost) => isLost === true),
    { maxLength: 12 },
  ),
});

const anyAct = fc.record<Act>({
  waitMs: fc.oneof(
    fc.nat({ max: 2_000 }),
    fc.nat({ max: MINUTE_MS }),
    fc.nat({ max: 6 * HOUR_MS }),
    fc.nat({ max: 2 * DAY_MS }),
  ),
  newPosts: fc.nat({ max: 180 }),
  postsMeanwhile: fc.nat({ max: 60 }),
  actors: fc.array(anyActor, { minLength: 1, maxLength: 4 }),
  streamFaults: fc.array(
    fc.record({ afterMs: fc.nat({ max: 3 * MINUTE_MS }), fault: fc.constantFrom(...streamFaults) }),
    { maxLength: 3 },
  ),
  connectFaults: fc.array(fc.constantFrom(...connectFaults), { maxLength: 2 }),
});

const anyWorld = fc.record<Scenario & { readonly hasOrder: boolean }>({
  // Where pages have no order, less can be promised: most worlds are not like that.
  hasOrder: fc.constantFrom(true, true, true, false),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
  limit: fc.integer({ min: 10, max: 900 }),
  cycleDay: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(11, 12)),
  othersPerHour: fc.constantFrom(0, 0, 5),
  // Often just before midnight, when X's day of billing ends.
  startMs: fc.oneof(
    fc.nat({ max: DAY_MS - 1 }),
    fc.integer({ min: DAY_MS - 8_000, max: DAY_MS - 1 }),
    fc.integer({ min: DAY_MS - 8 * MINUTE_MS, max: DAY_MS - 1 }),
  ),
  foundAfterMs: fc.nat({ max: 30_000 }),
  acts: fc.array(anyAct, { minLength: 1, maxLength: 5 }),
});

export const anyScenario: fc.Arbitrary<Scenario> = anyWorld.map(({ hasOrder, ...scenario }) =>
  hasOrder ? { ...scenario, acts: scenario.acts.map(withOrder) } : scenario,
);

function withOrder(act: Act): Act {
  const kept = (fault: SearchFault | undefined) => (fault === "unsorted" ? undefined : fault);
  return { ...act, actors: act.actors.map((actor) => ({ ...actor, faults: actor.faults.map(kept) })) };
}

/** The scenario of a seed: always the same one. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(anyScenario, { seed, numRuns: 1 });
  if (scenario === undefined) throw new Error(`no scenario of seed ${seed}`);
  return scenario;
}
