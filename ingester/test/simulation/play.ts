/** Plays a scenario, and then a healthy end: every process runs once more, nothing fails, and no limit is in the way. */
import type { LimitScope } from "../../src/ledger/budget";
import type { Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { lastIdBefore } from "../../src/posts/ids";
import { Auditor } from "./auditor";
import { type Act, type Actor, type Scenario, SEARCHED, STREAMED } from "./scenario";
import { type ProcessPlan, SimulatedProcess } from "./simulated-process";
import { World } from "./world";

const FIRST_DAY = Date.parse("2026-11-10T00:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Within so much virtual time, whatever is due has been done. */
const DONE_WITHIN_MS = 2 * DAY_MS;

export interface Played {
  readonly world: World;
  /** What was promised and did not hold, in words; empty when everything held. */
  readonly breaches: readonly string[];
}

/** The same scenario always ends in the same world, with the same log. */
export async function play(scenario: Scenario): Promise<Played> {
  const world = new World(scenario.seed, FIRST_DAY + scenario.startMs, scenario.cycleDay);
  world.x.usageOf = { cycleDay: scenario.cycleDay, othersPerHour: scenario.othersPerHour };
  const auditor = new Auditor(world);
  populate(world);
  try {
    for (const act of scenario.acts) await perform(act, { scenario, world, auditor });
    await recover(world, auditor);
  } catch (error) {
    auditor.breach((error as Error).stack ?? String(error));
  }
  return { world, breaches: auditor.breaches };
}

interface Stage {
  readonly scenario: Scenario;
  readonly world: World;
  readonly auditor: Auditor;
}

/** Posts of the last three days. */
function populate({ x, clock, random }: World): void {
  for (const query of SEARCHED) {
    const count = random.below(350);
    for (let n = 0; n < count; n += 1) x.postAt(query, clock.nowMs - 1_000 - random.below(3 * DAY_MS));
  }
}

async function perform(act: Act, { scenario, world, auditor }: Stage): Promise<void> {
  const { clock, x } = world;
  const { limit, foundAfterMs } = scenario;
  for (let n = 0; n < act.newPosts; n += 1) x.post(queryOf(n), foundAfterMs);
  await clock.drive(clock.sleep(act.waitMs));
  const limits = act.actors.map(({ limitPercent }) => Math.max(10, Math.floor((limit * limitPercent) / 100)));
  auditor.begin({ ...act, limit: Math.max(...limits) });
  x.stream.faultsOfConnecting.push(...act.connectFaults);
  for (const { afterMs, fault } of act.streamFaults)
    void clock.sleep(afterMs).then(() => x.stream.disturb(fault));
  void postMeanwhile(act.postsMeanwhile, foundAfterMs, world);
  const running = act.actors.map(async (actor, n) => {
    await clock.sleep(actor.startAfterMs);
    const process = new SimulatedProcess(world, planOf(actor, limits[n], clock.nowMs));
    auditor.ended(await process.run(), actor);
    return process;
  });
  const processes = await clock.drive(Promise.all(running), DONE_WITHIN_MS);
  x.stream.faultsOfConnecting.length = 0;
  auditor.end(processes.filter(({ wasKilled }) => wasKilled).length);
}

/** Some posts of every kind, a second apart. */
async function postMeanwhile(count: number, foundAfterMs: number, { clock, x }: World): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await clock.sleep(1_000);
    x.post(queryOf(n), foundAfterMs);
    x.post(STREAMED[n % 2] ?? STREAMED[0], foundAfterMs);
  }
}

function queryOf(n: number): string {
  return SEARCHED[n % 2] ?? SEARCHED[0];
}

/** Everything is healthy, and every process does what it is for. */
async function recover(world: World, auditor: Auditor): Promise<void> {
  const { clock } = world;
  // Past X's delay, so that every post can be found, and past the ghosts.
  await clock.drive(clock.sleep(HOUR_MS));
  const healthy = { queries: "both", faults: [], deliveryFaults: [], skewMs: 0 } as const;
  const run = new SimulatedProcess(world, {
    ...planOf({ ...HEALTHY, ...healthy, command: "run" }, undefined, clock.nowMs),
  });
  auditor.expectEnding(await clock.drive(run.run(), DONE_WITHIN_MS), "caught_up");
  const stream = new SimulatedProcess(world, {
    ...planOf({ ...HEALTHY, ...healthy, command: "stream" }, undefined, clock.nowMs),
  });
  auditor.expectEnding(await clock.drive(stream.run(), DONE_WITHIN_MS), "stopped");
  auditor.conclude();
}

const HEALTHY: Actor = {
  ...{ command: "run", queries: "both", limitPercent: 100, startAfterMs: 0, stopAfterMs: 15 * MINUTE_MS },
  ...{ kill: undefined, killWhen: "before", leavesGhost: false, suspend: undefined, skewMs: 0 },
  ...{ clockJump: undefined, limitScope: "own" },
  ...{ fromHours: 1, toHours: 0, faults: [], deliveryFaults: [], storeFaults: [] },
};

function planOf(actor: Actor, limit: number | undefined, nowMs: number): ProcessPlan {
  const { command, kill, killWhen, suspend, stopAfterMs, clockJump, limitScope, ...rest } = actor;
  const toMs = nowMs - actor.toHours * HOUR_MS;
  const range = { after: lastIdBefore(toMs - actor.fromHours * HOUR_MS), through: lastIdBefore(toMs) };
  return {
    ...{ ...rest, command },
    queries: queriesOf(actor),
    terms: termsOf(limit, limitScope),
    once: true,
    goal:
      command === "backfill"
        ? { type: "range", range, archive: false }
        : { type: "ongoing", start: command === "run" ? "window" : "now", pollMs: MINUTE_MS },
    ...(kill !== undefined && { killAt: { call: kill, when: killWhen } }),
    ...(suspend !== undefined && { suspendAt: suspend }),
    ...(clockJump !== undefined && { clockJump }),
    ...(command === "stream" ? { stopAfterMs } : { stopAfterMs: DAY_MS }),
  };
}

function queriesOf({ command, queries }: Actor): readonly string[] {
  const [first, second] = command === "stream" ? STREAMED : SEARCHED;
  if (queries === "both") return [first, second];
  // One rule stays, so that there is something that every stream owns.
  return queries === "first" || command === "stream" ? [first] : [second];
}

function termsOf(monthlyPosts: number | undefined, scope: LimitScope): Terms {
  const limits = monthlyPosts === undefined ? {} : { monthlyPosts };
  return { limits, prices: DEFAULT_PRICES, scope, deduplicates: true };
}
