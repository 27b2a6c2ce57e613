/** Plays one scenario of the stream: its own part, then a healthy and unlimited end in which every hole is filled. */
import { SharedClock } from "../../../local/support/shared-clock";
import type { XSimulatorOptions } from "../../../local/x-simulator/options";
import { World } from "../../ingest/world";
import { isAudited } from "../audit";
import { withEvidence } from "../evidence";
import { failed, type Played, type Surroundings } from "../play";
import type { Budget } from "../verdict";
import { measureStream } from "./measure";
import type { StreamScenario } from "./scenario";
import { StreamStage } from "./stage";
import { judgeStream } from "./verdict";

const POST_USD = 0.005;
/** A connection needs room for 40 posts, is closed 20 posts early, and X's smallest page has 10. */
const UNUSED = 70;
/** Of the machine: a process that hangs keeps the scenario's time from moving. */
const STANDSTILL_MS = 90_000;

/** Never throws: whatever goes wrong is a violation. */
export async function playStream(scenario: StreamScenario, surroundings: Surroundings): Promise<Played> {
  const clock = new SharedClock();
  const world = await World.create(
    optionsOf(scenario, clock),
    { clock, signingClock: clock },
    surroundings.bundle,
  );
  const store = scenario.store === "dynamodb" ? await surroundings.dynamodb() : {};
  const stage = new StreamStage(world, clock, scenario, { ...scenario.environment, ...store });
  const name = nameOf(scenario);
  const over = new AbortController();
  try {
    const end = Promise.race([perform(name, scenario, stage), standstill(clock, over.signal)]);
    const played = await end.catch((error) => failed(name, [(error as Error).message, ...stage.problems]));
    return await withEvidence(played, name, world, () => stage.ledger.coverage());
  } finally {
    over.abort();
    await stage.close();
    await world.close();
    clock.close();
  }
}

export function nameOf({ name, store = "file" }: StreamScenario): string {
  return `stream: ${name}, ${store === "file" ? "file" : "DynamoDB"}`;
}

function optionsOf({ x }: StreamScenario, clock: SharedClock): XSimulatorOptions {
  return {
    clock,
    posts: 0,
    matching: "query",
    indexingLagMs: 20_000,
    deliveryDelay: { minMs: 0, maxMs: 6_000 },
    ...x,
  };
}

async function perform(name: string, scenario: StreamScenario, stage: StreamStage): Promise<Played> {
  await scenario.play(stage);
  const budget = await budgetOf(scenario, stage);
  await finish(scenario, stage);
  const measures = await measureStream(stage, scenario);
  if (isAudited(name)) await stage.audit();
  const verdict = judgeStream(name, { ...measures, ...(budget && { budget }) }, stage.problems);
  const { reRead, duplicates } = measures;
  return { ...verdict, kills: stage.kills, reRead, duplicates };
}

/** X's bill against the limit, at this moment. */
async function budgetOf({ limits }: StreamScenario, stage: StreamStage): Promise<Budget | undefined> {
  const { billedPosts, posts } = stage.x.ledger.report();
  // What search brings again of what was streamed counts in the ledger, although X bills it once a day.
  const readAgain = posts - billedPosts;
  const unusedAllowed = stage.isAtLimit
    ? UNUSED + readAgain + (await stage.ledger.atRisk())
    : Number.POSITIVE_INFINITY;
  if (limits?.posts !== undefined) {
    return { unit: "posts", limit: limits.posts, billed: billedPosts, unusedAllowed };
  }
  if (limits?.usd === undefined) return undefined;
  const billed = billedPosts * POST_USD;
  return { unit: "usd", limit: limits.usd, billed, unusedAllowed: unusedAllowed * POST_USD };
}

/** Everything is well again, and nothing limited: whatever was billed and is not delivered must be read again now. */
async function finish({ limits }: StreamScenario, stage: StreamStage): Promise<void> {
  const { x, firehose } = stage.world;
  for (const plan of [x.faults, x.ruleFaults, x.stream.faults, firehose.faults]) plan.clear();
  const isLimited = limits !== undefined;
  if (isLimited) await stage.stop();
  const unlimited = { MONTHLY_POST_LIMIT: undefined, MONTHLY_USD_LIMIT: "none" };
  if (!stage.isRunning) stage.start({ ...(isLimited && unlimited), STREAM_FILL: "true" });
  await stage.settle();
  await stage.stop();
}

/** Rejects when the scenario's time no longer moves. Its waits are limited in that time. */
function standstill(clock: SharedClock, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    let seenMs = clock.now();
    const look = setInterval(() => {
      if (clock.now() === seenMs) reject(new Error(`its time stands still for ${STANDSTILL_MS / 1_000} s`));
      seenMs = clock.now();
    }, STANDSTILL_MS);
    signal.addEventListener("abort", () => clearInterval(look));
  });
}
