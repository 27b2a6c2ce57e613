import { NEW_ACCOUNT } from "../../src/ledger/account";
import type { Budget } from "../../src/ledger/budget";
import type { Coverage } from "../../src/ledger/coverage";
import { type Ledger, newLedger, type Worker } from "../../src/ledger/ledger";
import type { Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import type { Clock } from "../../src/loop/ports";
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
