import { NEW_ACCOUNT } from "../../src/ledger/account";
import type { Budget } from "../../src/ledger/budget";
import type { Coverage } from "../../src/ledger/coverage";
import { type Ledger, newLedger, type Worker } from "../../src/ledger/ledger";
import type { LimitUse, Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import type { CollectEvent } from "../../src/loop/events";
import type { Clock, DeliveryReceipt, Page } from "../../src/loop/ports";
import { firstIdAt } from "../../src/posts/ids";
import { createLogger, createOutput, type LineOutput, type Logger } from "../../src/runtime/logger";
import { createScrubber } from "../../src/runtime/scrub";
import type { WatchedQuery } from "../../src/status/query-status";
import type { StatusOptions } from "../../src/status/status";
import { StatusTracker } from "../../src/status/tracker";

export const NOON = Date.parse("2026-11-23T12:00:00.000Z");
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const CYCLE_END = Date.parse("2026-12-01T00:00:00Z");
export const TOKEN = "AAAAAAAAAAsecret%3Dtoken/with+signs";
export const scrub = createScrubber([TOKEN]);

export const CATS: WatchedQuery = { name: "cats", query: "cats lang:en", key: "tweet_stream/cats lang:en" };
export const DOGS: WatchedQuery = { name: "dogs", query: "dogs lang:en", key: "tweet_stream/dogs lang:en" };

export const LIVE: WatchedQuery = {
  name: "tweet_stream",
  query: "the filtered stream with 2 rules",
  key: "tweet_stream (filtered stream)",
};
export const CONNECTS = { connects: 45, connectsByX: 50, windowMs: 15 * MINUTE };

/** A clock that moves only when a test moves it; it wakes the sleepers that it passes. */
export class ManualClock implements Clock {
  private sleepers: { readonly wakeMs: number; readonly wake: () => void }[] = [];

  constructor(private nowMs = NOON) {}

  now(): number {
    return this.nowMs;
  }

  elapsed(): number {
    return this.nowMs;
  }

  uptime(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ wakeMs: this.nowMs + ms, wake });
      signal.addEventListener("abort", () => wake());
    });
  }

  async advance(ms: number): Promise<void> {
    this.nowMs += ms;
    for (const sleeper of this.sleepers.filter(({ wakeMs }) => wakeMs <= this.nowMs)) sleeper.wake();
    this.sleepers = this.sleepers.filter(({ wakeMs }) => wakeMs > this.nowMs);
    // A woken sleeper works before it sleeps again.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export type LogLine = { readonly level: string; readonly event: string; readonly [field: string]: unknown };

/** Keeps what is written, as text and as parsed JSON. */
export class MemoryOutput implements LineOutput {
  readonly written: string[] = [];

  write(line: string): void {
    this.written.push(line);
  }

  get lines(): readonly LogLine[] {
    return this.written.map((line) => JSON.parse(line) as LogLine);
  }
}

export function memoryLogger(level = "info"): { readonly logger: Logger; readonly output: MemoryOutput } {
  const output = new MemoryOutput();
  return { logger: createLogger({ level, output: createOutput(scrub, output) }), output };
}

/** An id made at that time. */
export function idAt(ms: number): string {
  return firstIdAt(ms);
}

/** Ids made after `fromMs`, up to and including `toMs`. */
export function interval(fromMs: number, toMs: number) {
  return { after: idAt(fromMs), through: idAt(toMs) };
}

export function disconnected(reason: string): EventOf<"stream_disconnected"> {
  return { type: "stream_disconnected", key: LIVE.key, reason, onTheWay: 0, stopped: false };
}

/** Posts that the stream has sent, the newest of which took `tookMs` to arrive. */
export function streamed(
  receivedAtMs: number,
  { posts, tookMs }: { readonly posts: number; readonly tookMs: number },
): EventOf<"page_delivered"> {
  const provenance = { source: "stream", received_at: new Date(receivedAtMs).toISOString() } as const;
  const made = Array.from({ length: posts }, () => ({ id: idAt(receivedAtMs - tookMs), text: "a post" }));
  const page = { posts: made, fresh: made, provenance, receivedAtMs };
  return delivered(receivedAtMs, posts, { query: LIVE, page });
}

/** A page of `posts` posts, the newest made at `newestMs`. */
export function pageOf(newestMs: number, posts: number, overrides: Partial<Page> = {}): Page {
  const ids = Array.from({ length: posts }, (_, i) => idAt(newestMs - i * SECOND));
  const own = ids.map((id) => ({ id, text: `post ${id}` }));
  return {
    posts: own,
    fresh: overrides.posts ?? own,
    includes: {},
    provenance: { source: "search/recent", query: CATS.query, received_at: new Date(newestMs).toISOString() },
    billed: posts === 0 ? {} : { posts },
    receivedAtMs: newestMs,
    covers: undefined,
    lost: undefined,
    filled: true,
    partialErrors: 0,
    ...overrides,
  };
}

type EventOf<T extends CollectEvent["type"]> = Extract<CollectEvent, { readonly type: T }>;

export function read(newestMs: number, posts: number, { key } = CATS): EventOf<"page_read"> {
  return { type: "page_read", key, page: pageOf(newestMs, posts) };
}

export interface Delivery {
  readonly query?: WatchedQuery;
  readonly page?: Partial<Page>;
  readonly receipt?: Partial<DeliveryReceipt>;
}

/** A page of `posts` posts, the newest made at `newestMs`, delivered in one call. */
export function delivered(
  newestMs: number,
  posts: number,
  { query = CATS, page, receipt }: Delivery = {},
): EventOf<"page_delivered"> {
  return {
    type: "page_delivered",
    key: query.key,
    page: pageOf(newestMs, posts, page),
    receipt: { requests: 1, records: 1, bytes: posts * 2_000, resentRecords: 0, deadLetters: 0, ...receipt },
  };
}

/** Shows a watcher a page as the loop does: first read, then delivered. */
export function pass(watch: (event: CollectEvent) => void, event: EventOf<"page_delivered">): void {
  watch({ type: "page_read", key: event.key, page: event.page });
  watch(event);
}

export function caughtUp(atMs: number, { key } = CATS): EventOf<"caught_up"> {
  return { type: "caught_up", key, atMs };
}

export const RETRYING: EventOf<"delivery_retrying"> = {
  type: "delivery_retrying",
  records: 4,
  code: "InternalFailure",
  message: "Firehose failed",
  action: "The same records are sent again.",
  needsPerson: false,
  attempt: 7,
  waitMs: 800,
};

export const STORE_RETRYING: EventOf<"store_retrying"> = {
  type: "store_retrying",
  message:
    "DynamoDB does not answer for the table ledger (CHECKPOINT_TABLE): Timeout: no answer; trying again.",
};

export const DEAD_LETTER: EventOf<"dead_letter"> = {
  type: "dead_letter",
  id: "15",
  reason: "too large",
  bytes: 2_000_000,
};

export function lostBetween(fromMs: number, toMs: number, { key } = CATS): EventOf<"loss_recorded"> {
  const recordedAt = "2026-11-23T12:00:00.000Z";
  return {
    type: "loss_recorded",
    key,
    loss: { ...interval(fromMs, toMs), reason: "search_window", recordedAt },
  };
}

export function waiting(untilMs: number, reason = "window_limit"): EventOf<"source_waiting"> {
  const needsPerson = reason === "credits_depleted" || reason === "spending_limit";
  const message = `X answered 429 on tweets/search/recent: ${reason}.`;
  return { type: "source_waiting", reason, message, untilMs, needsPerson };
}

/** $50.00, of which $12.34 is ours, $0.50 at risk, $0.50 reserved and $36.66 of others. */
export const USE: LimitUse = {
  limit: "MONTHLY_USD_LIMIT",
  unit: "micros",
  allowed: 50_000_000,
  spent: 12_340_000,
  atRisk: 500_000,
  reserved: 500_000,
  others: 36_660_000,
  renewsAtMs: CYCLE_END,
};

export const LIMIT_REACHED: EventOf<"limit_reached"> = {
  type: "limit_reached",
  limit: USE.limit,
  renewsAtMs: CYCLE_END,
  use: USE,
};

export const TERMS: Terms = {
  limits: { monthlyUsd: 50 },
  prices: DEFAULT_PRICES,
  scope: "project",
  deduplicates: true,
};

/** 2,468 posts for $12.34, spent by cats and dogs. */
export const SPENT: Budget["spent"] = [
  { key: CATS.key, amounts: { posts: 2_000 } },
  { key: DOGS.key, amounts: { posts: 468 } },
];

export function coverageOf(query: WatchedQuery, overrides: Partial<Coverage> = {}): Coverage {
  return { key: query.key, query: query.query, owned: [], lost: [], claims: [], ...overrides };
}

export function ledgerWith({
  coverage = [],
  budget = {},
  workers = [],
}: {
  readonly coverage?: readonly Coverage[];
  readonly budget?: Partial<Budget>;
  readonly workers?: readonly Worker[];
} = {}): Ledger {
  const empty = newLedger(NOON, 1);
  return {
    ...empty,
    workers,
    coverage,
    budget: { ...empty.budget, ...NEW_ACCOUNT, spent: SPENT, ...budget },
  };
}

export function workerWith(fence: number, command: string): Worker {
  return {
    ...{ fence, command, beat: 1, leaseSeconds: 30, since: "2026-11-23T08:00:00.000Z" },
    process: { pid: 4_711, host: { name: "worker-1" } },
  };
}

export interface TrackerParts extends Partial<StatusOptions> {}

/** The options of a tracker that watches `cats` with $12.34 of $50.00 spent. */
export function optionsWith(parts: TrackerParts = {}): StatusOptions {
  const ledger = ledgerWith();
  return {
    clock: new ManualClock(),
    version: "1.2.3",
    stream: "tweet_stream",
    queries: [CATS],
    terms: TERMS,
    smallestPage: { posts: 10, usd: 0.05 },
    ledger: () => ledger,
    scrub,
    ...parts,
  };
}

export function tracker(parts: TrackerParts = {}): StatusTracker {
  return new StatusTracker(optionsWith(parts));
}
