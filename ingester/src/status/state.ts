/**
 * Folds what happens into one status object, which the log's summaries, the metrics and the status page are made of.
 * Deterministic: time comes from the injected clock alone.
 */
import type { Clock, IngestEvent } from "../ports";
import type { Scrubber } from "../scrub";
import type { Position } from "../window";
import { type Counters, count, NO_COUNTS } from "./counters";
import { add, advance, emptyRing, type MinuteRing } from "./minute-ring";
import { type MeterSnapshot, type MeterSnapshotProvider, moneyStatus } from "./money";
import { describePhase, nextPhase, type Phase, type PhaseWords } from "./phase";
import { completeUpToMs, latest, reachedMs } from "./progress";
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
  readonly checkpointKey: string;
  readonly phase: Phase;
  readonly caughtUp: boolean;
  /** True after the first read and delivery (or catching up), and while delivery works. */
  readonly ready: boolean;
  /** False once the loop has ended by an error. */
  readonly alive: boolean;
  readonly counts: Counters;
  /** Posts delivered in each of the last 60 minutes, oldest first; the last one is still running. */
  readonly postsPerMinute: readonly number[];
  /** How long ago the newest moment is that has been read. */
  readonly lagSeconds?: number;
  /** Everything up to here is delivered or recorded as a gap. */
  readonly completeUpToMs?: number;
  readonly money?: MeterSnapshot;
  readonly lastError?: LastError;
  readonly checkpoint?: Position;
}

export interface StatusTrackerOptions {
  readonly clock: Clock;
  readonly checkpointKey: string;
  readonly meterSnapshot: MeterSnapshotProvider;
  readonly scrub: Scrubber;
}

export class StatusTracker {
  private readonly startedAtMs: number;
  private phase: Phase = { kind: "starting" };
  private counts: Counters = NO_COUNTS;
  private ring: MinuteRing;
  private succeeded = false;
  private caughtUpMs: number | undefined;
  private lastError: LastError | undefined;
  private checkpoint: Position | undefined;

  constructor(private readonly options: StatusTrackerOptions) {
    this.startedAtMs = options.clock.now();
    this.ring = emptyRing(this.startedAtMs);
  }

  /** The position that the checkpoint held at the start. */
  resumed(position: Position): void {
    this.checkpoint = position;
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

  apply(event: IngestEvent): void {
    this.counts = count(this.counts, event);
    this.phase = nextPhase(this.phase, event);
    const trouble = describeTrouble(event);
    if (trouble !== undefined) this.note(trouble);
    if (event.type === "page_delivered") this.applyPage(event);
    if (event.type === "caught_up") this.applyCaughtUp(event.position, this.options.clock.now());
  }

  snapshot(): Status {
    const nowMs = this.options.clock.now();
    const { phase, checkpoint, counts } = this;
    return {
      ...describePhase(phase),
      nowMs,
      startedAtMs: this.startedAtMs,
      checkpointKey: this.options.checkpointKey,
      phase,
      caughtUp: phase.kind === "caught_up",
      ready: this.succeeded && !["delivery_failing", "stopping", "failed"].includes(phase.kind),
      alive: phase.kind !== "failed",
      counts,
      postsPerMinute: advance(this.ring, nowMs).counts,
      ...this.progress(nowMs),
      ...this.money(),
      ...(this.lastError === undefined ? {} : { lastError: this.lastError }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
    };
  }

  private applyPage({ page }: Extract<IngestEvent, { type: "page_delivered" }>): void {
    this.ring = add(this.ring, page.posts.length, this.options.clock.now());
    this.succeeded = true;
    this.checkpoint = page.position;
    if (page.caughtUp) this.applyCaughtUp(page.position, page.receivedAtMs);
  }

  private applyCaughtUp(position: Position, atMs: number): void {
    this.succeeded = true;
    this.checkpoint = position;
    this.caughtUpMs = latest(this.caughtUpMs, atMs);
  }

  private note(message: string): void {
    this.lastError = { message: this.options.scrub(message), atMs: this.options.clock.now() };
  }

  private progress(nowMs: number): Pick<Status, "lagSeconds" | "completeUpToMs"> {
    const { checkpoint } = this;
    const reached = latest(reachedMs(checkpoint), this.caughtUpMs);
    const complete = latest(
      completeUpToMs(checkpoint),
      checkpoint?.window === undefined ? this.caughtUpMs : undefined,
    );
    return {
      // Clocks differ: a post can seem to be from the future.
      ...(reached === undefined ? {} : { lagSeconds: Math.max(0, nowMs - reached) / 1_000 }),
      ...(complete === undefined ? {} : { completeUpToMs: complete }),
    };
  }

  private money(): Pick<Status, "money"> {
    const snapshot = this.options.meterSnapshot();
    return snapshot === undefined ? {} : { money: moneyStatus(snapshot) };
  }
}
