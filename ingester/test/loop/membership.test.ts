import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NEW_ACCOUNT, totalSpent } from "../../src/ledger/account";
import { charged } from "../../src/ledger/budget";
import { newCoverage } from "../../src/ledger/coverage";
import { coverageOf, MAX_WORKERS, type ProcessIdentity, withCoverage } from "../../src/ledger/ledger";
import { DismissedError, EXIT, HeldError, StoppedError } from "../../src/loop/errors";
import { LedgerAccess, type Step } from "../../src/loop/ledger-access";
import { Membership, type MembershipOptions } from "../../src/loop/membership";
import type { LedgerStore } from "../../src/loop/ports";
import { FileStore } from "../../src/store/file";
import { losingOnce, MemoryStore } from "../helpers/fake-ports";
import { VirtualClock } from "../simulation/virtual-clock";
import { temporaryDirectory } from "../store/helpers/stores";

const START = Date.parse("2026-11-23T12:00:00Z");
const LEASE = { leaseMs: 30_000, beatMs: 10_000, lookMs: 1_000 };

let clock: VirtualClock;
let store: MemoryStore;

beforeEach(() => {
  clock = new VirtualClock(START);
  store = new MemoryStore();
});

function processAt(host: string, pid = 1): ProcessIdentity {
  return { pid, host: { name: host } };
}

/** A worker on a host of its own, which cannot see the processes of the others. */
function workerAt(host: string, overrides: Partial<MembershipOptions> = {}, reached: LedgerStore = store) {
  const stop = new AbortController();
  const access = new LedgerAccess({ store: reached, now: () => clock.nowMs, cycleDay: 1, newId: randomUUID });
  const membership = new Membership({
    ...{ access, clock: clock.of(), process: processAt(host), isRunning: () => undefined, command: "run" },
    ...{ stop: stop.signal, abort: new AbortController().signal, lease: LEASE },
    ...overrides,
  });
  return { membership, stop };
}

async function workers() {
  return (await store.read())?.ledger.workers ?? [];
}

const pass = (ms: number) => clock.drive(clock.sleep(ms));
const note = (key: string) => (ledger: Parameters<typeof withCoverage>[0]) => ({
  ledger: withCoverage(ledger, newCoverage(key, key)),
  result: undefined,
});

