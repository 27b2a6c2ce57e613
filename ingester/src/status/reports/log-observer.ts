/** Turns events into few log lines, by the policy in runtime/logger.ts. */

import { describeInterval } from "../../ledger/intervals";
import type { CollectEvent, Observer } from "../../loop/events";
import type { Clock } from "../../loop/ports";
import { timeOfId } from "../../posts/ids";
import type { Logger } from "../../runtime/logger";
import type { Status } from "../status";
import { troubleOf } from "../trouble";
import { logStream } from "./log-stream";
import { progressFields } from "./progress-fields";

/** The same trouble is logged at most once in this time. */
export const REPEAT_MS = 60_000;
/** Progress is logged at most once in this time, and only when there is some. */
export const SUMMARY_MS = 300_000;

export interface LogObserverOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** The status after the event that is being logged. */
  readonly status: () => Status;
}

type EventOf<T extends CollectEvent["type"]> = Extract<CollectEvent, { readonly type: T }>;

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
    this.logDetail(event);
    switch (event.type) {
      case "page_delivered":
        return this.onPage();
      case "caught_up":
        return this.onCaughtUp();
      case "loss_recorded": {
        const { after, through, reason, recordedAt: recorded_at } = event.loss;
        const [from, to] = [iso(timeOfId(after)), iso(timeOfId(through))];
        const fields = { event: event.type, query: event.key, from, to, after, through, reason, recorded_at };
        return this.logger.error(fields, troubleOf(event)?.message);
      }
      case "dead_letter": {
        const { id, reason, bytes } = event;
        return this.logger.error({ event: event.type, id, reason, bytes }, troubleOf(event)?.message);
      }
      case "left_to_others":
        return this.onLeftToOthers(event);
      case "limit_reached":
        return this.onLimitReached(event);
      case "limit_renewed":
        return this.onLimitRenewed(event.limit);
      case "source_waiting":
        return this.onSourceWaiting(event);
      case "request_changed":
        return this.logger.warn({ event: event.type }, event.message);
      case "delivery_retrying":
        return this.onDeliveryRetrying(event);
      case "store_retrying":
        return this.onStoreRetrying(event);
      default:
        return logStream(event, this.logger);
    }
  };

  /** At level debug: every page, batch, poll and wait, without the throttle. */
  private logDetail(event: CollectEvent): void {
    const fields = this.logger.isLevelEnabled("debug") ? detailOf(event) : undefined;
    if (fields !== undefined) this.logger.debug(fields);
  }

  private get logger(): Logger {
    return this.options.logger;
  }

  private onPage(): void {
    this.recovered();
    const nowMs = this.options.clock.now();
    if (nowMs - this.summaryAtMs >= SUMMARY_MS) this.summarise(nowMs);
  }

  private onCaughtUp(): void {
    this.recovered();
    const nowMs = this.options.clock.now();
    if (!this.hasCaughtUp && this.options.status().caughtUp) {
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

  /** A trouble that was logged gets a line when it is over. */
  private recovered(): void {
    if (!this.troubled) return;
    this.troubled = false;
    this.logger.info({ event: "recovered" });
  }

  private onLimitReached({ limit, renewsAtMs, use }: EventOf<"limit_reached">): void {
    if (this.limits.has(limit)) return;
    this.limits.add(limit);
    // A limit of the run itself ends it as it was told to.
    const level = use !== undefined && renewsAtMs === undefined ? "info" : "warn";
    this.logger[level](
      { event: "limit_reached", limit, renews_at: iso(renewsAtMs) },
      sentenceOf(this.options.status()),
    );
  }

  private onLimitRenewed(limit: string): void {
    this.limits.delete(limit);
    this.logger.info({ event: "limit_renewed", limit });
  }

  private onLeftToOthers({ key, intervals, workers }: EventOf<"left_to_others">): void {
    const ranges = intervals.map(describeInterval);
    this.logger.info(
      { event: "left_to_others", query: key, ranges, workers },
      `Left to ${workers.join(" and ")}: ${ranges.join(", ")}.`,
    );
  }

  private onStoreRetrying({ message }: EventOf<"store_retrying">): void {
    const suppressed = this.throttle.pass("store_retrying");
    if (suppressed === undefined) return;
    this.troubled = true;
    this.logger.warn({ event: "store_retrying", suppressed }, message);
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
    const { records, code, attempt, waitMs, action, needsPerson } = event;
    const fields = { event: event.type, code, records, attempt, wait_ms: waitMs, suppressed };
    const sentences = `${troubleOf(event)?.message} ${action}`;
    if (needsPerson) this.logger.error(fields, sentences);
    else this.logger.warn(fields, sentences);
  }
}

function detailOf(event: CollectEvent): object | undefined {
  switch (event.type) {
    case "page_read": {
      const { posts, fresh, billed, covers, filled, stalled } = event.page;
      const part = covers && describeInterval(covers);
      const figures = { posts: posts.length, fresh: fresh.length, billed, covers: part, filled, stalled };
      return { event: event.type, query: event.key, ...figures };
    }
    case "page_delivered":
      return { event: event.type, query: event.key, ...event.receipt };
    case "caught_up":
      return { event: "polled", query: event.key, at: iso(event.atMs) };
    case "source_waiting":
    case "delivery_retrying":
    case "store_retrying": {
      const { type, ...fields } = event;
      return { event: "waiting", for: type, ...fields };
    }
    default:
      return undefined;
  }
}

function sentenceOf({ headline, detail }: Status): string {
  return `${headline}. ${detail}`;
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** Lets the first of each kind through, then at most one per interval, and counts those it held back. */
class Throttle {
  private readonly kinds = new Map<string, { lastMs: number; suppressed: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** How many were held back since the last one that passed; undefined when this one does not pass. */
  pass(kind: string): number | undefined {
    const nowMs = this.clock.now();
    const seen = this.kinds.get(kind);
    if (seen !== undefined && nowMs - seen.lastMs < this.intervalMs) {
      seen.suppressed += 1;
      return undefined;
    }
    this.kinds.set(kind, { lastMs: nowMs, suppressed: 0 });
    return seen?.suppressed ?? 0;
  }
}
