/** Where a scenario of the stream plays: a world whose time runs fast, and the process in it. */
import type { SharedClock } from "../../../local/support/shared-clock";
import { firstIdAt } from "../../../local/x-simulator/snowflake";
import type { InStreamFault } from "../../../local/x-simulator/stream/fault-kinds";
import type { XSimulator } from "../../../local/x-simulator/x-simulator";
import type { Environment, Finished, Running, World } from "../../ingest/world";
import { AUDIT_ENVIRONMENT, auditArguments, auditProblems } from "../audit";
import type { Limits } from "../measure";
import { lastWords, outputProblems } from "../output";
import { StreamLedger } from "./stream-ledger";
import { Waits } from "./waits";

const SECOND_MS = 1_000;
/** Of the machine: the ledger is read again. */
const LOOK_AT_LEDGER_MS = 100;

export interface StreamRule {
  readonly value: string;
  readonly tag: string;
}

/** Posts that are made from the start on, some with words of several rules. */
export const RULES: readonly StreamRule[] = [
  { value: "the", tag: "the" },
  { value: "of OR is", tag: "of" },
];

/** How processes on a stage are started. */
export interface StreamStageOptions {
  /** @default RULES */
  readonly rules?: readonly StreamRule[];
  /** Hold while the scenario plays; the end goes without. */
  readonly limits?: Limits;
  /** How long posts are made, from the first connection on. @default 60 */
  readonly seconds?: number;
  /** @default 4 */
  readonly postsPerSecond?: number;
}

/** Rules of a process, and when it was first connected. */
export interface RulesInForce {
  readonly fromMs: number;
  readonly rules: readonly StreamRule[];
}

export class StreamStage {
  readonly problems: string[] = [];
  /** When connections were tried, refused ones included. */
  readonly connectTimes: number[] = [];
  readonly rulesInForce: RulesInForce[] = [];
  readonly ledger = new StreamLedger(() =>
    this.world.environment({ ...this.environment(), ...this.overrides }),
  );
  /** Records that X was told to send twice. */
  sentTwice = 0;
  /** Processes that were killed while they were connected, or wrote. */
  kills = 0;
  /** Processes that were started. */
  starts = 0;
  last: Finished | undefined;
  /** The limit has ended the scenario's own part, so that it has to be used up. */
  isAtLimit = false;
  private running: Running | undefined;
  private readonly waits: Waits;
  /** Connections that had been tried when the last process was started. */
  private triesBefore = 0;
  private overrides: Environment = {};

  constructor(
    readonly world: World,
    readonly clock: SharedClock,
    private readonly options: StreamStageOptions,
    private readonly base: Environment,
  ) {
    this.waits = new Waits(clock);
    this.rulesInForce.push({ fromMs: 0, rules: options.rules ?? RULES });
    world.x.stream.faults.watch(() => void this.connectTimes.push(clock.now()));
  }

  get x(): XSimulator {
    return this.world.x;
  }

  /** A process in stream mode. @param overrides hold for the processes that follow, too */
  start(overrides: Environment = {}, argv: readonly string[] = ["run"]): void {
    this.overrides = { ...this.overrides, ...overrides };
    this.running = this.spawn(this.overrides, argv);
  }

  /** Another process beside the running one, to its end. */
  async rival(): Promise<Finished> {
    return this.inspected(await this.waits.endOf(this.spawn(this.overrides, ["run"])));
  }

  /** A process that goes on with other rules, until it is connected. */
  async listenWith(rules: readonly StreamRule[]): Promise<void> {
    const before = this.connections;
    this.start({ STREAM_RULES: JSON.stringify(rules) });
    await this.until(() => this.connections > before);
    this.rulesInForce.push({ fromMs: this.clock.now(), rules });
  }

  /** Starts a process, and waits until it is connected and has heard something. */
  async listen(overrides: Environment = {}, argv?: readonly string[]): Promise<void> {
    const before = this.streamed;
    this.start(overrides, argv);
    await this.until(() => this.x.stream.liveCount > 0);
    if (this.x.timeline.size === 0) this.makePosts();
    await this.until(() => this.streamed > before);
  }

  /** Starts a process, and waits until it is connected. */
  async connect(overrides: Environment = {}): Promise<void> {
    this.start(overrides);
    await this.until(() => this.x.stream.liveCount > 0);
  }

  /** Suspends the process for so long; it does not see time pass, and neither does it keep others waiting. */
  async suspend(seconds: number, meanwhile: () => void): Promise<void> {
    const { child } = this.running ?? {};
    if (child === undefined) return;
    this.clock.leave(child);
    child.kill("SIGSTOP");
    await this.pass(seconds);
    meanwhile();
    await this.pass(1);
    child.kill("SIGCONT");
    this.clock.join(child);
  }

  /** Asks the process to stop, and expects that it does so cleanly. */
  async stop(code = 0): Promise<void> {
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    running.child.kill("SIGTERM");
    const result = this.inspected(await this.waits.endOf(running));
    // A process that is still being loaded has no ears yet, and nothing to lose.
    const isTooYoung =
      running.child.signalCode === "SIGTERM" && this.connectTimes.length === this.triesBefore;
    this.expect(result.code === code || isTooYoung, `stops with exit code ${code}, not ${result.code}`);
  }

