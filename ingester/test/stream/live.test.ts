/** The stream and its holes, over real HTTP and simulated time. */
import { totalAtRisk, totalSpent } from "../../src/ledger/account";
import { coverageOf } from "../../src/ledger/ledger";
import type { CollectEvent } from "../../src/loop/events";
import { KEY, StreamWorld, type StreamWorldOptions } from "./stream-world";

const RULES = [
  { value: "the", tag: "the" },
  { value: "of", tag: "of" },
];
const MINUTE_MS = 60_000;

let world: StreamWorld;
async function worldWith(options: Partial<StreamWorldOptions> = {}): Promise<StreamWorld> {
  world = new StreamWorld({ rules: RULES, posts: 6_000, minutes: 10, ...options });
  await world.open();
  return world;
}
afterEach(() => world.close());

async function isFilled(): Promise<boolean> {
  return coverageOf((await world.ledger) ?? never(), KEY)?.stream?.holes.length === 0;
}

describe("a stream", () => {
  it("delivers what it hears, owns it, and pays for it", async () => {
    await worldWith();
    const process = world.start();
    await world.pass(5 * MINUTE_MS);
    process.stop();
    await world.pass(5_000);
    expect(process.ending).toBe("stopped");
    expect(world.bucket.length).toBeGreaterThan(20);
    expect([(await world.missing()).length, new Set(world.bucket).size]).toEqual([0, world.bucket.length]);
    const ledger = (await world.ledger) ?? never();
    const { posts: counted = 0 } = totalSpent(ledger.budget);
    const { posts: atRisk = 0 } = totalAtRisk(ledger.budget);
    const { posts: billed } = world.x.ledger.report();
    // X may have sent posts that the process had not read when it closed the connection.
    expect(counted).toBeLessThanOrEqual(billed);
    expect(counted + atRisk).toBeGreaterThanOrEqual(billed);
    expect(coverageOf(ledger, KEY)?.owned).toHaveLength(1);
  });

  it("has a hole where it was not connected, which search fills", async () => {
    await worldWith();
    const process = world.start();
    await world.pass(MINUTE_MS);
    world.x.stream.inject({ kind: "abort" });
    world.x.stream.faults.enqueue({ kind: "server-error" }, { kind: "server-error" });
    await world.pass(2 * MINUTE_MS);
    await world.passUntil(isFilled, 20 * MINUTE_MS);
    expect(totalAtRisk((await world.ledger)?.budget ?? never())).toEqual({});
    process.stop();
    await world.pass(5_000);
    const stream = coverageOf((await world.ledger) ?? never(), KEY)?.stream;
    expect([stream?.holes, stream?.bySearch.length]).toEqual([[], 2]);
    expect([...world.x.billedIds("search")].length).toBeGreaterThan(0);
    const of = (type: CollectEvent["type"]) => process.events.filter((event) => event.type === type);
    expect(of("stream_connecting")).toHaveLength(4);
    // At once after a healthy connection, and then as after refusals.
    expect(of("stream_reconnecting")).toMatchObject([{ waitMs: 0 }, { waitMs: 5_000 }, { waitMs: 10_000 }]);
    expect(of("stream_disconnected")).toMatchObject([{ stopped: false }, { stopped: true }]);
    expect(of("stream_received")).toContainEqual(expect.objectContaining({ heartbeat: true }));
    const reported = process.events.map((event) => (event.type === "stream_received" ? event.posts : 0));
    const read = process.events.map((event) =>
      event.type === "page_read" && event.page.provenance.source === "stream" ? event.page.posts.length : 0,
    );
    expect(sum(reported)).toBe(sum(read));
    expect([(await world.missing()).length, new Set(world.bucket).size]).toEqual([0, world.bucket.length]);
  });

  it("goes on after a kill: what was heard and not written is searched for", async () => {
    await worldWith();
    const first = world.start();
    await world.pass(MINUTE_MS + 700);
    first.kill();
    await world.pass(30_000);
    const second = world.start();
    await world.pass(2 * MINUTE_MS);
    await world.passUntil(isFilled, 20 * MINUTE_MS);
    second.stop();
    await world.pass(5_000);
    expect([second.ending, (await world.missing()).length]).toEqual(["stopped", 0]);
    expect(coverageOf((await world.ledger) ?? never(), KEY)?.stream?.holes).toEqual([]);
  });

  it("stops in time for its limit, to the post", async () => {
    await worldWith({ posts: 30_000, monthlyPosts: 400 });
    const process = world.start();
    await world.pass(6 * MINUTE_MS);
    const { billedPosts } = world.x.ledger.report();
    expect(billedPosts).toBeLessThanOrEqual(400);
    expect(billedPosts).toBeGreaterThan(200);
    process.stop();
    await world.pass(5_000);
    expect((await world.missing()).length).toBe(0);
  });

  it("ends a connection that X still counts of a process that is gone", async () => {
    await worldWith();
    const process = world.start();
    await world.pass(MINUTE_MS);
    world.x.stream.inject({ kind: "ghost" });
    await world.pass(MINUTE_MS);
    await world.passUntil(async () => world.x.stream.liveCount === 1, 20 * MINUTE_MS);
    expect(world.x.stream.liveCount).toBe(1);
    process.stop();
    await world.pass(5_000);
    expect((await world.missing()).length).toBe(0);
  });
});

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function never(): never {
  throw new Error("There is no ledger.");
}
