/** What X's search does to windows over several runs: the archive, stale bounds, posts that arrive meanwhile. */
import { firstIdAt } from "../../local/x-simulator/snowflake";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";
import { ARCHIVE_PAGE } from "./verdict";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.now();

const iso = (ms: number) => new Date(ms).toISOString();
const BACKFILL = ["backfill", "--full-archive", "--from", iso(NOW - 40 * DAY_MS), "--to", iso(NOW), "--json"];
const ARCHIVE = {
  argv: BACKFILL,
  pageSize: ARCHIVE_PAGE,
  idle: true,
  x: { segments: [{ count: 1_700, fromMs: NOW - 40 * DAY_MS, toMs: NOW }], rateLimits: {} },
} as const;

const archive: readonly Scenario[] = [
  {
    ...ARCHIVE,
    name: "archive: one request a second",
    limits: { posts: 1_250 },
    async play(stage) {
      stage.world.x.faults.enqueue({ kind: "none" }, { kind: "one-per-second" }, { kind: "one-per-second" });
      await stage.runTo(0);
    },
  },
  {
    ...ARCHIVE,
    name: "archive: 503 and answers cut, with smaller pages",
    limits: { usd: 7 },
    async play(stage) {
      const cut = { kind: "truncated-body" } as const;
      stage.world.x.faults.enqueue({ kind: "server-error" }, { kind: "none" }, cut, { kind: "none" }, cut);
      await stage.runTo(0);
    },
  },
  {
    ...ARCHIVE,
    name: "archive: kill -9, single records of a batch refused",
    async play(stage) {
      const { x, firehose } = stage.world;
      const faults = [{ kind: "fail-random-entries", share: 0.5 } as const];
      firehose.faults.schedule({ seed: 1, share: 0.6, faults });
      const running = stage.start();
      await stage.kill(
        running,
        stage.until(() => x.ledger.report().posts >= 1_000),
      );
      await stage.runTo(0);
    },
  },
];

const bounds: readonly Scenario[] = [
  {
    name: "window: until_id older than X keeps",
    x: { segments: [{ count: 600, fromMs: NOW - 10 * DAY_MS, toMs: NOW }] },
    async play(stage) {
      const idAt = (days: number) => firstIdAt(NOW - days * DAY_MS).toString();
      await stage.storeCoverage({ start: idAt(9), owned: [{ after: idAt(8), through: idAt(7.5) }] });
      await stage.runTo(0);
      const losses = stage.last?.events.filter(({ event }) => event === "loss_recorded").length ?? 0;
      stage.expect(losses > 0, "a loss is recorded");
    },
  },
  {
    name: "window: X calls a since_id stale and names an older one",
    x: { posts: 600 },
    async play(stage) {
      await stage.runTo(0);
      stage.writePosts(250);
      stage.world.x.faults.enqueue({ kind: "stale-since-id" }, { kind: "none" }, { kind: "stale-since-id" });
      await stage.runTo(0);
    },
  },
  {
    name: "window: newer posts arrive while a limit holds it open",
    x: { posts: 600 },
    limits: { posts: 350 },
    async play(stage) {
      await stage.runTo(0);
      stage.writePosts(120);
      await stage.runTo(0);
      stage.expect(stage.world.x.ledger.report().posts === 350, "the second run buys nothing");
    },
  },
];

/** Expansions: included objects count against the limit before it is known how many come. */
const expansions: readonly Scenario[] = [{ posts: 400 } as const, { usd: 6 } as const].map((limits) => ({
  name: `expansions, limit in ${"posts" in limits ? "posts" : "dollars"}`,
  x: { posts: 600 },
  environment: { EXPANSIONS: "author_id,referenced_posts" },
  limits,
  // A post and two it refers to, and an author at twice the price of a post.
  postsPerPost: 5,
  async play(stage: Stage) {
    stage.world.x.faults.enqueue({ kind: "none" }, { kind: "truncated-body" });
    await stage.runTo(0);
  },
}));

export function windowScenarios(): readonly Scenario[] {
  return [...archive, ...bounds, ...expansions];
}