describe("a worker in the ledger", () => {
  it("joins with a fence of its own, and leaves nothing behind", async () => {
    const [one, two] = [workerAt("a").membership, workerAt("b").membership];
    await one.join();
    await two.join();
    expect((await workers()).map(({ fence }) => fence)).toEqual([1, 2]);
    await one.leave();
    await two.leave();
    expect(await workers()).toEqual([]);
  });

  it("beats while it waits, and not while it writes anyway", async () => {
    const { membership } = workerAt("a");
    await membership.join();
    await pass(91_000);
    expect((await workers())[0]?.beat).toBe(9);
    for (let n = 0; n < 10; n += 1) {
      await pass(5_000);
      await membership.update(note("cats"));
    }
    expect((await workers())[0]?.beat).toBe(19);
    await membership.leave();
  });

  it("drops the oldest details of a query when the ledger would grow too large, and reports that once", async () => {
    const losses: unknown[] = [];
    const { membership } = workerAt("a", { lost: (key, { reason }) => losses.push([key, reason]) });
    await membership.join();
    const large = (count: number) => ({
      ...newCoverage("large", "large"),
      owned: Array.from({ length: count }, (_, n) => ({
        after: `${10 ** 18 + 10_000 * n}`,
        through: `${10 ** 18 + 10_000 * n + 5_000}`,
      })),
    });
    await membership.update((ledger) => ({ ledger: withCoverage(ledger, large(5_400)), result: 0 }));
    const filler = (n: number) => newCoverage(`${n}`, "q".repeat(1_000));
    for (let n = 0; n < 10; n += 1)
      await membership.update((ledger) => ({ ledger: withCoverage(ledger, filler(n)), result: 0 }));
    expect(losses).toEqual([["large", "details_dropped"]]);
    expect(Buffer.byteLength(JSON.stringify(membership.ledger))).toBeLessThan(360_000);
    await membership.leave();
  });

  it("writes nothing when nothing has changed", async () => {
    const { membership } = workerAt("a");
    await membership.join();
    const { swaps } = store;
    await membership.update((ledger) => ({ ledger, result: 1 }));
    expect(store.swaps).toBe(swaps);
    await membership.leave();
  });

  it("is dismissed when its beat has not moved for its lease, and can write no more", async () => {
    const { membership: late } = workerAt("late");
    await late.join();
    // Suspended: from now on its timers do not fire.
    await pass(0);
    jest
      .spyOn(late as unknown as { beat(): Promise<void> }, "beat")
      .mockRejectedValue(new Error("suspended"));
    const { membership: other } = workerAt("other");
    await other.join();
    await pass(LEASE.leaseMs + 1_000);
    await other.update(note("cats"));
    expect((await workers()).map(({ process }) => process.host.name)).toEqual(["other"]);
    const error = await late.update(note("dogs")).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DismissedError);
    expect(error).toMatchObject({ exitCode: EXIT.held });
    expect([late.lost.aborted, coverageOf((await store.read())?.ledger ?? late.ledger, "dogs")]).toEqual([
      true,
      undefined,
    ]);
    await other.leave();
  });

  it("is not dismissed while it beats, however long another one watches", async () => {
    const [one, two] = [workerAt("a").membership, workerAt("b").membership];
    await one.join();
    await two.join();
    for (let n = 0; n < 20; n += 1) {
      await pass(LEASE.leaseMs / 2);
      await two.update(note(`n${n}`));
    }
    expect(await workers()).toHaveLength(2);
    await one.leave();
    await two.leave();
  });

  it("does not do again what was carried out, although the answer got lost and others have written since", async () => {
    const { membership: other } = workerAt("other");
    await other.join();
    let isAnswered = true;
    const losing: LedgerStore = {
      read: () => store.read(),
      swap: async (next, expected) => {
        const swapped = await store.swap(next, expected);
        if (isAnswered) return swapped;
        isAnswered = true;
        await other.update(note("dogs"));
        return false;
      },
      close: () => undefined,
    };
    const { membership } = workerAt("a", {}, losing);
    await membership.join();
    isAnswered = false;
    let times = 0;
    const written: string[] = [];
    const step: Step<string> = (ledger) => {
      times += 1;
      const budget = charged(ledger.budget, "cats", { posts: 1 });
      return { ledger: { ...ledger, budget }, result: `application ${times}` };
    };
    const result = await membership.update(step, undefined, (of) => void written.push(of));
    const spent = totalSpent((await store.read())?.ledger.budget ?? NEW_ACCOUNT);
    expect([result, spent, isAnswered]).toEqual(["application 1", { posts: 1 }, true]);
    expect(written).toEqual(["application 1"]);
    await membership.leave();
    await other.leave();
  });

  it("says what has been written before it applies its next step, once, and not what a conflict has undone", async () => {
    const { membership: other } = workerAt("other");
    const { membership } = workerAt("a");
    await other.join();
    await membership.join();
    await other.update(note("dogs"));
    const order: string[] = [];
    const update = (name: string) => {
      const step: Step<string> = (ledger) => {
        order.push(`${name} applied`);
        return { ...note(name)(ledger), result: name };
      };
      return membership.update(step, undefined, (of) => void order.push(`${of} written`));
    };
    await Promise.all([update("cats"), update("birds")]);
    expect(order).toEqual(["cats applied", "cats applied", "cats written", "birds applied", "birds written"]);
    await membership.leave();
    await other.leave();
  });

  it("is listed once, although the answer to its joining got lost and others have written since", async () => {
    const { membership: other } = workerAt("other");
    await other.join();
    const losing = losingOnce(store, () => other.update(note("dogs")));
    const { membership } = workerAt("a", {}, losing);
    await membership.join();
    expect((await workers()).map(({ process, fence }) => [process.host.name, fence])).toEqual([
      ["other", other.fence],
      ["a", membership.fence],
    ]);
    await membership.leave();
    await other.leave();
    expect(await workers()).toEqual([]);
  });

  it("is known to be gone at once on its own host", async () => {
    const { membership: dead } = workerAt("host");
    await dead.join();
    const { membership } = workerAt("host", {
      process: processAt("host", 2),
      isRunning: ({ pid }) => pid === 2,
    });
    await membership.join();
    expect((await workers()).map(({ process }) => process.pid)).toEqual([2]);
    await membership.leave();
  });

  it("proves itself before it buys, when its last write is older than a beat", async () => {
    const { membership } = workerAt("a");
    jest
      .spyOn(membership as unknown as { beatRegularly(): Promise<void> }, "beatRegularly")
      .mockResolvedValue(undefined);
    await membership.join();
    const { swaps } = store;
    await membership.confirm();
    await pass(LEASE.beatMs - 1);
    await membership.confirm();
    expect(store.swaps).toBe(swaps);
    await pass(1);
    await membership.confirm();
    expect(store.swaps).toBe(swaps + 1);
    await membership.leave();
  });

  it("makes room where killed workers fill the list, and is refused where living ones do", async () => {
    const others = Array.from({ length: MAX_WORKERS }, (_, n) => workerAt(`host${n}`).membership);
    for (const other of others) await other.join();
    const { membership } = workerAt("late");
    const refused = membership.join().catch((cause: unknown) => cause);
    expect(await clock.drive(refused)).toBeInstanceOf(HeldError);
    for (const other of others) {
      jest
        .spyOn(other as unknown as { beat(): Promise<void> }, "beat")
        .mockRejectedValue(new Error("killed"));
    }
    const { membership: next } = workerAt("next");
    await clock.drive(next.join());
    expect((await workers()).map(({ process }) => process.host.name)).toEqual(["next"]);
    await next.leave();
  });
});

