/**
 * Buys the next page within the budget: reserve, read, settle. Meets the source's failures until there is a page, or
 * a reason to stop. Only this file decides how long to wait for X.
 */
import { SourceError, type SourceErrorKind } from "./errors";
import type {
  CheckpointStore,
  Clock,
  LimitReached,
  Observer,
  PostPage,
  PostSource,
  Reservation,
  SpendingMeter,
} from "./ports";
import { NO_READS } from "./ports";
import { fullJitter } from "./retry";
import type { Position } from "./window";

export interface ReaderPorts {
  readonly source: PostSource;
  readonly meter: SpendingMeter;
  readonly checkpoints: Pick<CheckpointStore, "confirm">;
  readonly clock: Clock;
  readonly observe: Observer;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface ReaderOptions {
  /** Stop at a limit, and after failures that last, instead of waiting for better times. */
  readonly runOnce: boolean;
  /** No further read once it aborts; a read in flight is waited for, since X may be billing it. */
  readonly stop: AbortSignal;
}

/** `limit`: nothing more may be bought (and nobody waits for it); `stopped`: asked to stop. */
export type NoPage = "limit" | "stopped";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

interface Policy {
  /** Wait until what X said, plus up to this much, so that ingesters of one app do not come back together. */
  readonly jitterMs: number;
  /** Without a time from X: full jitter between these. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** A fixed part of each wait: how slowly to probe for something only a person or the calendar can change. */
  readonly probeMs: number;
  /** Failures in a row after which `runOnce` gives up. */
  readonly runOnceTries: number;
  readonly needsPerson: boolean;
}

const PATIENT = { baseMs: SECOND_MS, capMs: MINUTE_MS };

const POLICIES: Readonly<Record<Exclude<SourceErrorKind, "access" | "invalid_request">, Policy>> = {
  window_limit: {
    jitterMs: 2 * SECOND_MS,
    backoff: PATIENT,
    probeMs: 0,
    runOnceTries: Number.POSITIVE_INFINITY,
    needsPerson: false,
  },
  second_limit: {
    jitterMs: 250,
    backoff: PATIENT,
    probeMs: 0,
    runOnceTries: Number.POSITIVE_INFINITY,
    needsPerson: false,
  },
  transient: { jitterMs: SECOND_MS, backoff: PATIENT, probeMs: 0, runOnceTries: 8, needsPerson: false },
  unreachable: {
    jitterMs: 0,
    backoff: { baseMs: SECOND_MS, capMs: 4 * SECOND_MS },
    probeMs: 0,
    runOnceTries: 5,
    needsPerson: false,
  },
  // The cycle turns once a month, but a limit can be raised in the console at any time; refused probes cost nothing.
  usage_cap: {
    jitterMs: 0,
    backoff: { baseMs: MINUTE_MS, capMs: MINUTE_MS },
    probeMs: 60 * MINUTE_MS,
    runOnceTries: 1,
    needsPerson: false,
  },
  spending_limit: {
    jitterMs: 0,
    backoff: { baseMs: MINUTE_MS, capMs: MINUTE_MS },
    probeMs: 60 * MINUTE_MS,
    runOnceTries: 1,
    needsPerson: true,
  },
  credits_depleted: {
    jitterMs: 0,
    backoff: { baseMs: MINUTE_MS, capMs: MINUTE_MS },
    probeMs: 15 * MINUTE_MS,
    runOnceTries: 1,
    needsPerson: true,
  },
};

const LIMITS_OF_X = {
  usage_cap: "X's monthly cap",
  spending_limit: "the spending limit in X's console",
} as const;

export class Reader {
  private failuresInARow = 0;

  constructor(
    private readonly ports: ReaderPorts,
    private readonly options: ReaderOptions,
  ) {}

  /** @throws SourceError that nothing but a person can mend, or that lasts while `runOnce`; CheckpointLostError */
  async next(position: Position): Promise<PostPage | NoPage> {
    while (!this.options.stop.aborted) {
      const permission = await this.permission();
      if (typeof permission === "string") return permission;
      const page = await this.buy(position, permission);
      if (page !== undefined) return page;
    }
    return "stopped";
  }

  /** Waits at a limit that renews; a limit of this run, or of a run that ends by itself, ends it. */
  private async permission(): Promise<Reservation | NoPage> {
    const { meter, source, checkpoints, observe, clock } = this.ports;
    let reached: LimitReached | undefined;
    while (!this.options.stop.aborted) {
      await checkpoints.confirm();
      const answer = await meter.reserve(source.readLimits);
      if ("maxPosts" in answer) {
        if (reached !== undefined) observe({ type: "limit_renewed", limit: reached.limit });
        return answer;
      }
      if (reached === undefined) observe({ type: "limit_reached", ...answer });
      reached = answer;
      if (this.options.runOnce || answer.renewsAtMs === undefined) return "limit";
      await clock.sleep(
        Math.max(SECOND_MS, Math.min(answer.renewsAtMs - clock.now(), 60 * MINUTE_MS)),
        this.options.stop,
      );
    }
    return "stopped";
  }

  private async buy(position: Position, reservation: Reservation): Promise<PostPage | "limit" | undefined> {
    const { source, meter } = this.ports;
    try {
      const page = await source.read(position, reservation.maxPosts);
      meter.settle(reservation, page.billed);
      this.failuresInARow = 0;
      this.ports.observe({ type: "page_read", page });
      return page;
    } catch (error) {
      const failure = asSourceError(error);
      // Whatever it was, nothing may be bought on the strength of a reservation whose outcome is not known.
      meter.settle(reservation, failure === undefined || failure.mayBeBilled ? "unknown" : NO_READS);
      await meter.flush();
      if (failure === undefined) throw error;
      return this.meet(failure);
    }
  }

  /** Waits as the failure's policy says, or ends the run. */
  private async meet(failure: SourceError): Promise<"limit" | undefined> {
    if (failure.kind === "access" || failure.kind === "invalid_request") throw failure;
    const policy = POLICIES[failure.kind];
    this.failuresInARow += 1;
    if (failure.kind === "unreachable" && this.failuresInARow >= policy.runOnceTries) throw failure;
    if (this.options.runOnce && this.failuresInARow >= policy.runOnceTries) return this.giveUp(failure);
    await this.waitFor(failure, policy);
    return undefined;
  }

  private giveUp(failure: SourceError): "limit" {
    if (failure.kind !== "usage_cap" && failure.kind !== "spending_limit") throw failure;
    this.ports.observe({ type: "limit_reached", limit: LIMITS_OF_X[failure.kind], renewsAtMs: undefined });
    return "limit";
  }

  private async waitFor(failure: SourceError, policy: Policy): Promise<void> {
    const { clock, observe, random } = this.ports;
    const nowMs = clock.now();
    const jittered =
      failure.retryAtMs === undefined
        ? policy.probeMs + fullJitter(this.failuresInARow, policy.backoff, random)
        : failure.retryAtMs - nowMs + random() * policy.jitterMs;
    const waitMs = Math.max(0, Math.round(jittered));
    const { message, kind: reason } = failure;
    observe({
      type: "source_waiting",
      reason,
      message,
      untilMs: nowMs + waitMs,
      needsPerson: policy.needsPerson,
    });
    await clock.sleep(waitMs, this.options.stop);
  }
}

function asSourceError(error: unknown): SourceError | undefined {
  return error instanceof SourceError ? error : undefined;
}
