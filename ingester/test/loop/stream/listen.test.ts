/** What a listener says and writes, over a stream that a test speaks through. */
import { randomUUID } from "node:crypto";
import { NEW_ACCOUNT, totalAtRisk, totalReserved } from "../../../src/ledger/account";
import { type Coverage, newCoverage } from "../../../src/ledger/coverage";
import { dayRecords } from "../../../src/ledger/days";
import { coverageOf, type Ledger, newLedger, withCoverage } from "../../../src/ledger/ledger";
import { DEFAULT_PRICES } from "../../../src/ledger/prices";
import { SourceError } from "../../../src/loop/errors";
import type { CollectEvent } from "../../../src/loop/events";
import { LedgerAccess } from "../../../src/loop/ledger-access";
import { Membership } from "../../../src/loop/membership";
import type { Batch, PostConnection, PostStream } from "../../../src/loop/ports";
import { purses } from "../../../src/loop/purse";
import { listen } from "../../../src/loop/stream/listen";
import { firstIdAt } from "../../../src/posts/ids";
import { RecentIds } from "../../../src/posts/recent-ids";
import { MemoryStore, page } from "../../helpers/fake-ports";

const KEY = "tweet_stream (filtered stream)";
const DAY_MS = 86_400_000;
const SET = { id: "set", rules: ["r"] };

/** Sleeps end only when their signal aborts. */
function standingClock() {
  const sleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  return { now: () => Date.parse("2026-11-23T12:00:00Z"), elapsed: () => 0, uptime: () => 0, sleep };
}

/** @param refusal of X, instead of a connection */
async function listening(
  before: (nowMs: number) => Partial<Coverage>,
  ids: readonly string[] = [],
  refusal?: Error,
) {
  const clock = standingClock();
  const store = new MemoryStore();
  const coverage = { ...newCoverage(KEY, "the stream"), ...before(clock.now()) };
  await store.swap({ ledger: withCoverage(newLedger(clock.now(), 1), coverage), version: 1 }, undefined);
  const stopping = new AbortController();
  const { signal: abort } = new AbortController();
  const events: CollectEvent[] = [];
  const delivered: string[] = [];
  const membership = new Membership({
    ...{ clock, command: "run", stop: stopping.signal, abort },
    access: new LedgerAccess({ store, now: () => clock.now(), cycleDay: 1, newId: randomUUID }),
    process: { pid: 1, host: { name: "host" } },
    isRunning: () => true,
    lease: { leaseMs: 30_000, beatMs: 1e9, lookMs: 1_000 },
  });
  await membership.join();
  const posts = page(ids);
  const batch: Batch = {
    page: posts,
    lines: posts.posts.map((post) => ({ post, includes: undefined, provenance: posts.provenance })),
    unknown: 0,
    heardMs: clock.now() + 60_000,
    end: { reason: "stopped", onTheWay: 0 },
  };
  const rules = [{ rule: "r", value: "cats", tag: "pets" }];
  const connection: PostConnection = {
    ...{ connectedAtMs: clock.now(), rules, ruleSet: SET },
    allow: () => undefined,
    close: () => undefined,
    next: async () => {
      stopping.abort();
      return batch;
    },
  };
  let atConnecting: Ledger | undefined;
  const stream: PostStream = {
    ...{ perPost: { posts: 1 }, rules, ruleSet: SET },
    untilDue: async () => undefined,
    connect: async () => {
      atConnecting = (await store.read())?.ledger;
      if (refusal !== undefined) throw refusal;
      return connection;
    },
  };
  const sink = {
    check: async () => undefined,
    close: () => undefined,
    deliver: async (lines: readonly { readonly post: { readonly id: string } }[]) => {
      delivered.push(...lines.map(({ post }) => post.id));
      return { requests: 1, records: 1, bytes: 1, resentRecords: 0, deadLetters: 0 };
    },
  };
  const terms = { limits: {}, prices: DEFAULT_PRICES, scope: "own" as const, deduplicates: true };
  const recent = new RecentIds(100);
  recent.add("7");
  const outcome = await listen(
    { membership, clock, now: () => clock.now(), observe: (event) => void events.push(event), sink, stream },
    {
      ...{ key: KEY, query: "the stream", terms, delivered: recent, stop: stopping.signal, abort },
      purse: purses("pushed").pushed,
    },
  ).catch((error: unknown) => error);
  await membership.leave();
  const ledger = (await store.read())?.ledger;
  const { days } = ledger ?? {};
  const coverageAfter = ledger && coverageOf(ledger, KEY);
  return { outcome, events, delivered, days, coverage: coverageAfter, budget: ledger?.budget, atConnecting };
}

describe("a listener", () => {
  it("delivers a post once, however often X sends it, also what search has delivered", async () => {
    const { delivered } = await listening(() => ({}), ["9", "8", "9", "7"]);
    expect(delivered).toEqual(["9", "8"]);
  });

  it("records what was billed, and what was delivered of it", async () => {
    const { days } = await listening(() => ({}), ["9", "8", "9", "7"]);
    expect(dayRecords(days)).toMatchObject([{ key: KEY, billed: 4, lines: 2 }]);
  });

  it("writes down what lies between its start and its connection as a hole, and says so", async () => {
    const { coverage, events } = await listening((nowMs) => ({ start: firstIdAt(nowMs - 60_000) }));
    expect(coverage?.stream?.holes).toMatchObject([{ set: "set", searched: 0 }]);
    expect(events.find(({ type }) => type === "stream_connected")).toHaveProperty("hole");
  });

  it("has written down its rules before it connects: X may send posts of theirs at once", async () => {
    const { atConnecting } = await listening((nowMs) => ({ start: firstIdAt(nowMs - 60_000) }));
    const { stream } = (atConnecting && coverageOf(atConnecting, KEY)) ?? {};
    expect(stream?.sets).toEqual([SET]);
    expect(stream?.texts).toEqual([{ rule: "r", value: "cats", tag: "pets" }]);
  });

  it("gives back what it has reserved when X refuses the connection for good: nothing has been sent", async () => {
    const refusal = new SourceError("the token is wrong", { kind: "access" });
    const { outcome, budget, atConnecting } = await listening(() => ({}), [], refusal);
    expect(outcome).toBe(refusal);
    expect(totalReserved(atConnecting?.budget ?? NEW_ACCOUNT)).toEqual({ posts: 2_500 });
    expect(totalAtRisk(budget ?? NEW_ACCOUNT)).toEqual({});
  });

  it("says once what has become older than X's search reaches", async () => {
    const { coverage, events } = await listening((nowMs) => {
      const hole = { after: firstIdAt(nowMs - 9 * DAY_MS), through: firstIdAt(nowMs - 8 * DAY_MS) };
      const stream = {
        ...{ set: "set", sets: [SET], texts: [], bySearch: [] },
        holes: [{ ...hole, set: "set", searched: 0, skipped: 0 }],
      };
      return {
        start: hole.after,
        owned: [{ after: hole.through, through: firstIdAt(nowMs - 60_000) }],
        stream,
      };
    });
    expect(coverage?.lost).toHaveLength(1);
    expect(events.filter(({ type }) => type === "loss_recorded")).toHaveLength(1);
  });
});
