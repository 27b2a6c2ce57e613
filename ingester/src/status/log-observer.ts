/** Turns events into log lines, few of them: the policy stands in logger.ts. */
import type { Logger } from "../logger";
import type { Clock, IngestEvent, Observer } from "../ports";
import type { Status } from "./state";
import { Throttle } from "./throttle";
import { describeTrouble } from "./trouble";

/** The same trouble is told at most once in this time. */
export const REPEAT_MS = 60_000;
/** Progress is told at most once in this time, and only when there is some. */
export const SUMMARY_MS = 300_000;

export interface LogObserverOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** The status after the event that is being logged. */
  readonly status: () => Status;
}

type EventOf<T extends IngestEvent["type"]> = Extract<IngestEvent, { readonly type: T }>;

export class LogObserver {
  private readonly throttle: Throttle;
  private readonly limits = new Set<string>();
  private hasCaughtUp = false;
  private troubled = false;
  private summaryAtMs: number;
  private summarisedPosts = 0;

  constructor(private readonly options: LogObserverOptions) {
    this.throttle = new Throttle(options.clock, REPEAT_MS);
    this.summaryAtMs = options.clock.now();
  }

  readonly observe: Observer = (event) => {
    switch (event.type) {
      case "page_delivered":
        return this.onPage(event);
      case "caught_up":
        return this.onCaughtUp();
      case "gap_recorded":
        return this.logger.error({ event: event.type, ...snakeGap(event) }, describeTrouble(event));
      case "dead_letter":
        return this.logger.error({ event: event.type, ...withoutType(event) }, describeTrouble(event));
      case "limit_reached":
        return this.onLimitReached(event);
      case "limit_renewed":
        return this.onLimitRenewed(event.limit);
      case "source_waiting":
        return this.onSourceWaiting(event);
      case "delivery_retrying":
        return this.onDeliveryRetrying(event);
    }
  };

  private get logger(): Logger {
    return this.options.logger;
  }

  private onPage(event: EventOf<"page_delivered">): void {
    this.recovered();
    if (event.page.caughtUp) this.onCaughtUp();
    const nowMs = this.options.clock.now();
    if (nowMs - this.summaryAtMs >= SUMMARY_MS) this.summarise(nowMs);
  }

  private onCaughtUp(): void {
    this.recovered();
    const nowMs = this.options.clock.now();
    if (!this.hasCaughtUp) {
      this.hasCaughtUp = true;
      this.logger.info({ event: "caught_up", ...progressFields(this.options.status()) });
    } else if (nowMs - this.summaryAtMs >= SUMMARY_MS) this.summarise(nowMs);
  }

  private summarise(nowMs: number): void {
    const status = this.options.status();
    if (status.counts.postsRead === this.summarisedPosts) return;
    this.summarisedPosts = status.counts.postsRead;
    this.summaryAtMs = nowMs;
    this.logger.info({ event: "summary", ...progressFields(status) });
  }

  /** Whoever read that something was wrong wants to read that it is over. */
  private recovered(): void {
    if (!this.troubled) return;
    this.troubled = false;
    this.logger.info({ event: "recovered" });
  }

  private onLimitReached({ limit, renewsAtMs }: EventOf<"limit_reached">): void {
    if (this.limits.has(limit)) return;
    this.limits.add(limit);
    this.logger.warn(
      { event: "limit_reached", limit, renews_at: iso(renewsAtMs) },
      this.options.status().headline,
    );
  }

  private onLimitRenewed(limit: string): void {
    this.limits.delete(limit);
    this.logger.info({ event: "limit_renewed", limit });
  }

  private onSourceWaiting(event: EventOf<"source_waiting">): void {
    const suppressed = this.throttle.pass(`source_waiting ${event.reason}`);
    if (suppressed === undefined) return;
    this.troubled = true;
    const { reason, needsPerson, untilMs } = event;
    const fields = { event: event.type, reason, until: iso(untilMs), needs_person: needsPerson, suppressed };
    if (needsPerson) this.logger.error(fields, event.message);
    else this.logger.warn(fields, event.message);
  }

  private onDeliveryRetrying(event: EventOf<"delivery_retrying">): void {
    const suppressed = this.throttle.pass(`delivery_retrying ${event.code}`);
    if (suppressed === undefined) return;
    this.troubled = true;
    const { records, code, attempt, waitMs } = event;
    this.logger.warn(
      { event: event.type, code, records, attempt, wait_ms: waitMs, suppressed },
      describeTrouble(event),
    );
  }
}

/** What a summary line tells, and the line at the end of a run. */
export function progressFields({ counts, lagSeconds, completeUpToMs, money }: Status): object {
  return {
    posts_read: counts.postsRead,
    posts_delivered: counts.postsDelivered,
    dead_letters: counts.deadLetters,
    partial_errors: counts.partialErrors,
    lag_seconds: lagSeconds === undefined ? undefined : Math.round(lagSeconds),
    complete_up_to: iso(completeUpToMs),
    spent_usd: money?.spentUsd,
    budget_used_percent:
      money?.usedPercent === undefined ? undefined : Math.round(money.usedPercent * 10) / 10,
  };
}

function snakeGap({ gap }: EventOf<"gap_recorded">): object {
  return { after_id: gap.afterId, before_id: gap.beforeId, reason: gap.reason };
}

function withoutType({ id, reason, bytes }: EventOf<"dead_letter">): object {
  return { id, reason, bytes };
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
