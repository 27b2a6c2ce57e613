import { randomUUID } from "node:crypto";
import { totalAtRisk, totalReserved, totalSpent } from "../../src/ledger/account";
import { SEARCHABLE_MS } from "../../src/ledger/coverage";
import { dayRecords } from "../../src/ledger/days";
import type { Interval } from "../../src/ledger/intervals";
import type { Ledger } from "../../src/ledger/ledger";
import type { Outcome } from "../../src/loop/buy";
import { claimHoles } from "../../src/loop/claim";
import { type CollectOptions, collect } from "../../src/loop/collect";
import { DeliveryError, SourceError } from "../../src/loop/errors";
import type { CollectEvent } from "../../src/loop/events";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { Membership } from "../../src/loop/membership";
import { type Goal, RECENT_SEARCH_MS, type Task } from "../../src/loop/task";
import { firstIdAt, lastIdBefore, MAX_ID, previousId } from "../../src/posts/ids";
import { FakeClock } from "../helpers/fake-clock";
import {
  FakeSink,
  MemoryStore,
  page,
  type Script,
  ScriptedSource,
  termsOf,
  topOf,
} from "../helpers/fake-ports";

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const WINDOW = lastIdBefore(NOW - RECENT_SEARCH_MS);
/** The id of a post that was made so many hours ago. */
const ago = (hours: number) => firstIdAt(NOW - hours * 3_600_000);
/** Search finds no further posts up to here. */
const SETTLED = firstIdAt(NOW - 60_000);
const ONGOING: Goal = { type: "ongoing", start: "window", pollMs: 60_000 };

interface SetUp {
  readonly scripts?: Readonly<Record<string, Script>>;
  readonly goal?: Goal;
  readonly store?: MemoryStore;
  readonly clock?: FakeClock;
  readonly sink?: FakeSink;
  readonly stop?: AbortController;
  readonly options?: Partial<CollectOptions>;
}

function setUp(given: SetUp | Script) {
  const {
    scripts,
    goal = ONGOING,
    options,
    ...fakes
  } = Array.isArray(given) ? ({ scripts: { cats: given } } as SetUp) : given;
  const {
    store = new MemoryStore(),
    clock = new FakeClock(NOW),
    sink = new FakeSink(),
    stop = new AbortController(),
  } = fakes;
  const events: CollectEvent[] = [];
  const abort = new AbortController();
  const sources = Object.fromEntries(
    Object.entries(scripts ?? {}).map(([key, script]) => [key, new ScriptedSource(script)]),
  );
  const access = new LedgerAccess({ store, now: () => clock.now(), cycleDay: 1, newId: randomUUID });
  const membership = new Membership({
    ...{ access, clock, command: "run", stop: stop.signal, abort: abort.signal },
    process: { pid: 1, host: { name: "host" } },
    isRunning: () => true,
    // The fake clock's time moves with every sleep: a beat would be a sleep, too.
    lease: { leaseMs: 30_000, beatMs: Number.POSITIVE_INFINITY, lookMs: 1_000 },
  });
  const tasks: readonly Task[] = Object.entries(sources).map(([key, source]) => ({
    key,
    query: key,
    goal,
    source,
  }));
  const observe = (event: CollectEvent) => void events.push(event);
  const ports = { membership, clock, sink, observe, now: () => clock.now(), random: () => 0.5 };
  const all = { tasks, terms: termsOf(), once: true, stop: stop.signal, abort: abort.signal, ...options };
  return {
    ...{ events, store, clock, sink, sources },
    source: sources.cats as ScriptedSource,
    ids: () => sink.delivered.map(({ post }) => post.id),
    ledger: async () => (await store.read())?.ledger as Ledger,
    async run(): Promise<Outcome> {
      // join() would start to beat; the first write shows the worker just as well.
      const beating = jest.spyOn(
        membership as unknown as { beatRegularly(): Promise<void> },
        "beatRegularly",
      );
      beating.mockResolvedValue(undefined);
      await membership.join();
      try {
        await claimHoles(membership, tasks);
        return await collect(ports, all);
      } finally {
        await membership.leave();
      }
    },
  };
}

const transient = (mayBeBilled: boolean) =>
  new SourceError("X answered 503", { kind: "transient", mayBeBilled });
const answering =
  (ids: readonly string[], filled = false) =>
  (request: { hole: { after: string; through: string } }) =>
    topOf(request.hole, ids, filled);

