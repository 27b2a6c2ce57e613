/** One process of the ingester over simulated ports: it can be killed or suspended at any moment, as a real one can. */
import { listenAndFill } from "../../src/commands/live";
import { countMetered } from "../../src/commands/metered-counts";
import { firstUsage, keepUsage } from "../../src/commands/usage-sync";
import type { Terms } from "../../src/ledger/limits";
import { claimHoles } from "../../src/loop/claim";
import { collect } from "../../src/loop/collect";
import { DeliveryError, IngesterError } from "../../src/loop/errors";
import type { CollectEvent } from "../../src/loop/events";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { Membership } from "../../src/loop/membership";
import type { Clock, LedgerStore, RecordSink } from "../../src/loop/ports";
import type { Goal } from "../../src/loop/task";
import type { XAnswer } from "../../src/x/client";
import { SearchSource } from "../../src/x/search/source";
import type { Opened } from "../../src/x/stream/opening";
import type { Connection } from "./simulated-stream";
import type { SearchFault } from "./simulated-x";
import { HostClock } from "./virtual-clock";
import type { World } from "./world";

/** Coverage of the stream. */
export const STREAM_KEY = "tweet_stream (filtered stream)";

const COUNTS_PATH = "tweets/counts/recent";
const SILENT = { debug: () => undefined };
const STORE_TIMEOUT_MS = 4_000;

export const deliveryFaults = ["partly", "refused", "slow"] as const;
export type DeliveryFault = (typeof deliveryFaults)[number];

export interface ProcessPlan {
  /** "stream": `run` in stream mode, whose rules are the queries. "estimate": counts for each query. */
  readonly command: "run" | "backfill" | "stream" | "estimate";
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
  /** Met by the deliveries, one each. */
  readonly deliveryFaults?: readonly (DeliveryFault | undefined)[];
  /** Whether the answer to each write of the ledger gets lost. */
  readonly storeFaults?: readonly boolean[];
  /** The connection of a killed process is counted by X for a while. */
  readonly leavesGhost?: boolean;
  /** Difference of its host's clock from true time, which X's answers correct. */
  readonly skewMs?: number;
  /** The clock of its host is set anew, after so many milliseconds. */
  readonly clockJump?: { readonly afterMs: number; readonly byMs: number };
  /** Milliseconds until its stop is requested. */
  readonly stopAfterMs?: number;
}

/** How a process ended: an outcome of the loop, the name of an error, or "killed". */
export type Ending = string;

export class SimulatedProcess {
  readonly events: CollectEvent[] = [];
  readonly name: string;
  private readonly pid: number;
  private ids = 0;
  private readonly clock: HostClock;
  private readonly stop = new AbortController();
  private calls = 0;
  private connection: Connection | undefined;
  private killed = false;
  private readonly killing: Promise<void>;
  private die: () => void = () => undefined;
  private readonly faults: (SearchFault | undefined)[];
  private readonly deliveryFaults: (DeliveryFault | undefined)[];
  private readonly storeFaults: boolean[];

