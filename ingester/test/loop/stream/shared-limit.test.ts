/** `--max-posts` for one process that buys in two ways: from the stream, and by search for its holes. */
import { randomUUID } from "node:crypto";
import { totalReserved, totalSpent } from "../../../src/ledger/account";
import { plus } from "../../../src/ledger/prices";
import { Buyer } from "../../../src/loop/buy";
import { LedgerAccess } from "../../../src/loop/ledger-access";
import { Membership } from "../../../src/loop/membership";
import type { Plan } from "../../../src/loop/plan";
import type { Batch, LedgerStore, PostConnection, PostStream } from "../../../src/loop/ports";
import { purses } from "../../../src/loop/purse";
import { listen } from "../../../src/loop/stream/listen";
import { firstIdAt } from "../../../src/posts/ids";
import { RecentIds } from "../../../src/posts/recent-ids";
import { FakeSink, MemoryStore, page, ScriptedSource, termsOf } from "../../helpers/fake-ports";

const KEY = "tweet_stream (filtered stream)";
const NOW = Date.parse("2026-11-23T12:00:00Z");
const RULE_SET = { id: "set", rules: ["r"] };
const HOLE = { after: firstIdAt(NOW - 600_000), through: firstIdAt(NOW - 300_000) };

/** Answers at once, or when it is opened again. */
class GatedStore implements LedgerStore {
  private readonly store = new MemoryStore();
  private gate: Promise<void> = Promise.resolve();
  open: () => void = () => undefined;

  shut(): void {
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  read = () => this.store.read();
  swap = async (...[next, expected]: Parameters<MemoryStore["swap"]>) => {
    await this.gate;
    return this.store.swap(next, expected);
  };
  close = () => undefined;
}

/** Everything that can go on without the store has gone on. */
const turns = () => new Promise((resolve) => setImmediate(resolve));

async function setUp(maxPosts: number) {
  const store = new GatedStore();
  const stopping = new AbortController();
  const { signal: stop } = stopping;
  const { signal: abort } = new AbortController();
  const sleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const clock = { now: () => NOW, elapsed: () => 0, uptime: () => 0, sleep };
  const membership = new Membership({
    ...{ clock, command: "run", stop, abort, process: { pid: 1, host: { name: "host" } } },
    access: new LedgerAccess({ store, now: () => NOW, cycleDay: 1, newId: randomUUID }),
    isRunning: () => true,
  });
  await membership.join();
  const { pushed, searched } = purses("pushed", "searched");
  const ports = { membership, clock, now: () => NOW, observe: () => undefined };
  const terms = termsOf({ maxPosts });
  const plan: Plan = {
    choose: () => ({
      task: { key: KEY, part: "r", query: "cats", source: new ScriptedSource([]) },
      hole: HOLE,
    }),
    linesOf: () => [],
    advanced: (ledger) => ledger,
    done: () => undefined,
    isCaughtUp: () => false,
    postponedUntilMs: () => undefined,
    givenUp: undefined,
    waitMs: () => undefined,
  };
  const buyer = new Buyer({ ...ports, random: () => 0 }, { plan, terms, once: false, stop, purse: searched });
  let send: (batch: Batch) => void = () => undefined;
  const connection: PostConnection = {
    ...{ connectedAtMs: NOW, rules: [], ruleSet: RULE_SET },
    allow: () => undefined,
    close: () => undefined,
    next: () =>
      new Promise((resolve) => {
        send = resolve;
      }),
  };
  const stream: PostStream = {
    ...{ perPost: { posts: 1 }, rules: [], ruleSet: RULE_SET },
    untilDue: async () => undefined,
    connect: async () => connection,
  };
  const startListening = () =>
    void listen(
      { ...ports, stream, sink: new FakeSink() },
      { key: KEY, query: "the stream", terms, purse: pushed, delivered: new RecentIds(10), stop, abort },
    );
  const starts = {
    stream: startListening,
    search: () => void buyer.next(),
    batch: () => {
      const posts = page(Array.from({ length: 50 }, (_, n) => String(n + 1)));
      send({ page: posts, lines: [], unknown: 0, heardMs: NOW });
    },
  };
  /** The writes of these queue up while the store is busy with another one. */
  const together = async (...names: readonly (keyof typeof starts)[]) => {
    store.shut();
    void membership.update((ledger) => ({ ledger: { ...ledger }, result: undefined }));
    for (const name of names) {
      starts[name]();
      await turns();
    }
    store.open();
    await turns();
  };
  const used = () => {
    const { budget } = membership.ledger;
    return plus(totalSpent(budget), totalReserved(budget)).posts;
  };
  return { together, used };
}

describe("a limit of a process that listens and searches", () => {
  it.each([
    ["the stream is first", ["stream", "search"] as const, 150],
    ["the search is first", ["search", "stream"] as const, 150],
  ])("holds when both reserve at the same moment, and %s", async (_case, names, maxPosts) => {
    const { together, used } = await setUp(maxPosts);
    await together(...names);
    expect(used()).toBe(maxPosts);
  });

  it("holds when a batch is charged at the moment at which the search reserves", async () => {
    const { together, used } = await setUp(200);
    await together("stream");
    await together("batch", "search");
    expect(used()).toBe(200);
  });
});