describe("the loop", () => {
  it("records what was billed and delivered by the day of X's answer, one write a page", async () => {
    const set = setUp([answering([ago(1), ago(2)]), answering([ago(3)], true)]);
    await set.run();
    expect(dayRecords((await set.ledger()).days)).toEqual([
      { key: "cats", date: "2026-11-23", billed: 3, lines: 3, lastSecond: expect.any(Number), fence: 1 },
    ]);
  });

  it("records nothing of a page that could not be delivered", async () => {
    const sink = new FakeSink();
    sink.deliver = () => Promise.reject(new DeliveryError("refused", 1));
    const set = setUp({ scripts: { cats: [answering([ago(1)], true)] }, sink });
    await expect(set.run()).rejects.toThrow("refused");
    expect((await set.ledger()).days).toBeUndefined();
  });

  it("fills the range of a query from its top, page by page, and owns it", async () => {
    const set = setUp([answering([ago(1), ago(2)]), answering([ago(3)]), answering([ago(4)], true)]);
    expect(await set.run()).toBe("caught_up");
    expect(set.ids()).toEqual([ago(1), ago(2), ago(3), ago(4)]);
    expect(set.source.asked.map(({ hole }) => hole)).toEqual([
      { after: WINDOW, through: MAX_ID },
      { after: WINDOW, through: previousId(ago(2)) },
      { after: WINDOW, through: previousId(ago(3)) },
    ]);
    expect((await set.ledger()).coverage).toMatchObject([
      {
        key: "cats",
        start: WINDOW,
        owned: [{ after: WINDOW, through: firstIdAt(NOW - SEARCHABLE_MS) }],
        claims: [],
      },
    ]);
  });

  it("writes the ledger only after delivery", async () => {
    const sink = new FakeSink();
    sink.deliver = async () => {
      throw new DeliveryError("the stream is gone", 2);
    };
    const set = setUp({ scripts: { cats: [answering([ago(1)])] }, sink });
    await expect(set.run()).rejects.toThrow(DeliveryError);
    expect((await set.ledger()).coverage).toMatchObject([{ owned: [] }]);
  });

  it("leaves a page at risk that it could not deliver, and asks for it again first", async () => {
    const store = new MemoryStore();
    const failing = new FakeSink();
    failing.deliver = async () => {
      throw new DeliveryError("the stream is gone", 2);
    };
    await setUp({ scripts: { cats: [answering([ago(1)])] }, store, sink: failing })
      .run()
      .catch(() => undefined);
    const set = setUp({ scripts: { cats: [answering([ago(1)], true), answering([], true)] }, store });
    await set.run();
    expect(set.source.asked.map(({ hole }) => hole.through)).toEqual([firstIdAt(NOW), MAX_ID]);
    const { budget } = await set.ledger();
    expect([totalSpent(budget), totalAtRisk(budget), totalReserved(budget)]).toEqual([{ posts: 1 }, {}, {}]);
  });

  it("needs one durable write a page", async () => {
    const pages = Array.from({ length: 20 }, (_, n) => answering([ago(n + 1)], n === 19));
    const set = setUp(pages);
    await set.run();
    // Joining, claiming, the first reservation and leaving are four more.
    expect(set.store.swaps).toBe(20 + 4);
  });

  it("reads the newest posts first when it comes back, then the holes that it left", async () => {
    const store = new MemoryStore();
    await setUp({
      scripts: { cats: [answering([ago(5)])] },
      store,
      options: { terms: termsOf({ maxPosts: 10 }) },
    })
      .run()
      .catch(() => undefined);
    const set = setUp({ scripts: { cats: [answering([ago(1)], true), answering([ago(6)], true)] }, store });
    expect(await set.run()).toBe("caught_up");
    expect(set.source.asked.map(({ hole }) => hole.through)).toEqual([MAX_ID, previousId(ago(5))]);
  });

  it("buys nothing in a range that is owned", async () => {
    const store = new MemoryStore();
    const range = { after: ago(9), through: ago(2) };
    const goal: Goal = { type: "range", range, archive: false };
    await setUp({ scripts: { cats: [answering([ago(3)], true)] }, store, goal }).run();
    const again = setUp({ scripts: { cats: [] }, store, goal });
    expect([await again.run(), again.source.asked]).toEqual(["caught_up", []]);
  });

  it("delivers posts outside the hole that are new, and never owns more for them", async () => {
    const stray = ago(200);
    const set = setUp([
      ({ hole }) => ({ ...topOf(hole, [ago(1)], true), fresh: [{ id: ago(1) }, { id: stray }] }),
    ]);
    await set.run();
    expect(set.ids()).toEqual([ago(1), stray]);
    expect((await set.ledger()).coverage[0]?.owned[0]?.after).toBe(WINDOW);
  });

  it("delivers what has no id beside the posts, and owns what these cover", async () => {
    const unidentified = { id: "no-id-0123456789ab", text: "whose?" };
    const set = setUp([
      ({ hole }) => ({ ...topOf(hole, [ago(1)]), fresh: [{ id: ago(1) }, unidentified] }),
      ({ hole }) => ({ ...topOf(hole, [], true), fresh: [unidentified] }),
    ]);
    expect(await set.run()).toBe("caught_up");
    expect(set.ids()).toEqual([ago(1), unidentified.id, unidentified.id]);
    expect(set.source.asked[1]?.hole.through).toBe(previousId(ago(1)));
  });

  it("delivers what X included and no post refers to with the last new post of the page", async () => {
    const includes = { users: [{ id: "7" }] };
    const set = setUp([
      ({ hole }) => ({ ...topOf(hole, [ago(1), ago(2)]), includes }),
      // The second page repeats a post.
      ({ hole }) => ({ ...topOf(hole, [ago(3)], true), includes, posts: [{ id: ago(3) }, { id: ago(1) }] }),
    ]);
    await set.run();
    expect(set.sink.delivered.map(({ post, unreferenced }) => [post.id, unreferenced])).toEqual([
      [ago(1), undefined],
      [ago(2), includes],
      [ago(3), includes],
    ]);
  });

  it("polls again after a pause when it runs as a service", async () => {
    const stop = new AbortController();
    const last = ({ hole }: { hole: { after: string; through: string } }) => {
      stop.abort();
      return topOf(hole, [], true);
    };
    const set = setUp({
      scripts: { cats: [answering([], true), answering([], true), last] },
      stop,
      options: { once: false },
    });
    expect(await set.run()).toBe("stopped");
    expect(set.clock.sleeps).toEqual([60_000, 60_000]);
  });

  it("delivers and writes the page in hand when it is asked to stop", async () => {
    const stop = new AbortController();
    const only = ({ hole }: { hole: { after: string; through: string } }) => {
      stop.abort();
      return topOf(hole, [ago(1)]);
    };
    const set = setUp({ scripts: { cats: [only] }, stop });
    expect(await set.run()).toBe("stopped");
    expect(set.ids()).toEqual([ago(1)]);
    const { budget, coverage } = await set.ledger();
    expect([coverage[0]?.owned.length, totalAtRisk(budget)]).toEqual([1, {}]);
  });

  it("reports a loss once, with what was lost", async () => {
    const lost = { after: WINDOW, through: ago(100) };
    const lossy = () => page([], { lost, filled: true, covers: { after: ago(100), through: MAX_ID } });
    const set = setUp([lossy]);
    await set.run();
    const again = setUp({ scripts: { cats: [lossy] }, store: set.store });
    await again.run();
    const losses = [...set.events, ...again.events].filter(({ type }) => type === "loss_recorded");
    expect(losses).toMatchObject([{ key: "cats", loss: { ...lost, reason: "search_window" } }]);
  });

  it("fills a new hole in the middle of catching up before it polls twice in a row", async () => {
    const set = setUp({
      scripts: {
        cats: [
          answering([ago(1)]),
          answering([ago(2)]),
          answering([ago(0.5)], true),
          answering([ago(3)], true),
        ],
      },
      goal: { ...ONGOING, pollMs: 0 } as Goal,
      options: { once: false, terms: termsOf({ maxPosts: 13 }) },
    });
    expect(await set.run()).toBe("limit");
    expect(set.source.asked.map(({ hole }) => hole.through)).toEqual([
      SETTLED,
      previousId(ago(1)),
      SETTLED,
      previousId(ago(2)),
    ]);
  });
});

