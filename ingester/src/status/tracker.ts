/** Folds what happens into the status. Deterministic: time comes from the injected clock alone. */
import type { Ledger } from "../ledger/ledger";
import type { CollectEvent } from "../loop/events";
import { actionsOf } from "./actions";
import { type BudgetStatus, budgetStatusOf, sampleOf, withRate } from "./budget-status";
import { type Counters, count, NO_COUNTS } from "./counters";
import { add, advance, emptyRing, type MinuteRing } from "./minute-ring";
import { canPostsArrive, nextPhase, type Phase, shownPhase, type TimedPhase } from "./phase";
import { describePhase, lightOf } from "./phase-words";
import {
  largest,
  type QueryMemory,
  type QueryStatus,
  queryStatusOf,
  type WatchedQuery,
} from "./query-status";
import { rateOf, type Sample, withSample } from "./spend-rate";
import type { LastError, Status, StatusOptions } from "./status";
import { type ConnectionMemory, NOT_CONNECTED, withEvent } from "./stream/connection";
import {
  type FilteredStreamStatus,
  filteredStreamStatusOf,
  streamPhaseOf,
  streamQueryStatusOf,
} from "./stream/filtered-stream";
import { FAILED, type Trouble, troubleOf } from "./trouble";

const SECOND_MS = 1_000;
const NOTHING_YET: QueryMemory = { counts: NO_COUNTS, isCaughtUp: false, caughtUpMs: undefined };
/** A query is not called caught up while something hinders reading or delivery. */
const UNHINDERED: readonly Phase["kind"][] = ["caught_up", "reading", "listening"];

/** Failures of the store, until it answers: then this process sees another ledger. */
interface StoreTrouble extends TimedPhase {
  readonly ledger: Ledger | undefined;
}

export class StatusTracker {
  private readonly startedAtMs: number;
  private readonly memories = new Map<string, QueryMemory>();
  private timed: TimedPhase;
  private storeTrouble: StoreTrouble | undefined;
  private connection: ConnectionMemory = NOT_CONNECTED;
  private counts: Counters = NO_COUNTS;
  private ring: MinuteRing;
  private samples: readonly Sample[] = [];
  private sampledMs = Number.NEGATIVE_INFINITY;
  private succeeded = false;
  private lastError: LastError | undefined;

  constructor(private readonly options: StatusOptions) {
    this.startedAtMs = options.clock.now();
    this.timed = { phase: { kind: "starting" }, sinceMs: this.startedAtMs };
    this.ring = emptyRing(this.startedAtMs);
  }

  /** A stop was requested. */
  stopping(): void {
    if (this.timed.phase.kind !== "failed") this.enter({ kind: "stopping" });
  }

  /** The loop has ended by an error; no event comes after it. */
  failed(message: string): void {
    this.note({ ...FAILED, message });
    this.enter({ kind: "failed", message: this.options.scrub(message) });
  }

  apply(event: CollectEvent): void {
    this.counts = count(this.counts, event);
    if ("key" in event) this.memories.set(event.key, remembered(this.memoryOf(event.key), event));
    this.connection = withEvent(this.connection, event, this.options.clock.now());
    this.enter(this.phaseAfter(event));
    this.watchStore(event);
    const trouble = troubleOf(event);
    if (trouble !== undefined) this.note(trouble);
    if (event.type === "page_delivered" || event.type === "caught_up") this.succeeded = true;
    if (event.type === "page_delivered") {
      this.ring = add(this.ring, event.page.fresh.length, this.options.clock.now());
    }
    this.sampleBudget();
  }

  snapshot(): Status {
    const { clock, queries, version, stream } = this.options;
    const nowMs = clock.now();
    const ledger = this.options.ledger();
    const { counts, lastError, startedAtMs } = this;
    const timed = this.shown(ledger, nowMs);
    const { phase, sinceMs } = timed;
    const isUnhindered = UNHINDERED.includes(phase.kind);
    const filteredStream = this.filteredStream(ledger, nowMs);
    const all = queries.map((query): QueryStatus => {
      const memory = this.memoryOf(query.key);
      const known = queryStatusOf(query, memory, { ledger, nowMs });
      const one = { ...known, caughtUp: known.caughtUp && isUnhindered };
      if (filteredStream?.key !== query.key) return one;
      const heardMs = memory.caughtUpMs;
      return streamQueryStatusOf(one, filteredStream, { memory: this.connection, heardMs, ledger, nowMs });
    });
    const budget = this.budgetOf(ledger, nowMs);
    return {
      ...describePhase(phase, nowMs),
      ...{ nowMs, startedAtMs, version, stream, phase, sinceMs },
      light: lightOf(timed, nowMs),
      actions: actionsOf({ ...timed, nowMs, budget, counts, queries: all, filteredStream }),
      caughtUp: phase.kind === "caught_up" || (phase.kind === "listening" && filteredStream?.holesOpen === 0),
      ready: this.succeeded && canPostsArrive(phase) && canBeMadeUpFor(filteredStream),
      alive: phase.kind !== "failed",
      counts,
      postsPerMinute: advance(this.ring, nowMs).counts,
      queries: all,
      ...known({
        lagSeconds: largest(...all.map((query) => query.lagSeconds)),
        nextPollMs: phase.kind === "caught_up" ? this.nextPollMs(nowMs) : undefined,
        filteredStream,
        budget,
        lastError,
      }),
    };
  }

