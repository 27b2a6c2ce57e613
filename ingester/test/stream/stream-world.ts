/**
 * A stream in a simulated world: X's simulator over real HTTP, on time that only moves on request, and processes
 * of the ingester that can be killed at any moment.
 */

import { randomUUID } from "node:crypto";
import { SimulatedClock } from "../../../local/support/simulated-clock";
import { XSimulator } from "../../../local/x-simulator/x-simulator";
import { listenAndFill } from "../../src/commands/live";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { claimHoles } from "../../src/loop/claim";
import type { CollectEvent } from "../../src/loop/events";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { Membership } from "../../src/loop/membership";
import type { Clock, LedgerStore, RecordSink } from "../../src/loop/ports";
import { compareIds } from "../../src/posts/ids";
import { XClient } from "../../src/x/client";
import type { Opened } from "../../src/x/stream/opening";
import type { StreamRule } from "../../src/x/stream/rules/rules";
import { MemoryStore } from "../helpers/fake-ports";

export const KEY = "tweet_stream (filtered stream)";
/** Simulated time moves in steps, between which real sockets are read. */
const STEP_MS = 500;
const FOREVER = new Promise<never>(() => undefined);

export interface StreamWorldOptions {
  readonly rules: readonly StreamRule[];
  readonly posts: number;
  readonly minutes: number;
  readonly monthlyPosts?: number;
  readonly fill?: boolean;
}

export class StreamWorld {
  readonly clock = new SimulatedClock();
  readonly store = new MemoryStore();
  /** Ids of lines, one for each time a line was taken. */
  readonly bucket: string[] = [];
  readonly x: XSimulator;
  url = "";

  constructor(readonly options: StreamWorldOptions) {
    const fromMs = this.clock.now();
    const segments = [{ count: options.posts, fromMs, toMs: fromMs + options.minutes * 60_000 }];
    this.x = new XSimulator({
      ...{ clock: this.clock, segments, rateLimits: "off", matching: "query", indexingLagMs: 20_000 },
      deliveryDelay: { minMs: 0, maxMs: 5_000 },
    });
  }

  async open(): Promise<void> {
    ({ url: this.url } = await this.x.listen());
  }

  close(): Promise<void> {
    return this.x.close();
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await this.clock.run(STEP_MS);
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Lets time pass until something holds; a loaded machine answers late on a clock that does not wait for it. */
  async passUntil(holds: () => Promise<boolean>, atMostMs: number): Promise<void> {
    for (let passed = 0; passed < atMostMs && !(await holds()); passed += 5_000) await this.pass(5_000);
  }

  start(): StreamProcess {
    const process = new StreamProcess(this);
    process.run();
    return process;
  }

  /** Billed, older than what is owned up to, and not delivered. What X had sent when a connection was closed is newer. */
  async missing(): Promise<readonly string[]> {
    const delivered = new Set(this.bucket);
    const top = (await this.ledger)?.coverage.at(0)?.owned.at(-1)?.through ?? "0";
    const ids = [...this.x.billedIds()].map(String);
    return ids.filter((id) => !delivered.has(id) && compareIds(id, top) <= 0);
  }

  get ledger() {
    return this.store.read().then((stored) => stored?.ledger);
  }
}

let pids = 0;
const living = new Set<number>();

export class StreamProcess {
  readonly events: CollectEvent[] = [];
  ending: string | undefined;
  private readonly pid: number;
  private readonly stopping = new AbortController();
  private readonly connections = new Set<Opened>();
  private killed = false;

  constructor(private readonly world: StreamWorld) {
    pids += 1;
    this.pid = pids;
  }

  run(): void {
    living.add(this.pid);
    this.work()
      .then(
        (outcome) => outcome,
        (error: Error) => `${error.name}: ${error.message}`,
      )
      .then((ending) => {
        living.delete(this.pid);
        this.ending = ending;
      });
  }

  /** Nothing of it has an effect any more, and X sees its connections break. */
  kill(): void {
    this.killed = true;
    living.delete(this.pid);
    for (const connection of this.connections) connection.close();
    this.stopping.abort();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async work(): Promise<string> {
    const { clock: time, url, options } = this.world;
    const clock = this.clockOf(time);
    const client = new XClient({ bearerToken: "token", apiUrl: url, requestTimeoutMs: 30_000 }, clock);
    this.watchConnections(client);
    const never = new AbortController().signal;
    const { signal: stop } = this.stopping;
    const access = new LedgerAccess({ store: this.store(), now: client.now, cycleDay: 1, newId: randomUUID });
    const membership = new Membership({
      ...{ access, clock, command: "run", stop, abort: never },
      process: { pid: this.pid, host: { name: "host" } },
      isRunning: ({ pid }) => living.has(pid),
    });
    const observe = (event: CollectEvent) => void this.events.push(event);
    await membership.join();
    await claimHoles(membership, [
      { key: KEY, query: "the stream", goal: { type: "ongoing", start: "now", pollMs: 0 } },
    ]);
    const { rules, monthlyPosts, fill = true } = options;
    const limits = monthlyPosts === undefined ? {} : { monthlyPosts };
    const ports = { membership, clock, now: client.now, observe, sink: this.sink(), random: () => 0.5 };
    const outcome = await listenAndFill(ports, {
      ...{ client, key: KEY, query: "the stream", owner: "tweet_stream", rules, fill, bufferBytes: 64 << 20 },
      ...{ postFields: ["created_at"], expansions: [], stop, abort: never },
      terms: { limits, prices: DEFAULT_PRICES, scope: "own", deduplicates: true },
    });
    await membership.leave();
    client.abort();
    return outcome;
  }

  private clockOf(time: SimulatedClock): Clock {
    return {
      now: () => time.now(),
      elapsed: () => time.now(),
      uptime: () => time.now(),
      sleep: async (ms, signal) => {
        if (this.killed) return FOREVER;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => {
          const end = () => {
            cancel();
            signal.removeEventListener("abort", end);
            resolve();
          };
          const cancel = time.after(Math.ceil(ms), end);
          signal.addEventListener("abort", end);
        });
        if (this.killed) return FOREVER;
      },
    };
  }

  private store(): LedgerStore {
    const { store } = this.world;
    const alive = async <T>(act: () => Promise<T>): Promise<T> => {
      if (this.killed) return FOREVER;
      const result = await act();
      return this.killed ? FOREVER : result;
    };
    return {
      read: () => alive(() => store.read()),
      swap: (next, expected) => alive(() => store.swap(next, expected)),
      close: () => undefined,
    };
  }

  private sink(): RecordSink {
    return {
      check: async () => undefined,
      close: () => undefined,
      deliver: async (lines) => {
        if (this.killed) return FOREVER;
        for (const { post } of lines) this.world.bucket.push(post.id);
        const { length } = lines;
        return { requests: 1, records: 1, bytes: length, resentRecords: 0, deadLetters: 0 };
      },
    };
  }

  private watchConnections(client: XClient): void {
    const open = client.open.bind(client);
    client.open = async (...args: Parameters<XClient["open"]>) => {
      const opened = await open(...args);
      if (this.killed) opened.close();
      this.connections.add(opened);
      return opened;
    };
  }
}
