/** Where a scenario plays: its world, the processes in it, and a record of what they may be excused for. */
import { setTimeout as delay } from "node:timers/promises";
import { type Environment, type Finished, type Running, TOKEN, until, type World } from "../ingest/world";
import type { Scenario } from "./scenario";

/** Long enough for a loaded machine; whatever takes longer hangs. */
const PATIENCE_MS = 60_000;
/** Runs of a bounded ingester until it says that it is done; faults may end some of them early. */
const MAX_RUNS = 8;

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
    private readonly scenario: Scenario,
    private readonly base: Environment,
  ) {}

  /** A process under the scenario's limits. */
  start(overrides: Environment = {}, argv = this.scenario.argv ?? ["run"]): Running {
    const { posts, usd } = this.scenario.limits ?? {};
    const limits = { MONTHLY_POST_LIMIT: posts?.toString(), MONTHLY_USD_LIMIT: usd?.toString() };
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
    this.problems.push(`no run in ${MAX_RUNS} came to its end${this.lastWords()}`);
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

  expect(holds: boolean, promise: string): void {
    if (!holds) this.problems.push(`not true: ${promise}${this.lastWords()}`);
  }

  /** Waits until something has happened; a scenario in which it never does is broken. */
  until(condition: () => boolean): Promise<void> {
    return until(condition, PATIENCE_MS);
  }

  pause(ms: number): Promise<void> {
    return delay(ms);
  }

  /** Writes newer posts, up to now. */
  writePosts(count: number): void {
    const { timeline } = this.world.x;
    timeline.add({ count, fromMs: timeline.endMs, toMs: Math.max(Date.now(), timeline.endMs + 1) });
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
    const said = finished.stdout + finished.stderr;
    this.expect(!said.includes(TOKEN), "no output holds the token");
    this.expect(!/^\s+at .+:\d+:\d+/m.test(said), "no output holds a stack trace");
    return finished;
  }

  private lastWords(): string {
    const words = this.last?.stderr.trim() ?? "";
    return words === "" ? "" : ` (${words.slice(0, 300)})`;
  }
}
