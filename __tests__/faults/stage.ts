/** Where a scenario plays: its world, the processes in it, and a record of what they may be excused for. */

import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "../../ingester/src/commands/store";
import { loadConfig } from "../../ingester/src/config/config";
import { type Coverage, type Loss, newCoverage } from "../../ingester/src/ledger/coverage";
import { type Ledger, newLedger, withCoverage } from "../../ingester/src/ledger/ledger";
import { type Environment, type Finished, type Running, until, type World } from "../ingest/world";
import { AUDIT_ENVIRONMENT, auditArguments, auditProblems } from "./audit";
import type { Limits } from "./measure";
import { lastWords, outputProblems } from "./output";

/** Long enough for a loaded machine; whatever takes longer hangs. */
const PATIENCE_MS = 60_000;
/** Runs of a bounded ingester until it says that it is done; faults may end some of them early. */
const MAX_RUNS = 8;

const NO_CAPS = { maxPosts: undefined, maxUsd: undefined };
const NEVER = new AbortController().signal;

/** How processes on a stage are started. */
export interface StageOptions {
  /** @default ["run"] */
  readonly argv?: readonly string[];
  /** Hold while the scenario plays; the final run goes without. @default - none */
  readonly limits?: Limits;
}

export class Stage {
  readonly problems: string[] = [];
  /** Processes that were killed, whatever they were doing. */
  kills = 0;
  /** Processes that ended after they had asked X for something, and without having saved everything. */
  crashes = 0;
  /** Answers that came whole, but after their client had given up. */
  lateAnswers = 0;
  last: Finished | undefined;

  constructor(
    readonly world: World,
    private readonly options: StageOptions,
    private readonly base: Environment,
  ) {}

  /** A process under the scenario's limits. */
  start(overrides: Environment = {}, argv = this.options.argv ?? ["run"]): Running {
    const { posts, usd } = this.options.limits ?? {};
    const limits = { MONTHLY_POST_LIMIT: posts?.toString(), MONTHLY_USD_LIMIT: usd?.toString() ?? "none" };
    const { child, finished } = this.world.start({ ...this.base, ...limits, ...overrides }, argv);
    return { child, finished: finished.then((result) => this.inspected(result)) };
  }

  run(overrides: Environment = {}): Promise<Finished> {
    return this.start(overrides).finished;
  }

  /** Runs until one run is done: its exit code is 0. */
  async runUntilDone(overrides: Environment = {}): Promise<void> {
    for (let runs = 1; runs <= MAX_RUNS; runs += 1) {
      if ((await this.run(overrides)).code === 0) return;
    }
    this.problems.push(`no run in ${MAX_RUNS} came to its end${lastWords(this.last)}`);
  }

  /** Runs once. @param code the exit code that the run has to end with */
  async runTo(code: number, overrides: Environment = {}): Promise<Finished> {
    const finished = await this.run(overrides);
    this.expect(finished.code === code, `ends with exit code ${code}, not ${finished.code}`);
    return finished;
  }

  /** Asks a process to stop, and expects that it does so cleanly. */
  async stop({ child, finished }: Running): Promise<Finished> {
    child.kill("SIGTERM");
    const result = await finished;
    this.expect(result.code === 0, `stops with exit code 0, not ${result.code}`);
    return result;
  }

  /** @returns whether the process was still there to be killed */
  async kill({ child, finished }: Running, moment: Promise<void>): Promise<boolean> {
    const before = this.requests;
    await Promise.race([moment, finished]);
    child.kill("SIGKILL");
    await finished;
    const wasKilled = child.signalCode === "SIGKILL";
    if (wasKilled) this.kills += 1;
    if (wasKilled && this.requests > before) this.crashes += 1;
    return wasKilled;
  }

  /** The ledger, read as the ingester reads it; undefined where there is none yet. */
  async ledger(): Promise<Ledger | undefined> {
    const config = loadConfig(this.world.environment(this.base), { caps: NO_CAPS });
    const store = await openStore(config.store, { observe: () => undefined });
    try {
      return (await store.read(NEVER))?.ledger;
    } finally {
      store.close();
    }
  }

  /** What is recorded as lost, of all queries. */
  async losses(): Promise<readonly Loss[]> {
    return (await this.ledger())?.coverage.flatMap(({ lost }) => lost) ?? [];
  }

  /** Coverage of the scenario's query, as an ingester would have left it. */
  async storeCoverage(coverage: Partial<Coverage>): Promise<void> {
    const { store: where, queries } = loadConfig(this.world.environment(this.base), { caps: NO_CAPS });
    const [{ key = "", query = "" } = {}] = queries;
    const store = await openStore(where, { observe: () => undefined });
    const ledger = withCoverage(newLedger(Date.now(), 1), { ...newCoverage(key, query), ...coverage });
    await store.swap({ ledger, version: 1 }, undefined, NEVER);
    store.close();
  }

  /** What a user would ask in the end: whether it adds up. */
  async audit(): Promise<void> {
    const environment = { ...this.base, ...AUDIT_ENVIRONMENT };
    this.problems.push(...auditProblems(await this.world.run(environment, auditArguments(this.world))));
  }

  expect(holds: boolean, promise: string): void {
    if (!holds) this.problems.push(`not true: ${promise}${lastWords(this.last)}`);
  }

  /** Waits until something has happened; a scenario in which it never does is broken. */
  until(condition: () => boolean): Promise<void> {
    return until(condition, PATIENCE_MS);
  }

  pause(ms: number): Promise<void> {
    return delay(ms);
  }

  /** Writes newer posts, just now: X indexes posts in the order in which they are made. */
  writePosts(count: number): void {
    const { timeline } = this.world.x;
    const fromMs = Math.max(Date.now(), timeline.endMs);
    timeline.add({ count, fromMs, toMs: fromMs + 1 });
  }

  /** Answers to searches so far, refusals included. */
  get requests(): number {
    const { requests } = this.world.x.ledger.report();
    return Object.entries(requests).reduce(
      (sum, [key, count]) => (key.startsWith("search/") ? sum + count : sum),
      0,
    );
  }

  private inspected(finished: Finished): Finished {
    this.last = finished;
    for (const promise of outputProblems(finished)) this.expect(false, promise);
    return finished;
  }
}