  /** Waits until the process has ended by itself. */
  async ended(code: number): Promise<void> {
    const { running } = this;
    this.running = undefined;
    const result = running && this.inspected(await this.waits.endOf(running));
    this.expect(result?.code === code, `ends with exit code ${code}, not ${result?.code}`);
  }

  async kill(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    running.child.kill("SIGKILL");
    this.last = await running.finished;
    if (running.child.signalCode === "SIGKILL") this.kills += 1;
  }

  /** The connection breaks, and there is another one. */
  async reconnect(): Promise<void> {
    const { connections } = this;
    this.inject({ kind: "abort" });
    await this.until(() => this.connections > connections);
  }

  inject(fault: InStreamFault): void {
    if (fault.kind === "duplicate") this.sentTwice += fault.records ?? 1;
    this.x.stream.inject(fault);
  }

  /** @param seconds of the scenario */
  pass(seconds: number): Promise<void> {
    return this.clock.pass(seconds * SECOND_MS);
  }

  /** Waits until something has happened; a scenario in which it never does is broken. */
  async until(condition: () => boolean): Promise<void> {
    if (!(await this.waits.comesTrue(condition))) throw new Error(`does not come true: ${condition}`);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Waits until the last post has been made. */
  async untilMade(): Promise<void> {
    await this.until(() => this.clock.now() > this.x.timeline.endMs);
  }

  /** X refuses connections for so long. */
  async downX(seconds: number): Promise<void> {
    await this.x.close();
    await this.pass(seconds);
    await this.world.openX();
  }

  /** So much time passes at once, in which posts are made; no process may run. */
  async away({ posts, seconds }: { readonly posts: number; readonly seconds: number }): Promise<void> {
    const { timeline } = this.x;
    await this.clock.skip(seconds * SECOND_MS);
    timeline.add({ count: posts, fromMs: timeline.endMs, toMs: this.clock.now() });
  }

  /** Connections that X has opened so far. */
  get connections(): number {
    return this.x.stream.connections.list().length;
  }

  /** Posts that X has sent through the stream so far. */
  get streamed(): number {
    return this.x.ledger.report().streamedPosts;
  }

  /** Requests to an endpoint so far, with any answer. */
  asked(endpoint: string): number {
    const { requests } = this.x.ledger.report();
    return Object.entries(requests).reduce(
      (sum, [key, count]) => (key.startsWith(`${endpoint} `) ? sum + count : sum),
      0,
    );
  }

  /** Whether the last process that has ended logged an event. */
  logged(event: string): boolean {
    return this.last?.events.some((line) => line.event === event) === true;
  }

  expect(holds: boolean, promise: string): void {
    if (!holds) this.problems.push(`not true: ${promise}${lastWords(this.last)}`);
  }

  /** Waits until everything that was made is owned or lost, and no hole is left. */
  async settle(): Promise<void> {
    // A process that is still being loaded would not notice that it is asked to stop.
    await this.until(() => this.x.stream.liveCount > 0);
    const top = firstIdAt(this.x.timeline.endMs).toString();
    const isSettled = async () => {
      if (this.clock.now() < this.x.timeline.endMs) return false;
      const coverage = await this.ledger.coverage();
      const through = coverage?.owned.at(-1)?.through ?? "0";
      return coverage?.stream?.holes.length === 0 && BigInt(through) >= BigInt(top);
    };
    if (await this.waits.comesTrue(isSettled, LOOK_AT_LEDGER_MS)) return;
    throw new Error(`holes are left: ${JSON.stringify(await this.ledger.coverage())}`);
  }

  /** What a user would ask in the end: whether it adds up. */
  async audit(): Promise<void> {
    const overrides = { ...this.overrides, ...AUDIT_ENVIRONMENT };
    const running = this.spawn(overrides, auditArguments(this.world));
    this.problems.push(...auditProblems(await this.waits.endOf(running)));
  }

  async close(): Promise<void> {
    this.waits.end();
    await this.ledger.close();
  }

  private makePosts(): void {
    const { seconds = 60, postsPerSecond = 4 } = this.options;
    const fromMs = this.clock.now();
    const toMs = fromMs + seconds * SECOND_MS;
    this.x.timeline.add({ count: seconds * postsPerSecond, fromMs, toMs });
  }

  private spawn(overrides: Environment, argv: readonly string[]): Running {
    const environment = { ...this.environment(), ...overrides, ...this.clock.environment };
    const running = this.world.start(environment, argv);
    this.clock.join(running.child);
    this.starts += 1;
    this.triesBefore = this.connectTimes.length;
    return running;
  }

  private environment(): Environment {
    const { rules = RULES, limits: { posts, usd } = {} } = this.options;
    return {
      SEARCH_QUERY: undefined,
      SEARCH_POLL_SECONDS: undefined,
      RUN_ONCE: undefined,
      INGEST_MODE: "stream",
      STREAM_RULES: JSON.stringify(rules),
      MONTHLY_POST_LIMIT: posts?.toString(),
      MONTHLY_USD_LIMIT: usd?.toString() ?? "none",
      ...this.base,
    };
  }

  private inspected(finished: Finished): Finished {
    this.last = finished;
    for (const promise of outputProblems(finished)) this.expect(false, promise);
    return finished;
  }
}
