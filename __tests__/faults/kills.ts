/** `kill -9` at random points, several times a seed, alone or while everything else goes wrong, too. */
import type { FirehoseFault } from "../../local/firehose/faults";
import { randomSequence } from "../../local/support/random";
import type { XFault } from "../../local/x-simulator/faults/kinds";
import type { Running } from "../ingest/world";
import type { Limits } from "./measure";
import { type Moment, randomMoment, until } from "./moments";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";
import { RECENT_PAGE } from "./verdict";

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

const POST_USD = 0.005;
/** X's own count lags, so the meter has to hold without it. */
const USAGE_REFUSED = { "search/recent": 1_000_000, "usage/tweets": 0 };
/** How often posts are made while a service runs. */
const WRITING_MS = 30;
/** A service that waits at its limit asks for nothing: only time can tell when to kill it. */
const SERVICE_MS = { from: 100, to: 700 };

/** What a seed decides. */
interface KillPlan {
  readonly posts: number;
  readonly kills: readonly Moment[];
  readonly limits: Limits;
  readonly priorUsage: number;
  /** X returns what it has counted. */
  readonly usageKnown: boolean;
  /** Share of requests that fail, 0 to 1. */
  readonly firehoseShare: number;
  readonly xShare: number;
  /** Posts written between two processes. */
  readonly newPosts: number;
  /** The processes are services, and posts are written while they run. */
  readonly service: boolean;
}

export function killScenario(seed: number): Scenario {
  const plan = planOf(seed);
  const with_ = [
    plan.firehoseShare > 0 && "Firehose faults",
    plan.xShare > 0 && "X faults",
    plan.newPosts > 0 && "new posts",
    plan.service && "service",
  ].filter((part) => part !== false);
  const suffix = with_.length === 0 ? "" : ` (${with_.join(", ")})`;
  return {
    name: `kill -9, seed ${String(seed).padStart(3, "0")}${suffix}`,
    x: {
      posts: plan.posts,
      seed,
      priorUsage: plan.priorUsage,
      ...(plan.usageKnown ? {} : { rateLimits: USAGE_REFUSED }),
    },
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
    await stage.kill(plan.service ? startService(stage) : stage.start(), reached);
    if (plan.newPosts > 0) stage.writePosts(plan.newPosts);
  }
  await stage.runUntilDone();
}

/** Polls without a pause, so that windows open and close all the time. */
function startService(stage: Stage): Running {
  const running = stage.start({ RUN_ONCE: "false", SEARCH_POLL_SECONDS: "0.01" });
  const writing = setInterval(() => stage.writePosts(20), WRITING_MS);
  void running.finished.then(() => clearInterval(writing));
  return running;
}

function planOf(seed: number): KillPlan {
  const random = randomSequence(seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const share = (chance: number) => (random() < chance ? 0.05 + random() * 0.3 : 0);
  const posts = between(300, 1_400);
  const limits = limitsOf(random(), between(250, posts));
  const kills = between(1, 4);
  const service = random() < 0.15;
  const usageKnown = random() < 0.5;
  const serviceMoment = (): Moment => ({
    after: "start",
    count: 0,
    ms: between(SERVICE_MS.from, SERVICE_MS.to),
  });
  return {
    posts,
    kills: service
      ? Array.from({ length: kills }, serviceMoment)
      : killsWithin(pagesOf(posts, limits), kills, random),
    limits,
    priorUsage: usageKnown && random() < 0.4 ? between(1, 100) : 0,
    usageKnown,
    firehoseShare: share(0.35),
    xShare: share(0.15),
    newPosts: random() < 0.2 ? between(1, 150) : 0,
    service,
  };
}

/** Each process gets about its share of the pages, so that there is something left for the next one. */
function killsWithin(pages: number, kills: number, random: () => number): readonly Moment[] {
  const share = Math.max(1, Math.floor((pages - 1) / kills));
  return Array.from({ length: kills }, () => randomMoment(random, share));
}

function pagesOf(posts: number, limits: Limits): number {
  const affordable = limits.posts ?? (limits.usd === undefined ? posts : limits.usd / POST_USD);
  return Math.ceil(Math.min(posts, affordable) / RECENT_PAGE);
}

/** Half of the seeds without a limit, the others with one in posts or dollars. */
function limitsOf(kind: number, posts: number): Limits {
  if (kind < 0.5) return {};
  return kind < 0.75 ? { posts } : { usd: posts * POST_USD };
}