describe("several queries", () => {
  it("take turns, a page each", async () => {
    const order: string[] = [];
    const noting =
      (key: string, ids: readonly string[], filled = false) =>
      (request: { hole: { after: string; through: string } }) => {
        order.push(key);
        return topOf(request.hole, ids, filled);
      };
    const set = setUp({
      scripts: {
        cats: [noting("cats", [ago(1)]), noting("cats", [ago(2)]), noting("cats", [ago(3)], true)],
        dogs: [noting("dogs", [ago(1)], true)],
      },
    });
    expect(await set.run()).toBe("caught_up");
    expect(order).toEqual(["cats", "dogs", "cats", "cats"]);
    expect((await set.ledger()).budget.spent).toEqual([
      { key: "cats", amounts: { posts: 3 } },
      { key: "dogs", amounts: { posts: 1 } },
    ]);
  });

  it("share one limit", async () => {
    const set = setUp({
      scripts: { cats: [answering([ago(1), ago(2)])], dogs: [answering([ago(1)])] },
      options: { terms: termsOf({ monthlyPosts: 12 }) },
    });
    expect(await set.run()).toBe("limit");
    expect([set.sources.cats?.asked[0]?.maxPosts, set.sources.dogs?.asked[0]?.maxPosts]).toEqual([12, 10]);
  });
});

