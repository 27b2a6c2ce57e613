import { randomUUID } from "node:crypto";
import { newCoverage } from "../../src/ledger/coverage";
import { serializeLedger } from "../../src/ledger/document";
import type { Interval } from "../../src/ledger/intervals";
import { coverageOf, MAX_QUERIES, withCoverage } from "../../src/ledger/ledger";
import { claimHoles, describeWorker } from "../../src/loop/claim";
import { ConfigError, EXIT, HeldError } from "../../src/loop/errors";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { Membership } from "../../src/loop/membership";
import { type Goal, RECENT_SEARCH_MS, type Task } from "../../src/loop/task";
import { firstIdAt, lastIdBefore, MAX_ID } from "../../src/posts/ids";
import { MemoryStore, ScriptedSource } from "../helpers/fake-ports";
import { VirtualClock } from "../simulation/virtual-clock";

const START = Date.parse("2026-11-23T12:00:00Z");
const ago = (hours: number) => firstIdAt(START - hours * 3_600_000);
const WINDOW = lastIdBefore(START - RECENT_SEARCH_MS);
const ONGOING: Goal = { type: "ongoing", start: "window", pollMs: 60_000 };
const range = (fromHours: number, toHours: number): Goal => ({
  ...{ type: "range", archive: false },
  range: { after: ago(fromHours), through: ago(toHours) },
});

let clock: VirtualClock;
let store: MemoryStore;
let workers: Membership[];

beforeEach(() => {
  clock = new VirtualClock(START);
  store = new MemoryStore();
  workers = [];
});
afterEach(() => Promise.all(workers.map((worker) => worker.leave())));

async function join(command = "run"): Promise<Membership> {
  const signal = new AbortController().signal;
  const access = new LedgerAccess({ store, now: () => clock.nowMs, cycleDay: 1, newId: randomUUID });
  const process = { pid: workers.length + 1, host: { name: `host-${workers.length + 1}` } };
  const worker = new Membership({
    ...{
      access,
      clock: clock.of(),
      process,
      isRunning: () => undefined,
      command,
      stop: signal,
      abort: signal,
    },
  });
  workers.push(worker);
  await worker.join();
  return worker;
}

function task(goal: Goal, key = "cats"): Task {
  return { key, query: key, goal, source: new ScriptedSource([]) };
}

async function claims(key = "cats"): Promise<readonly (Interval & { fence: number })[]> {
  const stored = await store.read();
  return (stored && coverageOf(stored.ledger, key)?.claims) ?? [];
}

const claim = (worker: Membership, ...tasks: readonly Task[]) =>
  clock.drive(claimHoles(worker, tasks).catch((error: unknown) => error as Error));

