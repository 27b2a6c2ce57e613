/** The ingester as a service: it waits for what it cannot repair, with few requests, and stops on SIGTERM. */
import type { XFault } from "../../local/x-simulator/faults/kinds";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";

const SERVICE = { RUN_ONCE: "false", SEARCH_POLL_SECONDS: "0.1" };
/** How long a waiting service is watched. */
const WATCH_MS = 2_000;

/** X's refusals that only time or a person can end. */
const LONG_WAITS: readonly { readonly name: string; readonly fault: XFault }[] = [
  { name: "monthly cap of X", fault: { kind: "usage-cap" } },
  { name: "spending limit in X's console", fault: { kind: "spending-limit" } },
  { name: "credits depleted", fault: { kind: "credits-depleted" } },
  { name: "window used up for minutes", fault: { kind: "rate-limit-window", resetSeconds: 600 } },
];

const waiting: readonly Scenario[] = LONG_WAITS.map(({ name, fault }) => ({
  name: `service: ${name}, waits and stops`,
  idle: true,
  x: { posts: 300 },
  environment: SERVICE,
  async play(stage) {
    const { x } = stage.world;
    x.faults.enqueue({ kind: "none" }, { kind: "none" });
    x.faults.schedule({ seed: 1, share: 1, faults: [fault] });
    const running = stage.start();
    await stage.until(() => stage.requests === 3);
    await staysQuiet(stage);
    await stage.stop(running);
  },
}));

/** @see `Stage.requests` for what counts as asking */
async function staysQuiet(stage: Stage): Promise<void> {
  const { requests } = stage;
  await stage.pause(WATCH_MS);
  stage.expect(
    stage.requests === requests,
    `X is asked nothing more, not ${stage.requests - requests} times`,
  );
}

const limits: readonly Scenario[] = [
  {
    name: "service: its own limit, waits and stops",
    idle: true,
    x: { posts: 300 },
    environment: SERVICE,
    limits: { posts: 250 },
    async play(stage) {
      const running = stage.start();
      await stage.until(() => stage.world.x.ledger.report().posts === 250);
      stage.writePosts(100);
      await staysQuiet(stage);
      await stage.stop(running);
    },
  },
  {
    name: "service: X's rate limit, asks no more than it allows",
    idle: true,
    x: { posts: 600, rateLimits: { "search/recent": 4 } },
    environment: { ...SERVICE, SEARCH_POLL_SECONDS: "60" },
    canFinish: false,
    async play(stage) {
      const running = stage.start();
      await stage.until(() => stage.requests === 4);
      await staysQuiet(stage);
      await stage.stop(running);
      stage.expect(stage.world.x.ledger.report().posts === 400, "four pages were read");
    },
  },
];

const recovering: readonly Scenario[] = [
  {
    name: "service: 5xx and broken answers pass, new posts come",
    idle: true,
    x: { posts: 300 },
    environment: SERVICE,
    async play(stage) {
      const { x } = stage.world;
      const faults: XFault[] = [{ kind: "server-error" }, { kind: "reset" }, { kind: "truncated-body" }];
      x.faults.enqueue({ kind: "none" }, ...faults);
      const running = stage.start();
      for (const count of [40, 150, 7]) {
        await stage.until(() => allRead(stage));
        stage.writePosts(count);
      }
      await stage.until(() => allRead(stage));
      await stage.stop(running);
    },
  },
  {
    name: "service: access denied by Firehose, holds its page",
    idle: true,
    x: { posts: 400 },
    environment: SERVICE,
    async play(stage) {
      const { firehose, x } = stage.world;
      firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "access-denied" }] });
      const running = stage.start();
      await stage.until(() => x.ledger.report().posts === 100);
      await staysQuiet(stage);
      firehose.faults.clear();
      await stage.until(() => allRead(stage));
      await stage.stop(running);
    },
  },
  {
    name: "service: X is gone for a while",
    idle: true,
    x: { posts: 400 },
    environment: SERVICE,
    async play(stage) {
      const running = stage.start();
      await stage.until(() => allRead(stage));
      await stage.world.restartX(500);
      stage.writePosts(150);
      await stage.until(() => allRead(stage));
      await stage.stop(running);
    },
  },
];

function allRead({ world: { x } }: Stage): boolean {
  return x.ledger.report().distinctPosts === x.timeline.size;
}

export function serviceScenarios(): readonly Scenario[] {
  return [...waiting, ...limits, ...recovering];
}