  private enter(phase: Phase): void {
    const isSame = phase.kind === this.timed.phase.kind;
    this.timed = { phase, sinceMs: isSame ? this.timed.sinceMs : this.options.clock.now() };
  }

  /** The process has caught up when every query has. */
  private phaseAfter(event: CollectEvent): Phase {
    const isBehind = ({ key }: WatchedQuery) => !this.memoryOf(key).isCaughtUp;
    const { phase } = this.timed;
    const next = nextPhase(phase, event, this.options.clock.now());
    const isEarly = next.kind === "caught_up" && this.options.queries.some(isBehind);
    return isEarly ? { kind: "reading" } : next;
  }

  /** Failures of the store come beside everything else, because a worker shows that it lives while it waits. */
  private watchStore(event: CollectEvent): void {
    if (event.type !== "store_retrying") return;
    const { ledger: read, clock, scrub } = this.options;
    const ledger = read();
    const before = this.storeTrouble?.ledger === ledger ? this.storeTrouble : undefined;
    const phase = { kind: "store_failing", message: scrub(event.message) } as const;
    this.storeTrouble = { phase, ledger, sinceMs: before?.sinceMs ?? clock.now() };
  }

  private shown(ledger: Ledger | undefined, nowMs: number): TimedPhase {
    const isOver = ["stopping", "failed"].includes(this.timed.phase.kind);
    const trouble = this.storeTrouble;
    if (trouble !== undefined && trouble.ledger === ledger && !isOver) return trouble;
    const shown = shownPhase(this.timed, nowMs);
    return this.options.filteredStream === undefined ? shown : streamPhaseOf(shown, this.connection);
  }

  private filteredStream(ledger: Ledger | undefined, nowMs: number): FilteredStreamStatus | undefined {
    const watched = this.options.filteredStream;
    return watched && filteredStreamStatusOf(watched, this.connection, { ledger, nowMs });
  }

  private budgetOf(ledger: Ledger | undefined, nowMs: number): BudgetStatus | undefined {
    if (ledger === undefined) return undefined;
    const { terms, smallestPage } = this.options;
    const budget = budgetStatusOf(ledger, terms, smallestPage);
    return withRate(budget, rateOf(this.samples, sampleOf(budget, nowMs)), nowMs);
  }

  /** Many events a second come with pages, and samples are minutes apart. */
  private sampleBudget(): void {
    const nowMs = this.options.clock.now();
    if (nowMs - this.sampledMs < SECOND_MS) return;
    this.sampledMs = nowMs;
    const budget = this.budgetOf(this.options.ledger(), nowMs);
    if (budget !== undefined) this.samples = withSample(this.samples, sampleOf(budget, nowMs));
  }

  private nextPollMs(nowMs: number): number | undefined {
    const { pollMs, queries } = this.options;
    const polls = queries.flatMap(({ key }) => this.memoryOf(key).caughtUpMs ?? []);
    if (pollMs === undefined || polls.length === 0) return undefined;
    return Math.max(nowMs, Math.min(...polls) + pollMs);
  }

  private memoryOf(key: string): QueryMemory {
    return this.memories.get(key) ?? NOTHING_YET;
  }

  private note({ message, text: meaning, runbook }: Trouble): void {
    const atMs = this.options.clock.now();
    this.lastError = { message: this.options.scrub(message), atMs, meaning, ...known({ runbook }) };
  }
}

/** What a stream misses while it is not connected arrives by search, or not at all. */
function canBeMadeUpFor(stream: FilteredStreamStatus | undefined): boolean {
  return stream === undefined || stream.connected || stream.fill;
}

/** A page with posts means that X had something, delivered or not. */
function remembered({ counts, isCaughtUp, caughtUpMs }: QueryMemory, event: CollectEvent): QueryMemory {
  const next = count(counts, event);
  if (event.type === "caught_up") return { counts: next, isCaughtUp: true, caughtUpMs: event.atMs };
  const isMore = event.type === "page_read" && event.page.fresh.length > 0;
  return { counts: next, isCaughtUp: isCaughtUp && !isMore, caughtUpMs };
}

/** Without the members that are not known. */
function known<T extends object>(members: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}
