/** Limits while posts are pushed: reached in the stream, in the search for holes, by crashes; X's own limits. */
import type { StreamFault } from "../../../local/x-simulator/stream/fault-kinds";
import type { StreamScenario } from "./scenario";
import type { StreamStage } from "./stage";

/** How long a process that waits is watched, in seconds of the scenario. */
const WATCH_SECONDS = 60;

/** So many posts a second are made: about a quarter of them match, so that every limit is reached. */
const POSTS_PER_SECOND = 16;

const limited: readonly StreamScenario[] = [
  {
    name: "a limit in posts, reached while pushed",
    limits: { posts: 120 },
    play: (stage) => untilLimit(stage),
  },
  {
    name: "a limit in dollars, reached while pushed",
    limits: { usd: 0.55 },
    play: (stage) => untilLimit(stage),
  },
  {
    name: "a limit, reached in a burst of ten times the rate",
    limits: { posts: 300 },
    seconds: 40,
    postsPerSecond: 60,
    async play(stage) {
      await stage.listen();
      await stage.pass(4);
      stage.inject({ kind: "burst", heldMs: 8_000 });
      await quiet(stage);
    },
  },
  {
    name: "a limit, reached while holes are filled",
    limits: { posts: 150 },
    async play(stage) {
      await stage.listen();
      await stage.pass(8);
      await stage.stop();
      await stage.pass(40);
      stage.start();
      await quiet(stage);
    },
  },
  {
    name: "a limit, and records cut before it",
    limits: { posts: 150 },
    async play(stage) {
      await stage.listen();
      for (let cut = 0; cut < 3; cut += 1) {
        await stage.pass(4);
        stage.inject({ kind: "cut-record", atByte: 50 });
      }
      await quiet(stage);
    },
  },
  {
    name: "a limit, and kill -9 before it",
    limits: { posts: 350 },
    async play(stage) {
      for (const seconds of [5, 7]) {
        await stage.listen();
        await stage.pass(seconds);
        await stage.kill();
      }
      stage.start();
      await quiet(stage);
    },
  },
  {
    name: "--max-posts ends the run",
    async play(stage) {
      await stage.listen({}, ["run", "--max-posts", "100"]);
      await stage.ended(0);
      const { billedPosts } = stage.x.ledger.report();
      stage.expect(billedPosts <= 100, `at most 100 posts are billed, not ${billedPosts}`);
      stage.expect(stage.logged("limit_reached"), "the log holds limit_reached");
    },
  },
];

/** X's refusals that only time or a person can end. */
const REFUSALS: readonly { readonly name: string; readonly fault: StreamFault }[] = [
  { name: "429, monthly cap of X", fault: { kind: "usage-cap" } },
  { name: "429, limit of a day", fault: { kind: "day-limit" } },
  { name: "402, credits depleted", fault: { kind: "credits-depleted" } },
  { name: "403, spending limit", fault: { kind: "spending-limit" } },
];

const waiting: readonly StreamScenario[] = REFUSALS.map(({ name, fault }) => ({
  name: `${name}: waits and stops`,
  async play(stage) {
    await stage.listen();
    await stage.pass(15);
    stage.x.stream.faults.schedule({ seed: 1, share: 1, faults: [fault] });
    const before = stage.connectTimes.length;
    stage.inject({ kind: "abort" });
    await stage.until(() => stage.connectTimes.length > before);
    const { length } = stage.connectTimes;
    await stage.pass(WATCH_SECONDS);
    const tries = stage.connectTimes.length - length;
    stage.expect(tries <= 4, `is not hammered: ${tries} tries in ${WATCH_SECONDS} s`);
    stage.x.stream.faults.clear();
    await stage.stop();
  },
}));

async function untilLimit(stage: StreamStage): Promise<void> {
  await stage.listen();
  await quiet(stage);
}

/** Waits until posts have been made, and holes been filled, for as long as the limit lets it. */
async function quiet(stage: StreamStage): Promise<void> {
  await stage.untilMade();
  // A hole that is filled gives back what was at risk in it, and makes room for another connection.
  await stage.pass(150);
  stage.isAtLimit = stage.x.stream.liveCount === 0;
}

export function moneyScenarios(): readonly StreamScenario[] {
  return [...limited.map((scenario) => ({ postsPerSecond: POSTS_PER_SECOND, ...scenario })), ...waiting];
}