describe("a ledger that is gone while a worker uses it", () => {
  let path: string;
  let file: FileStore;

  beforeEach(() => {
    path = join(temporaryDirectory(), "ledger.json");
    file = new FileStore({ path });
  });

  async function joined(host: string) {
    const { membership } = workerAt(host, {}, file);
    await membership.join();
    return membership;
  }

  async function expectGone(membership: Membership, action: Promise<unknown>): Promise<void> {
    const error = await action.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ exitCode: EXIT.configuration });
    expect((error as Error).message).toMatch(/ledger is gone, or an older one.*Put the ledger back/);
    expect([membership.lost.aborted, membership.lost.reason]).toEqual([true, error]);
    await expect(membership.confirm()).rejects.toBe(error);
  }

  it("is not begun anew by a write", async () => {
    const membership = await joined("a");
    unlinkSync(path);
    await expectGone(membership, membership.update(note("cats")));
    await membership.leave();
    expect(existsSync(path)).toBe(false);
  });

  it("is not begun anew by leaving it", async () => {
    const membership = await joined("a");
    unlinkSync(path);
    await expectGone(membership, membership.leave());
    expect(existsSync(path)).toBe(false);
  });

  it("is found out by a beat", async () => {
    const membership = await joined("a");
    unlinkSync(path);
    await pass(LEASE.beatMs);
    expect(membership.lost.aborted).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it.each<[string, (membership: Membership) => Promise<unknown>]>([
    ["before the worker joined", async () => undefined],
    ["after the worker joined", (membership) => membership.update(note("cats"))],
  ])("is not replaced by a backup from %s", async (when, write) => {
    const isBefore = when.startsWith("before");
    await (await joined("first")).leave();
    const early = readFileSync(path);
    const membership = await joined("a");
    const late = readFileSync(path);
    await write(membership);
    const backup = isBefore ? early : late;
    writeFileSync(path, backup);
    await expectGone(membership, membership.update(note("dogs")));
    expect(readFileSync(path)).toEqual(backup);
  });

  it("is not the new ledger of another worker with the same fence", async () => {
    const membership = await joined("a");
    unlinkSync(path);
    await pass(1_000);
    const other = await joined("b");
    expect(other.fence).toBe(membership.fence);
    for (let n = 0; n < 3; n += 1) await other.update(note(`n${n}`));
    await expectGone(membership, membership.update(note("dogs")));
    await other.leave();
  });
});

describe("finding out whether a worker lives", () => {
  it("takes until its beat moves", async () => {
    const [one, two] = [workerAt("a").membership, workerAt("b").membership];
    await one.join();
    await two.join();
    const living = await clock.drive(two.livingAmong([one.fence]));
    expect(living.map(({ fence }) => fence)).toEqual([1]);
    expect(clock.nowMs - START).toBeLessThanOrEqual(LEASE.beatMs + LEASE.lookMs);
    await one.leave();
    await two.leave();
  });

  it("takes no longer than its lease when it is gone", async () => {
    const { membership: dead } = workerAt("a");
    await dead.join();
    jest.spyOn(dead as unknown as { beat(): Promise<void> }, "beat").mockRejectedValue(new Error("killed"));
    const { membership } = workerAt("b");
    await membership.join();
    expect(await clock.drive(membership.livingAmong([dead.fence]))).toEqual([]);
    expect(clock.nowMs - START).toBeLessThanOrEqual(LEASE.leaseMs + LEASE.lookMs);
    await membership.leave();
  });

  it("ends when a stop is requested", async () => {
    const { membership: dead } = workerAt("a");
    await dead.join();
    jest.spyOn(dead as unknown as { beat(): Promise<void> }, "beat").mockRejectedValue(new Error("killed"));
    const { membership, stop } = workerAt("b");
    await membership.join();
    const waiting = membership.livingAmong([dead.fence]).catch((cause: unknown) => cause);
    stop.abort();
    expect(await clock.drive(waiting)).toBeInstanceOf(StoppedError);
    await membership.leave();
  });
});
