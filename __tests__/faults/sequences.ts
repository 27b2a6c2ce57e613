/** Commands one after the other and side by side, as one person runs them: one coverage and one budget hold over all. */
import { type Clock, systemClock } from "../../local/support/clock";
import { randomSequence } from "../../local/support/random";
import type { Environment, Running } from "../ingest/world";
import { randomMoment, until } from "./moments";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

const HOUR_MS = 3_600_000;
const STORES = ["file", "dynamodb"] as const;
type StoreKind = (typeof STORES)[number];

const SEQUENCE_SEEDS = 16;
const CROWD_SEEDS = 6;
const QUERIES_SEEDS = 6;

const iso = (hoursAgo: number) => new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
const backfill = (fromHours: number, toHours?: number) => [
  ...["backfill", "--json", "--from", iso(fromHours)],
  ...(toHours === undefined ? [] : ["--to", iso(toHours)]),
];
const label = (seed: number) => String(seed).padStart(2, "0");
const name = (store: StoreKind) => (store === "file" ? "a file" : "DynamoDB");
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Runs a command to its end. */
async function complete(stage: Stage, argv: readonly string[], environment: Environment = {}): Promise<void> {
  const { code } = await stage.start(environment, argv).finished;
  stage.expect(code === 0, `${argv[0]} ends with exit code 0, not ${code}`);
}

/** What X has returned so far, every return counted. */
function reads({ world: { x } }: Stage): number {
  return x.ledger.report().posts;
}

const overlaps: readonly Scenario[] = [
  {
    name: "README's sequence: a taste, a backfill, a run",
    x: { posts: 900 },
    async play(stage) {
      await complete(stage, ["run", "--max-posts", "100"]);
      stage.expect(reads(stage) === 100, "the taste buys 100 posts");
      await complete(stage, backfill(30));
      await complete(stage, ["run"]);
      stage.expect(reads(stage) === 900, `900 posts are bought for 900, not ${reads(stage)}`);
    },
  },
  {
    name: "overlapping backfills",
    x: { posts: 800 },
    async play(stage) {
      for (const [from, to] of [
        [20, 10],
        [15, 5],
        [25, 0],
        [25, 0],
      ] as const) {
        await complete(stage, backfill(from, to));
      }
      stage.expect(reads(stage) <= 800, `no post is bought twice, ${reads(stage)} were read`);
    },
  },
  ...seeds(4).map((seed): Scenario => {
    const moment = { ...randomMoment(randomSequence(5_000 + seed), 5), after: "x" as const };
    return {
      name: `kill -9, then backfill, then run, seed ${label(seed)}`,
      x: { posts: 800, seed },
      limits: { posts: 700 },
      async play(stage) {
        await stage.kill(stage.start(), until({ ...moment, count: Math.max(1, moment.count) }, stage.world));
        await complete(stage, backfill(30));
        await stage.runUntilDone();
      },
    };
  }),
];

const budgets: readonly Scenario[] = [
  {
    name: "three queries, one after the other, share one limit",
    x: { posts: 400 },
    queries: 3,
    async play(stage) {
      const limit = { MONTHLY_POST_LIMIT: "300", MONTHLY_USD_LIMIT: undefined };
      for (const query of ["cats", "dogs", "birds"])
        await complete(stage, ["run"], { ...limit, SEARCH_QUERY: query });
      stage.expect(reads(stage) === 300, `300 posts are bought in all, not ${reads(stage)}`);
    },
  },
  {
    name: "six answers cut off in a row put one page at risk, and nothing once they have come",
    x: { posts: 600 },
    limits: { posts: 320 },
    async play(stage) {
      const cut = { kind: "truncated-body" } as const;
      stage.world.x.faults.enqueue(cut, cut, cut, cut, cut, cut);
      await stage.runTo(0);
      const { distinctPosts } = stage.world.x.ledger.report();
      stage.expect(distinctPosts >= 310, `a limit of 320 brings 310 posts at least, not ${distinctPosts}`);
    },
  },
  {
    name: "an outage that lasts a run puts one page at risk",
    idle: true,
    x: { posts: 300 },
    async play(stage) {
      stage.world.x.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "reset" }] });
      await stage.runTo(1);
      const { stdout } = await stage.start({}, ["budget", "--json"]).finished;
      const { atRisk } = JSON.parse(stdout) as { atRisk: { posts: number } };
      stage.expect(atRisk.posts <= 100, `at most one page is at risk, not ${atRisk.posts} posts`);
    },
  },
  ...STORES.map(
    (checkpoint): Scenario => ({
      name: `estimate and doctor are in the budget, ledger in ${name(checkpoint)}`,
      checkpoint,
      x: { posts: 50 },
      async play(stage) {
        await complete(stage, ["estimate"]);
        await complete(stage, ["doctor"]);
        const { stdout } = await stage.start({}, ["budget", "--json"]).finished;
        const { spent } = JSON.parse(stdout) as { spent: { usd: number } };
        stage.expect(Math.abs(spent.usd - 0.01) < 1e-9, `two counts requests cost $0.01, not $${spent.usd}`);
      },
    }),
  ),
];

/** X's clock reaches UTC midnight between the crash and the next run: what is read again is charged again. */
const midnight: Scenario = {
  name: "UTC midnight between a crash and the next run",
  idle: true,
  x: { posts: 700, clock: shortBeforeMidnight(3_000) },
  limits: { posts: 500 },
  async play(stage) {
    const { x } = stage.world;
    await stage.kill(
      stage.start(),
      stage.until(() => x.ledger.report().posts >= 200),
    );
    await stage.pause(4_000);
    await stage.runUntilDone();
  },
};