  constructor(
    private readonly world: World,
    private readonly plan: ProcessPlan,
  ) {
    this.pid = world.newPid();
    this.name = `${plan.command}-${this.pid}`;
    this.clock = new HostClock(world.clock, plan.skewMs);
    this.faults = [...(plan.faults ?? [])];
    this.deliveryFaults = [...(plan.deliveryFaults ?? [])];
    this.storeFaults = [...(plan.storeFaults ?? [])];
    this.killing = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  get wasKilled(): boolean {
    return this.killed;
  }

  /** Resolves when the process has ended, however. */
  async run(): Promise<Ending> {
    const { stopAfterMs, clockJump } = this.plan;
    if (clockJump !== undefined) void this.setClock(clockJump);
    if (stopAfterMs !== undefined) void this.world.clock.sleep(stopAfterMs).then(() => this.stop.abort());
    this.note(`starts (${this.plan.queries.join(", ")})`);
    const ending = await Promise.race([this.work(), this.killing.then(() => "killed")]);
    this.stop.abort();
    this.note(`ends: ${ending}`);
    return ending;
  }

  private async setClock({ afterMs, byMs }: NonNullable<ProcessPlan["clockJump"]>): Promise<void> {
    await this.world.clock.sleep(afterMs);
    this.clock.jump(byMs);
    this.note(`has its clock set by ${byMs / 1_000} s`);
  }

  private async work(): Promise<Ending> {
    const { world, plan } = this;
    const { command, queries, goal } = plan;
    const abort = new AbortController();
    const now = this.clock.xNow;
    const clock = this.guardedClock();
    const client = this.client();
    const access = new LedgerAccess({
      ...{ store: this.guardedStore(), now, cycleDay: world.cycleDay },
      newId: () => `${this.pid}.${this.ids++}`,
    });
    if (command === "estimate") return this.estimate(client, access);
    const membership = new Membership({
      ...{ access, clock, stop: this.stop.signal, abort: abort.signal },
      command: command === "backfill" ? "backfill" : "run",
      process: { pid: this.pid, host: { name: `host-${this.pid}` } },
      // Hosts differ: a dead worker is only known by its beat.
      isRunning: () => undefined,
    });
    const tasks = queries.map((query) => ({ key: query, query, goal, source: this.sourceOf(query) }));
    const claimed = command === "stream" ? [{ key: STREAM_KEY, query: "the stream", goal }] : tasks;
    try {
      const usage = await firstUsage(client, SILENT);
      await membership.join();
      await claimHoles(membership, claimed);
      await keepUsage(usage, {
        ...{ client, membership, clock, cycleDay: undefined, logger: SILENT, signal: this.stop.signal },
      });
      const observe = (event: CollectEvent) => void this.events.push(event);
      const ports = { membership, clock, now, observe, random: world.random.next, sink: this.sink() };
      const options = { terms: plan.terms, stop: this.stop.signal, abort: abort.signal };
      const outcome =
        command === "stream"
          ? await listenAndFill(ports, {
              ...{
                ...options,
                client,
                key: STREAM_KEY,
                query: "the stream",
                owner: "tweet_stream",
              },
              ...{ rules: queries.map((value) => ({ value, tag: value })), fill: true },
              ...{ bufferBytes: 1 << 20, postFields: ["text"], expansions: [] },
            })
          : await collect(ports, { ...options, tasks, once: plan.once });
      await membership.leave();
      return outcome;
    } catch (error) {
      await membership.leave().catch(() => undefined);
      if (isExpected(error)) return (error as Error).name;
      throw error;
    }
  }

  private async estimate(client: ReturnType<typeof this.client>, access: LedgerAccess): Promise<Ending> {
    const { queries, terms } = this.plan;
    try {
      await firstUsage(client, SILENT);
      for (const query of queries)
        await countMetered(client, { query, scope: "recent" }, { access, terms, key: "estimate" });
      return "counted";
    } catch (error) {
      if (isExpected(error)) return (error as Error).name;
      throw error;
    }
  }

  private client() {
    const { x } = this.world;
    type Params = Readonly<Record<string, string>>;
    return {
      now: this.clock.xNow,
      get: async (path: string, params: Params = {}) => {
        await this.latency();
        if (isSearch(path)) this.world.onSearch(this.pid);
        return this.ask(`GET ${path} ${JSON.stringify(params)}`, () => this.answerTo(path, params));
      },
      post: async (path: string, body: object, params: Params = {}) => {
        await this.latency();
        return this.ask(`POST ${path}`, () => x.stream.post(body, params));
      },
      delete: async (path: string, params: Readonly<Record<string, unknown>>) => {
        await this.latency();
        return this.ask(`DELETE ${path}`, () => x.stream.delete(params.uuids as readonly string[]));
      },
      open: async (): Promise<Opened> => {
        await this.latency();
        return this.ask("open stream", () => {
          this.connection = x.stream.open();
          return this.connection.opened;
        });
      },
    };
  }

  private answerTo(path: string, params: Readonly<Record<string, string>>): XAnswer {
    const { x } = this.world;
    if (isSearch(path)) return x.search(path, params, this.faults.shift());
    if (path === COUNTS_PATH) return x.counts(path, params, this.faults.shift());
    return path === "usage/tweets" ? x.usage() : x.stream.get(path);
  }

  /** X's answers say what time it is. */
  private async ask<T>(what: string, effect: () => T): Promise<T> {
    const answer = await this.call(what, effect);
    this.clock.noteAnswer();
    return answer;
  }

  private sourceOf(query: string): SearchSource {
    const archive = this.plan.goal.type === "range" && this.plan.goal.archive;
    return new SearchSource({
      observe: () => undefined,
      client: this.client(),
      query,
      endpoint: archive ? "all" : "recent",
      postFields: ["text"],
      expansions: [],
    });
  }

  private sink(): RecordSink {
    const { bucket } = this.world;
    return {
      check: async () => undefined,
      close: () => undefined,
      deliver: async (lines) => {
        const fault = this.deliveryFaults.shift();
        await this.latency();
        if (fault === "slow") await this.world.clock.sleep(20_000);
        return this.call(`deliver ${lines.length}${fault === undefined ? "" : ` (${fault})`}`, () => {
          const taken = fault === "refused" ? [] : fault === "partly" ? lines.slice(0, 1) : lines;
          bucket.push(...taken.map(({ post }) => post.id));
          if (taken.length < lines.length)
            throw new DeliveryError("the stream is gone", lines.length - taken.length);
          return { requests: 1, records: 1, bytes: 1, resentRecords: 0, deadLetters: 0 };
        });
      },
    };
  }

  private guardedStore(): LedgerStore {
    const { store } = this.world;
    return {
      read: async () => this.call("read ledger", () => store.read()),
      swap: async (next, expected) => {
        await this.latency();
        const isLost = this.storeFaults.shift() === true;
        const swapped = await this.call("swap", () => store.swap(next, expected));
        if (!isLost || !swapped) return swapped;
        // As DynamoStore: once the request has timed out, it looks whether its write is there.
        await this.world.clock.sleep(STORE_TIMEOUT_MS);
        return this.call("look for the own write", () => store.read()?.version === next.version);
      },
      close: () => undefined,
    };
  }

  private guardedClock(): Clock {
    const { clock } = this;
    return {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      uptime: () => clock.uptime(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (this.killed) await new Promise(() => undefined);
      },
    };
  }

  private latency(): Promise<void> {
    return this.world.clock.sleep(this.world.random.below(200));
  }

  /** Every effect on the world passes here: this is where a process can die or stand still. */
  private async call<T>(what: string, effect: () => T): Promise<T> {
    if (this.killed) return new Promise(() => undefined);
    this.calls += 1;
    const { killAt, suspendAt } = this.plan;
    const isLast = killAt?.call === this.calls;
    if (isLast && killAt.when === "before") return this.kill(what);
    if (suspendAt?.call === this.calls) await this.world.clock.sleep(suspendAt.forMs);
    // It can have died in another call meanwhile.
    if (this.killed) return new Promise(() => undefined);
    try {
      const result = effect();
      this.note(typeof result === "boolean" ? `${what}: ${result}` : what);
      return isLast ? this.kill(what) : result;
    } catch (error) {
      this.note(`${what}: ${(error as Error).message}`);
      throw error;
    }
  }

  private note(what: string): void {
    this.world.note(`${this.name} ${what}`);
  }

  private kill(what: string): Promise<never> {
    this.note(`killed ${this.plan.killAt?.when} ${what}`);
    this.killed = true;
    if (this.connection !== undefined)
      this.world.x.stream.lose(this.connection, this.plan.leavesGhost === true);
    this.die();
    return new Promise(() => undefined);
  }
}

function isSearch(path: string): boolean {
  return path === "tweets/search/recent" || path === "tweets/search/all";
}

/** What a person can be told of: anything else is a bug. */
function isExpected(error: unknown): boolean {
  return error instanceof IngesterError;
}
