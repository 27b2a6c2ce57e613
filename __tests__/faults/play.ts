/** Plays one scenario: its own part under its limits, a final clean run without faults or limits, then the judgement. */
import type { Environment } from "../ingest/world";
import { World } from "../ingest/world";
import { isAudited } from "./audit";
import { withEvidence } from "./evidence";
import { type Known, measure, measureBudget } from "./measure";
import type { Scenario } from "./scenario";
import { Stage } from "./stage";
import { judge, RECENT_PAGE, type Verdict } from "./verdict";

/** Of the machine; what takes longer hangs. */
const DEADLINE_MS = 150_000;

export interface Surroundings {
  /** The ingester, as one file. */
  readonly bundle: string;
  /** The environment of a checkpoint in DynamoDB of its own. */
  readonly dynamodb: () => Promise<Environment>;
}

export interface Played extends Verdict {
  readonly kills: number;
  readonly reRead: number;
  readonly duplicates: number;
}

/** Never throws: whatever goes wrong is a violation. */
export async function play(scenario: Scenario, surroundings: Surroundings): Promise<Played> {
  const world = await World.create(scenario.x, scenario.firehose, surroundings.bundle);
  const checkpoint = scenario.checkpoint === "dynamodb" ? await surroundings.dynamodb() : {};
  const stage = new Stage(world, scenario, { ...scenario.environment, ...checkpoint });
  const deadline = new AbortController();
  try {
    const played = await Promise.race([perform(scenario, stage), overdue(deadline.signal)]).catch((error) =>
      failed(scenario.name, [(error as Error).message]),
    );
    return await withEvidence(played, scenario.name, world, () => stage.ledger());
  } finally {
    deadline.abort();
    await world.close();
  }
}

/** A scenario that did not come to its end. */
export function failed(name: string, violations: readonly string[]): Played {
  return { line: `BROKEN  ${name}`, violations, kills: 0, reRead: 0, duplicates: 0 };
}

async function perform(scenario: Scenario, stage: Stage): Promise<Played> {
  const { world } = stage;
  await scenario.play(stage);
  const budget = measureBudget(world, scenario.limits ?? {}, await knownOf(scenario, stage));
  await finish(scenario, stage);
  const measures = await measure(world, await knownOf(scenario, stage), budget);
  if (scenario.canFinish !== false && isAudited(scenario.name)) await stage.audit();
  const unexplained = scenario.canFinish === false ? 0 : measures.unexplained;
  const verdict = judge(scenario.name, { ...measures, unexplained }, stage.problems);
  const { reRead, duplicates } = measures;
  return { ...verdict, kills: stage.kills, reRead, duplicates };
}

/** Everything is well again, and nothing limited: whatever was billed and is not delivered must be read again now. */
async function finish({ canFinish = true }: Scenario, stage: Stage): Promise<void> {
  stage.world.x.faults.clear();
  stage.world.firehose.faults.clear();
  if (!canFinish) return;
  const unlimited = { MONTHLY_POST_LIMIT: undefined, MONTHLY_USD_LIMIT: "none" };
  await stage.runTo(0, { RUN_ONCE: "true", ...unlimited });
}

async function knownOf(scenario: Scenario, stage: Stage): Promise<Known> {
  const priorUsage = scenario.x?.priorUsage ?? 0;
  return {
    seed: scenario.x?.seed ?? 1,
    kills: stage.kills,
    crashes: stage.crashes,
    pageSize: scenario.pageSize ?? RECENT_PAGE,
    lateAnswers: stage.lateAnswers,
    losses: await stage.losses(),
    queries: scenario.queries ?? 1,
    archive: scenario.argv?.includes("--full-archive") ?? false,
    priorUsage,
    postsPerPost: scenario.postsPerPost ?? 1,
    bookedForOthers: Math.max(0, ((await stage.ledger())?.budget.project?.others ?? 0) - priorUsage),
    endedAtLimit: stage.last?.events.some(isMonthlyLimit) ?? false,
  };
}

function isMonthlyLimit({ event, limit }: { readonly event: string; readonly limit?: unknown }): boolean {
  return event === "limit_reached" && String(limit).startsWith("MONTHLY_");
}

function overdue(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`did not end within ${DEADLINE_MS / 1_000} s`)),
      DEADLINE_MS,
    );
    signal.addEventListener("abort", () => clearTimeout(timer));
  });
}
