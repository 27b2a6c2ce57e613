/**
 * Folds what happens into one status object, which the log's summaries, the metrics and the status page are made of.
 * Deterministic: time comes from the injected clock alone.
 */
import type { Ledger } from "../ledger/ledger";
import type { Terms } from "../ledger/limits";
import type { Clock, CollectEvent } from "../loop/ports";
import type { Scrubber } from "../runtime/scrub";
import { type BudgetStatus, budgetStatusOf } from "./budget-status";
import { type Counters, count, NO_COUNTS } from "./counters";
import { add, advance, emptyRing, type MinuteRing } from "./minute-ring";
import { describePhase, nextPhase, type Phase, type PhaseWords } from "./phase";
import { latest, type QueryMemory, type QueryStatus, queryStatusOf, type WatchedQuery } from "./query-status";
import { describeTrouble } from "./trouble";

export interface LastError {
  /** Free of secrets. */
  readonly message: string;
  readonly atMs: number;
}

/** Everything there is to know, at one moment; also the body of /status.json. Optional members are not known yet. */
export interface Status extends PhaseWords {
  /** Epoch milliseconds, as every member ending in Ms. */
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly version: string;
  /** Delivery stream. */
  readonly stream: string;
  readonly phase: Phase;
  /** X has nothing newer, for any query. */
  readonly caughtUp: boolean;
  /** True after the first read and delivery (or catching up), and while delivery works. */
  readonly ready: boolean;
  /** False once the loop has ended by an error. */
  readonly alive: boolean;
  readonly counts: Counters;
  /** Posts delivered in each of the last 60 minutes, oldest first; the last one is still running. */
  readonly postsPerMinute: readonly number[];
  /** The largest lag of any query: how long ago the newest moment is that has been read. */
  readonly lagSeconds?: number;
  readonly queries: readonly QueryStatus[];
  readonly budget?: BudgetStatus;
  readonly lastError?: LastError;
}

export interface StatusOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly stream: string;
  readonly queries: readonly WatchedQuery[];
  readonly terms: Terms;
  /** What the smallest page can cost. */
  readonly smallestPage: { readonly posts: number; readonly usd: number };
  /** As this process last saw it; undefined before it has looked. */
  readonly ledger: () => Ledger | undefined;
  readonly scrub: Scrubber;
}

const NOTHING_YET: QueryMemory = { counts: NO_COUNTS, caughtUpMs: undefined };

export class StatusTracker {
  private readonly startedAtMs: number;
  private readonly memories = new Map<string, QueryMemory>();
  private phase: Phase = { kind: "starting" };
  private counts: Counters = NO_COUNTS;
  private ring: MinuteRing;
  private succeeded = false;
  private lastError: LastError | undefined;

  constructor(private readonly options: StatusOptions) {
    this.startedAtMs = options.clock.now();
    this.ring = emptyRing(this.startedAtMs);
  }

  /** From now on the process is on its way out, on purpose. */
  stopping(): void {
    if (this.phase.kind !== "failed") this.phase = { kind: "stopping" };
  }

  /** The loop has ended by an error: nothing will happen any more. */
  failed(message: string): void {
    this.note(message);
    this.phase = { kind: "failed", message: this.options.scrub(message) };
  }

  apply(event: CollectEvent): void {
    this.counts = count(this.counts, event);
    if ("key" in event) this.memories.set(event.key, remembered(this.memoryOf(event.key), event));
    this.phase = this.phaseAfter(event);
    const trouble = describeTrouble(event);
    if (trouble !== undefined) this.note(trouble);
    if (event.type === "page_delivered" || event.type === "caught_up") this.succeeded = true;
    if (event.type === "page_delivered") {
      this.ring = add(this.ring, event.page.posts.length, this.options.clock.now());
    }
  }

  snapshot(): Status {
    const { clock, queries, version, stream, terms, smallestPage } = this.options;
    const nowMs = clock.now();
    const ledger = this.options.ledger();
    const { phase, counts, lastError } = this;
    const all = queries.map((query) => queryStatusOf(query, this.memoryOf(query.key), { ledger, nowMs }));
    const lagSeconds = latest(...all.map((query) => query.lagSeconds));
    return {
      ...describePhase(phase),
      ...{ nowMs, startedAtMs: this.startedAtMs, version, stream, phase },
      caughtUp: phase.kind === "caught_up",
      ready: this.succeeded && !["delivery_failing", "stopping", "failed"].includes(phase.kind),
      alive: phase.kind !== "failed",
      counts,
      postsPerMinute: advance(this.ring, nowMs).counts,
      ...(lagSeconds === undefined ? {} : { lagSeconds }),
      queries: all,
      ...(ledger === undefined ? {} : { budget: budgetStatusOf(ledger, terms, smallestPage) }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /** The process has caught up when every query has. */
  private phaseAfter(event: CollectEvent): Phase {
    const isBehind = (key: string) => this.memoryOf(key).caughtUpMs === undefined;
    if (event.type === "caught_up" && this.options.queries.some(({ key }) => isBehind(key))) {
      return this.phase;
    }
    return nextPhase(this.phase, event);
  }

  private memoryOf(key: string): QueryMemory {
    return this.memories.get(key) ?? NOTHING_YET;
  }

  private note(message: string): void {
    this.lastError = { message: this.options.scrub(message), atMs: this.options.clock.now() };
  }
}

function remembered({ counts, caughtUpMs }: QueryMemory, event: CollectEvent): QueryMemory {
  const next = count(counts, event);
  if (event.type === "caught_up") return { counts: next, caughtUpMs: event.atMs };
  const isMore = event.type === "page_delivered";
  return { counts: next, caughtUpMs: isMore ? undefined : caughtUpMs };
}
