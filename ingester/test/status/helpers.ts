import { createLogger, createOutput, type LineOutput, type Logger } from "../../src/logger";
import type { Clock, DeliveryReceipt, IngestEvent, PostPage } from "../../src/ports";
import { createScrubber } from "../../src/scrub";
import type { MeterSnapshot } from "../../src/status/money";
import { StatusTracker } from "../../src/status/state";
import { firstIdAt } from "../../src/window";
import { page } from "../helpers/fake-ports";

export const NOON = Date.parse("2026-11-23T12:00:00.000Z");
export const MINUTE = 60_000;
export const TOKEN = "AAAAAAAAAAsecret%3Dtoken/with+signs";
export const scrub = createScrubber([TOKEN]);

/** A clock that moves only when a test moves it; sleepers wake up in passing. */
export class ManualClock implements Clock {
  private sleepers: { readonly wakeMs: number; readonly wake: () => void }[] = [];

  constructor(private nowMs = NOON) {}

  now(): number {
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
    // A woken sleeper has work to do before it sleeps again.
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

export interface Delivery {
  readonly page?: Partial<PostPage>;
  readonly receipt?: Partial<DeliveryReceipt>;
}

/** A page of `posts` posts, the newest made at `newestMs`, delivered in one call. */
export function delivered(
  newestMs: number,
  posts: number,
  { page: more, receipt }: Delivery = {},
): Extract<IngestEvent, { type: "page_delivered" }> {
  const ids = Array.from({ length: posts }, (_, i) => idAt(newestMs - i * 1_000));
  return {
    type: "page_delivered",
    page: page(ids, { receivedAtMs: newestMs, ...more }),
    receipt: { requests: 1, records: 1, bytes: posts * 2_000, resentRecords: 0, deadLetters: 0, ...receipt },
  };
}

/** Shows a watcher a page as it really comes: first read, then delivered. */
export function pass(watch: (event: IngestEvent) => void, event: ReturnType<typeof delivered>): void {
  watch({ type: "page_read", page: event.page });
  watch(event);
}

export function caughtUp(atMs: number): IngestEvent {
  return { type: "caught_up", position: { sinceId: idAt(atMs), caughtUpAtMs: atMs, gaps: [] } };
}

export const RETRYING: Extract<IngestEvent, { type: "delivery_retrying" }> = {
  type: "delivery_retrying",
  records: 4,
  code: "ServiceUnavailableException",
  attempt: 7,
  waitMs: 800,
};

export function waiting(untilMs: number, needsPerson = false): IngestEvent {
  const message = needsPerson
    ? "X says that prepaid credit is used up. Buy credits in the developer console."
    : "X's 15-minute window is used up.";
  const reason = needsPerson ? "credits_depleted" : "window_limit";
  return { type: "source_waiting", reason, message, untilMs, needsPerson };
}

export const MONEY: MeterSnapshot = {
  spent: { posts: 2_468, includedPosts: 0, includedUsers: 0 },
  spentUsd: 12.34,
  leftUsd: 37.66,
  leftPosts: undefined,
  usedPercent: 24.68,
  cycleEndMs: Date.parse("2026-12-01T00:00:00Z"),
};

export interface TrackerParts {
  readonly clock?: Clock;
  readonly money?: MeterSnapshot | undefined;
}

export function tracker({ clock = new ManualClock(), ...parts }: TrackerParts = {}): StatusTracker {
  const money = "money" in parts ? parts.money : MONEY;
  return new StatusTracker({ clock, checkpointKey: "search:cats", meterSnapshot: () => money, scrub });
}