function shortBeforeMidnight(ms: number): Clock {
  const day = 24 * HOUR_MS;
  let offset: number | undefined;
  return {
    now() {
      const real = Date.now();
      offset ??= (Math.floor(real / day) + 1) * day - ms - real;
      return real + offset;
    },
    after: systemClock.after,
  };
}

/** A backfill beside a service that keeps its claim: the same query or another, in both stores. */
const besides: readonly Scenario[] = STORES.flatMap((checkpoint) =>
  ["the same query", "another query"].map(
    (which): Scenario => ({
      name: `backfill beside a service, ${which}, ledger in ${name(checkpoint)}`,
      checkpoint,
      idle: true,
      x: { posts: 500 },
      async play(stage) {
        const service = stage.start({ RUN_ONCE: "false", SEARCH_START: iso(6) });
        await stage.until(() => reads(stage) > 0);
        await complete(
          stage,
          backfill(30, 6.001),
          which === "another query" ? { SEARCH_QUERY: "another" } : {},
        );
        await stage.until(() => stage.world.x.ledger.report().distinctPosts === 500);
        await stage.stop(service);
        stage.expect(reads(stage) === 500, `every post is bought once, ${reads(stage)} were read`);
      },
    }),
  ),
);

/** A run and two overlapping backfills at once; one of them is killed somewhere. */
function crowd(seed: number, checkpoint: StoreKind): Scenario {
  const random = randomSequence(6_000 + seed);
  const moment = randomMoment(random, 4);
  return {
    name: `a run and two backfills at once, kill -9, ledger in ${name(checkpoint)}, seed ${label(seed)}`,
    checkpoint,
    idle: checkpoint === "dynamodb",
    x: { posts: 900, seed },
    limits: { posts: 600 },
    async play(stage) {
      const commands = [["run"], backfill(30, 12), backfill(16, 4)];
      const running: readonly Running[] = commands.map((argv) => stage.start({}, argv));
      const victim = running[seed % 3] as Running;
      await stage.kill(victim, until(moment, stage.world));
      const codes = await Promise.all(running.map(async ({ finished }) => (await finished).code));
      stage.expect(
        codes.every((code) => code === 0 || code === 4 || code === null),
        `the others work or are turned away, exit codes ${codes.join(", ")}`,
      );
      await stage.runUntilDone();
    },
  };
}

/** Any commands in any order, some of them killed. */
function sequence(seed: number, checkpoint: StoreKind): Scenario {
  const random = randomSequence(7_000 + seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const command = (): readonly string[] => {
    const kind = random();
    if (kind < 0.3) return ["run", "--max-posts", String(between(10, 150))];
    if (kind < 0.6) return backfill(between(8, 30), between(0, 7));
    if (kind < 0.75) return ["run"];
    return [["coverage"], ["budget"], ["estimate"]][between(0, 2)] ?? ["budget"];
  };
  const steps = Array.from({ length: between(4, 7) }, () => ({
    argv: command(),
    kill: random() < 0.3 ? randomMoment(random, 3) : undefined,
    newPosts: random() < 0.3 ? between(1, 80) : 0,
  }));
  return {
    name: `commands in any order, ledger in ${name(checkpoint)}, seed ${label(seed)}`,
    checkpoint,
    idle: checkpoint === "dynamodb",
    x: { posts: between(300, 900), seed },
    limits: { posts: between(200, 900) },
    async play(stage) {
      for (const { argv, kill, newPosts } of steps) {
        if (newPosts > 0) stage.writePosts(newPosts);
        const running = stage.start({}, argv);
        if (kill !== undefined) await stage.kill(running, until(kill, stage.world));
        else stage.expect((await running.finished).code === 0, `${argv.join(" ")} ends with exit code 0`);
      }
      await stage.runUntilDone();
    },
  };
}

/** Several queries in one process, killed and started again. X finds every post for every query. */
function severalQueries(seed: number, checkpoint: StoreKind): Scenario {
  const random = randomSequence(8_000 + seed);
  const moments = [1, 2].map(() => randomMoment(random, 5));
  const queries = JSON.stringify(["cats", "dogs", "birds"].map((query) => ({ name: query, query })));
  return {
    name: `three queries in one process, kill -9, ledger in ${name(checkpoint)}, seed ${label(seed)}`,
    checkpoint,
    idle: checkpoint === "dynamodb",
    x: { posts: 300, seed },
    environment: { SEARCH_QUERY: undefined, SEARCH_QUERIES: queries },
    async play(stage) {
      for (const moment of moments) await stage.kill(stage.start(), until(moment, stage.world));
      await stage.runUntilDone();
      const again = reads(stage) - 3 * 300;
      stage.expect(
        again <= stage.crashes * 100,
        `at most a page per crash is read again, not ${again} posts`,
      );
    },
    queries: 3,
  };
}

export function sequenceScenarios(): readonly Scenario[] {
  return [
    ...overlaps,
    ...budgets,
    midnight,
    ...besides,
    ...STORES.flatMap((store) => seeds(CROWD_SEEDS).map((seed) => crowd(seed, store))),
    ...STORES.flatMap((store) => seeds(SEQUENCE_SEEDS).map((seed) => sequence(seed, store))),
    ...STORES.flatMap((store) => seeds(QUERIES_SEEDS).map((seed) => severalQueries(seed, store))),
  ];
}