describe("the budget in the loop", () => {
  it("asks for what every limit leaves, and ends when not even a page is left", async () => {
    const set = setUp({
      scripts: { cats: [answering(Array.from({ length: 15 }, (_, n) => ago(n + 1)))] },
      options: { terms: termsOf({ monthlyPosts: 15 }) },
    });
    expect(await set.run()).toBe("limit");
    expect(set.source.asked).toMatchObject([{ maxPosts: 15 }]);
    expect(set.events.at(-1)).toMatchObject({
      type: "limit_reached",
      limit: "MONTHLY_POST_LIMIT",
      use: { allowed: 15, spent: 15 },
    });
  });

  it("keeps an answer that never arrived at risk once, however often it fails", async () => {
    const set = setUp([...Array.from({ length: 7 }, () => transient(true)), transient(true)]);
    await expect(set.run()).rejects.toThrow(SourceError);
    expect(totalAtRisk((await set.ledger()).budget)).toEqual({ posts: 100 });
  });

  it("can be asked for again within a limit of one page: the request leaves out the newest minute, so that it is the same one", async () => {
    const set = setUp({
      scripts: {
        cats: [transient(true), transient(true), answering([ago(1), ago(2)], true), answering([], true)],
      },
      options: { terms: termsOf({ maxPosts: 100 }) },
    });
    await set.run();
    expect(set.ids()).toEqual([ago(1), ago(2)]);
    const asked = set.source.asked.slice(0, 3).map(({ hole }) => hole.through);
    expect(asked).toEqual([SETTLED, SETTLED, SETTLED]);
  });

  it("has nothing at risk once the posts have come", async () => {
    const set = setUp([transient(true), answering([ago(1)], true), answering([], true)]);
    await set.run();
    const { budget } = await set.ledger();
    expect([totalSpent(budget), totalAtRisk(budget)]).toEqual([{ posts: 1 }, {}]);
  });

  it("keeps an answer that never arrived at risk when X's window leaves the hole behind before it is asked again", async () => {
    const leftBehind = ({ hole }: { readonly hole: Interval }) => page([], { lost: hole, filled: true });
    const set = setUp([transient(true), leftBehind, answering([], true)]);
    await set.run();
    expect(totalAtRisk((await set.ledger()).budget)).toEqual({ posts: 100 });
  });

  it("does not count on what was at risk before midnight when it stood still between booking and asking", async () => {
    const clock = new FakeClock(NOW);
    const store = new MemoryStore();
    const swap = store.swap.bind(store);
    let hasStoodStill = false;
    store.swap = async (next, expected) => {
      const isRepeating = next.ledger.budget.reservations.some(({ carried }) => carried !== undefined);
      if (isRepeating && !hasStoodStill) {
        hasStoodStill = true;
        clock.advance(12 * 3_600_000 + 60_000);
      }
      return swap(next, expected);
    };
    const script = [transient(true), answering([ago(1)], true), answering([], true)];
    const set = setUp({ scripts: { cats: script }, clock, store });
    await set.run();
    const { budget } = await set.ledger();
    expect([hasStoodStill, totalSpent(budget), totalAtRisk(budget)]).toEqual([
      true,
      { posts: 1 },
      { posts: 100 },
    ]);
  });

  it("costs nothing when X refused the request", async () => {
    const set = setUp([transient(false), answering([], true)]);
    await set.run();
    const { budget } = await set.ledger();
    expect([totalSpent(budget), totalAtRisk(budget), totalReserved(budget)]).toEqual([{}, {}, {}]);
  });

  it("waits for a limit that renews, looks again now and then, and says when it has renewed", async () => {
    const stop = new AbortController();
    const clock = new FakeClock(Date.parse("2026-11-30T23:58:00Z"));
    const store = new MemoryStore();
    const first = setUp({
      scripts: { cats: [answering(Array.from({ length: 10 }, (_, n) => ago(n + 1)))] },
      store,
      clock,
      options: { terms: termsOf({ monthlyPosts: 10 }) },
    });
    await first.run();
    const only = ({ hole }: { hole: { after: string; through: string } }) => {
      stop.abort();
      return topOf(hole, [], true);
    };
    const set = setUp({
      scripts: { cats: [only] },
      store,
      clock,
      stop,
      options: { once: false, terms: termsOf({ monthlyPosts: 10 }) },
    });
    expect(await set.run()).toBe("stopped");
    expect(set.events.map(({ type }) => type)).toEqual([
      "limit_reached",
      "limit_renewed",
      "page_read",
      "caught_up",
    ]);
    expect(set.clock.sleeps.filter((ms) => ms === 60_000).length).toBeGreaterThanOrEqual(2);
  });
});