describe("claiming", () => {
  it("takes everything from the start of a query on", async () => {
    expect(await claim(await join(), task(ONGOING))).toEqual([]);
    expect(await claims()).toEqual([{ after: WINDOW, through: MAX_ID, fence: 1 }]);
  });

  it.each<[string, Goal, string]>([
    ["now", { ...ONGOING, start: "now" }, lastIdBefore(START)],
    ["at a time", { ...ONGOING, start: START - 3_600_000 }, lastIdBefore(START - 3_600_000)],
  ])("starts %s when the goal says so, and remembers that", async (_case, goal, start) => {
    const worker = await join();
    await claim(worker, task(goal));
    await worker.leave();
    await claim(await join(), task(ONGOING));
    expect(await claims()).toMatchObject([{ after: start, through: MAX_ID }]);
  });

  it("starts now where a backfill has brought the query up to date", async () => {
    const worker = await join();
    await worker.update((ledger) => ({
      ledger: withCoverage(ledger, {
        ...newCoverage("cats", "cats"),
        owned: [{ after: ago(9), through: ago(1) }],
      }),
      result: undefined,
    }));
    await claim(worker, task({ ...ONGOING, start: "now" }));
    expect(await claims()).toMatchObject([{ after: ago(1), through: MAX_ID }]);
  });

  it("lets a backfill work on what a service has not claimed, and names nothing", async () => {
    await claim(await join(), task({ ...ONGOING, start: START - 3_600_000 }));
    expect(await claim(await join("backfill"), task(range(10, 5)))).toEqual([]);
    expect(await claims()).toMatchObject([
      { fence: 1, through: MAX_ID },
      { fence: 2, after: ago(10), through: ago(5) },
    ]);
  });

  it("leaves to a living worker what it has claimed, and names it", async () => {
    await claim(await join("backfill one"), task(range(8, 4)));
    const held = await claim(await join("backfill two"), task(range(10, 5)));
    expect(held).toMatchObject([
      { intervals: [{ after: ago(8), through: ago(5) }], workers: [{ command: "backfill one" }] },
    ]);
    expect((await claims()).filter(({ fence }) => fence === 2)).toMatchObject([
      { after: ago(10), through: ago(8) },
    ]);
  });

  it("turns a second run of the same query away", async () => {
    const first = await join();
    await claim(first, task(ONGOING));
    const error = await claim(await join(), task(ONGOING));
    expect(error).toBeInstanceOf(HeldError);
    expect(error).toMatchObject({ exitCode: EXIT.held });
    expect((error as Error).message).toMatch(
      /"cats" .* is being collected by run, process 1 on host-1, since /,
    );
  });

  it("turns a run with several queries away when one of them is collected", async () => {
    await claim(await join(), task(ONGOING, "dogs"));
    expect(await claim(await join(), task(ONGOING, "cats"), task(ONGOING, "dogs"))).toBeInstanceOf(HeldError);
  });

  it("lets a run start beside a backfill of older posts, which it leaves to it", async () => {
    await claim(await join("backfill"), task(range(10, 5)));
    expect(await claim(await join(), task(ONGOING))).toMatchObject([
      { intervals: [{ after: ago(10), through: ago(5) }] },
    ]);
  });

  it("turns a backfill away when others hold all that is left of its range", async () => {
    await claim(await join("backfill"), task(range(10, 5)));
    expect(await claim(await join("backfill"), task(range(9, 6)))).toBeInstanceOf(HeldError);
  });

  it("takes over what a dead worker has claimed, within its lease", async () => {
    const dead = await join();
    await claim(dead, task(ONGOING));
    jest.spyOn(dead as unknown as { beat(): Promise<void> }, "beat").mockRejectedValue(new Error("killed"));
    expect(await claim(await join(), task(ONGOING))).toEqual([]);
    expect(clock.nowMs - START).toBeLessThanOrEqual(60_000);
    expect(await claims()).toMatchObject([{ fence: 2 }]);
  });

  it("refuses one query more than the ledger can remember, and says what to do", async () => {
    const worker = await join();
    const tasks = Array.from({ length: MAX_QUERIES }, (_, n) => task(ONGOING, `q${n}`));
    expect(await claim(worker, ...tasks)).toEqual([]);
    const error = await claim(worker, ...tasks, task(ONGOING, "one more"));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(/64 queries.*"one more".*--forget/);
  });
});

describe("a ledger that is nearly full", () => {
  it("drops the oldest details of its largest query, and claims what is left", async () => {
    const pieces = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        after: ago(2 * (count - n)),
        through: ago(2 * (count - n) - 1),
      }));
    const worker = await join();
    await worker.update((ledger) => ({
      ledger: withCoverage(ledger, { ...newCoverage("cats", "cats"), start: WINDOW, owned: pieces(5_500) }),
      result: undefined,
    }));
    expect(await claim(worker, task(ONGOING))).toEqual([]);
    const ledger = (await store.read())?.ledger;
    const cats = ledger && coverageOf(ledger, "cats");
    expect(cats?.lost).toMatchObject([{ reason: "details_dropped" }]);
    expect(cats?.claims.at(-1)).toMatchObject({ through: MAX_ID });
    expect(() => ledger && serializeLedger(ledger)).not.toThrow();
  });

  it("is refused before anything is bought where dropping details does not help, with its largest queries", async () => {
    const worker = await join();
    const queries = Array.from({ length: 60 }, (_, n) => ({
      ...newCoverage(`q${n}`, "x".repeat(n === 7 ? 8_000 : 5_900)),
    }));
    await worker.update((ledger) => ({ ledger: { ...ledger, coverage: queries }, result: undefined }));
    const error = await claim(worker, task(ONGOING));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      /no room.*at most 350,000.*Its largest queries: "q7" \(8,\d+ bytes\), .*--forget KEY/,
    );
    expect(await claims()).toEqual([]);
  });
});

describe("a worker in words", () => {
  it("says what it does, where, and since when", async () => {
    await join("backfill of a week");
    const [worker] = (await store.read())?.ledger.workers ?? [];
    expect(worker && describeWorker(worker)).toBe(
      "backfill of a week, process 1 on host-1, since 2026-11-23 12:00:00 UTC",
    );
  });
});
