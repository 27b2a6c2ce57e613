/** `kill -9` at random points, several times a seed, alone or while everything else goes wrong, too. */
import type { FirehoseFault } from "../../local/firehose/faults";
import { randomSequence } from "../../local/support/random";
import type { XFault } from "../../local/x-simulator/faults/kinds";
import type { Limits } from "./measure";
import { type Moment, randomMoment, until } from "./moments";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

/** Faults that end by themselves and cost no long waits. */
const FIREHOSE_FAULTS: readonly FirehoseFault[] = [
  { kind: "service-unavailable" },
  { kind: "throttling" },
  { kind: "internal-failure" },
  { kind: "fail-entries", entries: [0] },
  { kind: "fail-entries", entries: [0], code: "InternalFailure" },
  { kind: "reset-before-accept" },
  { kind: "reset-after-accept" },
  { kind: "internal-failure-after-accept" },
];
const X_FAULTS: readonly XFault[] = [
  { kind: "empty-page" },
  { kind: "short-page", count: 17 },
  { kind: "expired-token" },
  { kind: "split-utf8" },
  { kind: "partial-errors" },
  { kind: "truncated-body", share: 0.7 },
];

/** What a seed decides. */
interface KillPlan {
  readonly posts: number;
  readonly kills: readonly Moment[];
  readonly limits: Limits;
  readonly priorUsage: number;
  /** Share of requests that fail, 0 to 1. */
  readonly firehoseShare: number;
  readonly xShare: number;
  /** Posts written between two processes. */
  readonly newPosts: number;
}

export function killScenario(seed: number): Scenario {
  const plan = planOf(seed);
  const with_ = [
    plan.firehoseShare > 0 && "Firehose faults",
    plan.xShare > 0 && "X faults",
    plan.newPosts > 0 && "new posts",
  ].filter((part) => part !== false);
  const suffix = with_.length === 0 ? "" : ` (${with_.join(", ")})`;
  return {
    name: `kill -9, seed ${String(seed).padStart(3, "0")}${suffix}`,
    x: { posts: plan.posts, seed, priorUsage: plan.priorUsage },
    limits: plan.limits,
    play: (stage) => playKills(stage, seed, plan),
  };
}

async function playKills(stage: Stage, seed: number, plan: KillPlan): Promise<void> {
  const { x, firehose } = stage.world;
  if (plan.firehoseShare > 0)
    firehose.faults.schedule({ seed, share: plan.firehoseShare, faults: FIREHOSE_FAULTS });
  if (plan.xShare > 0) x.faults.schedule({ seed, share: plan.xShare, faults: X_FAULTS });
  for (const moment of plan.kills) {
    const reached = until(moment, stage.world);
    await stage.kill(stage.start(), reached);
    if (plan.newPosts > 0) stage.writePosts(plan.newPosts);
  }
  await stage.runUntilDone();
}

function planOf(seed: number): KillPlan {
  const random = randomSequence(seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const share = (chance: number) => (random() < chance ? 0.05 + random() * 0.3 : 0);
  const posts = between(250, 1_200);
  const kills = Array.from({ length: between(1, 4) }, () => randomMoment(random));
  const limits = limitsOf(random(), between(110, posts));
  return {
    posts,
    kills,
    limits,
    priorUsage: random() < 0.2 ? between(1, 100) : 0,
    firehoseShare: share(0.35),
    xShare: share(0.15),
    newPosts: random() < 0.2 ? between(1, 150) : 0,
  };
}

/** Half of the seeds without a limit, the others with one in posts or dollars. */
function limitsOf(kind: number, posts: number): Limits {
  if (kind < 0.5) return {};
  return kind < 0.75 ? { posts } : { usd: Math.round(posts * 5) / 1_000 };
}
