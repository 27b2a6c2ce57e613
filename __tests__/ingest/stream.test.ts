/** The built ingester in stream mode, as a process, on a time that it shares with X's simulator. */
import { SharedClock } from "../../local/support/shared-clock";
import { type Environment, type Running, until, World } from "./world";

const STREAM = {
  SEARCH_QUERY: undefined,
  SEARCH_POLL_SECONDS: undefined,
  RUN_ONCE: undefined,
  INGEST_MODE: "stream",
  STREAM_RULES: '[{"value":"the","tag":"the"}]',
};
const SECOND_MS = 1_000;

let world: World;
let clock: SharedClock;

beforeEach(async () => {
  clock = new SharedClock();
  const x = { clock, posts: 0, matching: "query", indexingLagMs: 20_000 } as const;
  world = await World.create(x, { clock, signingClock: clock });
});
afterEach(async () => {
  await world.close();
  clock.close();
});

function start(overrides: Environment = {}, argv: readonly string[] = ["run"]): Running {
  const running = world.start({ ...STREAM, ...clock.environment, ...overrides }, argv);
  clock.join(running.child);
  return running;
}

/** Posts are made for so long from now on, twenty a second, about an eighth of which match. */
function makePosts(seconds: number): void {
  const fromMs = clock.now();
  world.x.timeline.add({ count: 20 * seconds, fromMs, toMs: fromMs + seconds * SECOND_MS });
}

const isConnected = () => world.x.stream.liveCount > 0;

describe("run in stream mode", () => {
  it("delivers what it hears, fills the hole of a disconnection by search, shows both, and stops", async () => {
    const { child, finished } = start({ HTTP_PORT: "18391" });
    await until(isConnected);
    makePosts(30);
    await clock.pass(12 * SECOND_MS);
    world.x.stream.inject({ kind: "abort" });
    await clock.pass(95 * SECOND_MS);
    const response = await fetch("http://127.0.0.1:18391/status.json");
    const status = (await response.json()) as { readonly posts?: unknown };
    expect(response.status).toBe(200);
    expect(JSON.stringify(status)).toContain("tweet_stream");
    child.kill("SIGTERM");
    const { code, events } = await finished;
    const names = events.map(({ event }) => event);
    expect([code, await world.lost()]).toEqual([0, 0]);
    expect(names).toEqual(
      expect.arrayContaining([
        "rules_in_force",
        "stream_connected",
        "stream_disconnected",
        "hole_filled",
        "stopped",
      ]),
    );
    expect(world.x.ledger.report().requests["search/recent 200"]).toBeGreaterThan(0);
    const coverage = await world.run({ ...STREAM, LOG_LEVEL: "silent" }, ["coverage", "--json"]);
    expect(coverage.code).toBe(0);
  });

  it("ends at a limit of this run with exit code 0, to the post", async () => {
    const { finished } = start({}, ["run", "--max-posts", "60"]);
    await until(isConnected);
    makePosts(40);
    expect((await finished).code).toBe(0);
    expect(world.x.ledger.report().billedPosts).toBeLessThanOrEqual(60);
  });

  it("turns a second process of the same ledger away with exit code 4, and leaves its connection alone", async () => {
    const first = start();
    await until(isConnected);
    expect((await start().finished).code).toBe(4);
    expect(world.x.stream.connections.list()).toHaveLength(1);
    first.child.kill("SIGTERM");
    expect((await first.finished).code).toBe(0);
  });

  it("ends with exit code 3 where X refuses its credentials", async () => {
    const { code } = await start({ X_BEARER_TOKEN: "invalid" }).finished;
    expect(code).toBe(3);
  });

  it("ends with exit code 2 where X does not take a rule", async () => {
    const { code, stderr } = await start({ STREAM_RULES: '[{"value":"(cats","tag":"cats"}]' }).finished;
    expect([code, stderr]).toEqual([2, expect.stringContaining("(cats")]);
  });
});
