/** One process of the ingester over simulated ports: it can be killed or suspended at any moment, as a real one can. */
import type { Terms } from "../../src/ledger/limits";
import { claimHoles } from "../../src/loop/claim";
import { collect } from "../../src/loop/collect";
import { DismissedError, HeldError, SourceError, StoppedError } from "../../src/loop/errors";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { Membership } from "../../src/loop/membership";
import type { Clock, CollectEvent, LedgerStore, RecordSink, StoredLedger } from "../../src/loop/ports";
import type { Goal } from "../../src/loop/task";
import { SearchSource } from "../../src/x/search/source";
import type { SearchFault, SimulatedX } from "./simulated-x";
import type { VirtualClock } from "./virtual-clock";

/** Where everything is that outlives a process. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly x: SimulatedX;
  readonly store: MemoryStore;
  /** Ids of lines, one for each time a line was taken. */
  readonly bucket: string[];
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface ProcessPlan {
  readonly command: "run" | "backfill";
  readonly queries: readonly string[];
  readonly goal: Goal;
  readonly terms: Terms;
  readonly once: boolean;
  /** Calls of ports after which the process is killed: before the call has an effect, or after. */
  readonly killAt?: { readonly call: number; readonly when: "before" | "after" };
  /** Calls of ports after which the process stands still for so long. */
  readonly suspendAt?: { readonly call: number; readonly forMs: number };
  /** Met by the searches, one each. */
  readonly faults?: readonly (SearchFault | undefined)[];
  /** Difference of its host's clock from true time, which X's answers correct. */
  readonly skewMs?: number;
  /** Milliseconds until its stop is requested. */
  readonly stopAfterMs?: number;
}

/** How a process ended: an outcome of the loop, the name of an error, or "killed". */
export type Ending = string;

let pids = 0;
const living = new Set<number>();

export class SimulatedProcess {
  readonly events: CollectEvent[] = [];
  private readonly pid: number;
  private readonly clock: Clock;
  private readonly stop = new AbortController();
  private calls = 0;
  private killed = false;
  private readonly killing: Promise<void>;
  private die: () => void = () => undefined;
  private readonly faults: (SearchFault | undefined)[];

  constructor(
    private readonly surroundings: Surroundings,
    private readonly plan: ProcessPlan,
  ) {
    pids += 1;
    this.pid = pids;
    this.clock = surroundings.clock.of(plan.skewMs);
    this.faults = [...(plan.faults ?? [])];
    this.killing = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  get wasKilled(): boolean {
    return this.killed;
  }

  /** Resolves when the process has ended, however. */
  async run(): Promise<Ending> {
    living.add(this.pid);
    const { stopAfterMs } = this.plan;
    if (stopAfterMs !== undefined)
      void this.surroundings.clock.sleep(stopAfterMs).then(() => this.stop.abort());
    const ending = await Promise.race([this.work(), this.killing.then(() => "killed")]);
    living.delete(this.pid);
    return ending;
  }

  private async work(): Promise<Ending> {
    const { store, clock: world, random } = this.surroundings;
    const { command, terms, once } = this.plan;
    const abort = new AbortController();
    const now = () => world.nowMs;
    const clock = this.guardedClock();
    const access = new LedgerAccess({ store: this.guardedStore(store), now, cycleDay: 1 });
    const membership = new Membership({
      ...{ access, clock, command, stop: this.stop.signal, abort: abort.signal },
      process: { pid: this.pid, host: { name: `host-${this.pid}` } },
      // Hosts differ: a dead worker is only known by its beat.
      isRunning: () => undefined,
    });
    const tasks = this.plan.queries.map((query) => ({
      key: query,
      query,
      goal: this.plan.goal,
      source: this.sourceOf(query),
    }));
    try {
      await membership.join();
      await claimHoles(membership, tasks);
      const observe = (event: CollectEvent) => void this.events.push(event);
      const ports = { membership, clock, now, observe, random, sink: this.sink() };
      const options = { tasks, terms, once, stop: this.stop.signal, abort: abort.signal };
      const outcome = await collect(ports, options);
      await membership.leave();
      return outcome;
    } catch (error) {
      await membership.leave().catch(() => undefined);
      if (isExpected(error)) return (error as Error).name;
      throw error;
    }
  }

  private sourceOf(query: string): SearchSource {
    const { x, clock } = this.surroundings;
    const archive = this.plan.goal.type === "range" && this.plan.goal.archive;
    const client = {
      now: () => clock.nowMs,
      get: async (path: string, params: Readonly<Record<string, string>>) => {
        await this.latency();
        return this.call(() => x.search(path, params, this.faults.shift()));
      },
    };
    return new SearchSource({
      observe: () => undefined,
      client,
      query,
      endpoint: archive ? "all" : "recent",
      postFields: ["text"],
      expansions: [],
    });
  }

  private sink(): RecordSink {
    const { bucket } = this.surroundings;
    return {
      check: async () => undefined,
      close: () => undefined,
      deliver: async (lines) => {
        await this.latency();
        return this.call(() => {
          bucket.push(...lines.map(({ post }) => post.id));
          return { requests: 1, records: 1, bytes: 1, resentRecords: 0, deadLetters: 0 };
        });
      },
    };
  }

  private guardedStore(store: MemoryStore): LedgerStore {
    return {
      read: async () => this.call(() => store.read()),
      swap: async (next, expected) => {
        await this.latency();
        return this.call(() => store.swap(next, expected));
      },
      close: () => undefined,
    };
  }

  private guardedClock(): Clock {
    const { clock } = this;
    return {
      now: clock.now,
      elapsed: clock.elapsed,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (this.killed) await new Promise(() => undefined);
      },
    };
  }

  private latency(): Promise<void> {
    return this.surroundings.clock.sleep(Math.floor(this.surroundings.random() * 200));
  }

  /** Every effect on the world passes here: this is where a process can die or stand still. */
  private async call<T>(effect: () => T): Promise<T> {
    if (this.killed) return new Promise(() => undefined);
    this.calls += 1;
    const { killAt, suspendAt } = this.plan;
    const isLast = killAt?.call === this.calls;
    if (isLast && killAt.when === "before") return this.kill();
    if (suspendAt?.call === this.calls) await this.surroundings.clock.sleep(suspendAt.forMs);
    const result = effect();
    return isLast ? this.kill() : result;
  }

  private kill(): Promise<never> {
    this.killed = true;
    this.die();
    return new Promise(() => undefined);
  }
}

function isExpected(error: unknown): boolean {
  return [HeldError, DismissedError, SourceError, StoppedError].some((kind) => error instanceof kind);
}

/** The ledger in memory, as text, so that nothing is shared that a real store would not share. */
export class MemoryStore {
  swaps = 0;
  private text: string | undefined;

  read(): StoredLedger | undefined {
    return this.text === undefined ? undefined : (JSON.parse(this.text) as StoredLedger);
  }

  swap(next: StoredLedger, expected: number | undefined): boolean {
    if (this.read()?.version !== expected) return false;
    this.text = JSON.stringify(next);
    this.swaps += 1;
    return true;
  }
}