describe("pages that bring nothing new", () => {
  const stuck = () => page([ago(1)], { fresh: [], stalled: "X repeats itself.", covers: undefined });

  it("are bought again more and more slowly by a service, which says so", async () => {
    const stop = new AbortController();
    const last = ({ hole }: { hole: { after: string; through: string } }) => {
      stop.abort();
      return topOf(hole, [], true);
    };
    const set = setUp({ scripts: { cats: [stuck, stuck, stuck, last] }, stop, options: { once: false } });
    await set.run();
    expect(set.clock.sleeps).toEqual([10_000, 20_000, 40_000]);
    const waits = set.events.filter(({ type }) => type === "source_waiting");
    expect(waits).toHaveLength(3);
    expect(waits[0]).toMatchObject({ reason: "no_progress", message: "X repeats itself. Query: cats" });
    expect(set.ids()).toEqual([]);
  });

  it("hold up no other query", async () => {
    const set = setUp({
      scripts: { cats: [stuck, answering([], true)], dogs: [answering([ago(3)]), answering([ago(4)], true)] },
    });
    expect(await set.run()).toBe("caught_up");
    expect(set.sources.dogs?.asked).toHaveLength(2);
    expect(set.clock.sleeps).toEqual([10_000]);
  });

  it("end a single run with an error after three in a row", async () => {
    const set = setUp([stuck, stuck, stuck]);
    await expect(set.run()).rejects.toMatchObject({
      kind: "no_progress",
      message: expect.stringContaining('for the query "cats"'),
    });
    expect(set.clock.sleeps).toEqual([10_000, 20_000]);
  });
});

describe("failures of the source", () => {
  it.each(["access", "invalid_request"] as const)("end the process at once when it is %s", async (kind) => {
    const set = setUp([new SourceError("no", { kind })]);
    await expect(set.run()).rejects.toMatchObject({ kind });
    expect(set.clock.sleeps).toEqual([]);
  });

  it("are waited for as long as X says, with a little jitter", async () => {
    const retryAtMs = NOW + 30_000;
    const set = setUp([new SourceError("used up", { kind: "window_limit", retryAtMs }), answering([], true)]);
    await set.run();
    expect(set.clock.sleeps).toEqual([31_000]);
    expect(set.events).toContainEqual(
      expect.objectContaining({ type: "source_waiting", reason: "window_limit", needsPerson: false }),
    );
  });

  it("are met with growing waits, and end a single run after eight in a row", async () => {
    const set = setUp(Array.from({ length: 8 }, () => transient(false)));
    await expect(set.run()).rejects.toMatchObject({ kind: "transient" });
    expect(set.clock.sleeps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
  });

  it("are asked about less and less often when X refuses for its rate limit without a time that helps", async () => {
    const refused = () => new SourceError("used up", { kind: "window_limit", retryAtMs: NOW });
    const set = setUp([...Array.from({ length: 6 }, refused), answering([], true)]);
    await set.run();
    expect(set.clock.sleeps.slice(1)).toEqual([4_000, 16_000, 64_000, 256_000, 900_000]);
  });

  it("of a single run are counted without the waits for a rate limit", async () => {
    const limit = () => new SourceError("used up", { kind: "window_limit" });
    const set = setUp([...Array.from({ length: 9 }, limit), transient(false), answering([], true)]);
    expect(await set.run()).toBe("caught_up");
  });

  it("end a single run without an error at X's own limits", async () => {
    const set = setUp([new SourceError("cap", { kind: "usage_cap" })]);
    expect(await set.run()).toBe("limit");
    expect(set.events.at(-1)).toMatchObject({ type: "limit_reached", limit: "X's monthly cap" });
  });

  it("need a person when credit is used up: a service probes slowly, and says so", async () => {
    const stop = new AbortController();
    const only = ({ hole }: { hole: { after: string; through: string } }) => {
      stop.abort();
      return topOf(hole, [], true);
    };
    const set = setUp({
      scripts: { cats: [new SourceError("no credit", { kind: "credits_depleted" }), only] },
      stop,
      options: { once: false },
    });
    await set.run();
    expect(set.clock.sleeps[0]).toBe(15 * 60_000 + 30_000);
    expect(set.events).toContainEqual(expect.objectContaining({ needsPerson: true }));
  });
});
