/** Failures of a source in a row: how long to wait, and when to give up. */
import type { SourceError, SourceErrorKind } from "./errors";
import type { Observer } from "./events";
import type { Clock } from "./ports";
import { policyFor, waitMs } from "./waits";

interface FailurePorts {
  readonly clock: Clock;
  /** Epoch milliseconds by X's clock. */
  readonly now: () => number;
  readonly observe: Observer;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface FailureOptions {
  /** Give up after failures that last. */
  readonly once: boolean;
  readonly stop: AbortSignal;
}

const LIMITS_OF_X: Readonly<Partial<Record<SourceErrorKind, string>>> = {
  day_limit: "X's 24-hour limit",
  usage_cap: "X's monthly cap",
  spending_limit: "the spending limit in X's console",
};

export class SourceFailures {
  private count = 0;
  /** Of kinds that a run which ends by itself tries only a bounded number of times. */
  private attempts = 0;

  constructor(
    private readonly ports: FailurePorts,
    private readonly options: FailureOptions,
  ) {}

  /** To be called when a page has brought something new. */
  forget(): void {
    this.count = this.attempts = 0;
  }

  /**
   * Waits as the failure's policy says.
   * @returns "limit" when the run is over because of a limit of X's
   * @throws the failure, where waiting does not help
   */
  async wait(failure: SourceError): Promise<"limit" | undefined> {
    const policy = policyFor(failure);
    if (policy === undefined) throw failure;
    this.count += 1;
    if (Number.isFinite(policy.tries)) this.attempts += 1;
    const isOver = this.attempts >= policy.tries && (this.options.once || failure.kind === "unreachable");
    if (isOver) return this.giveUp(failure);
    const { clock, now, observe, random } = this.ports;
    const nowMs = now();
    const wait = waitMs(failure, { failures: this.count, nowMs, random });
    const { message, kind: reason } = failure;
    const { needsPerson } = policy;
    observe({ type: "source_waiting", reason, message, untilMs: nowMs + wait, needsPerson });
    await clock.sleep(wait, this.options.stop);
    return undefined;
  }

  private giveUp(failure: SourceError): "limit" {
    const limit = LIMITS_OF_X[failure.kind];
    if (limit === undefined) throw failure;
    this.ports.observe({ type: "limit_reached", limit, renewsAtMs: failure.retryAtMs });
    return "limit";
  }
}
