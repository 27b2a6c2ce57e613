/** The status: one object, which the log's summaries, the metrics and the status page are made of. */
import type { Ledger } from "../ledger/ledger";
import type { Terms } from "../ledger/limits";
import type { Clock } from "../loop/ports";
import type { Scrubber } from "../runtime/scrub";
import type { BudgetStatus } from "./budget-status";
import type { Counters } from "./counters";
import type { Phase } from "./phase";
import type { Light, PhaseWords } from "./phase-words";
import type { QueryStatus, WatchedQuery } from "./query-status";
import type { FilteredStreamStatus, WatchedStream } from "./stream/filtered-stream";
import type { Action, RunbookSection } from "./trouble";

export interface LastError {
  /** Free of secrets. */
  readonly message: string;
  readonly atMs: number;
  /** The consequence, and what to do about it. */
  readonly meaning: string;
  /** Section of docs/runbook.md; absent where none fits. */
  readonly runbook?: RunbookSection;
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
  /** When the phase began. */
  readonly sinceMs: number;
  readonly light: Light;
  /** What a person should do, the most urgent first; empty: nothing. */
  readonly actions: readonly Action[];
  /** X has nothing newer, for any query, and everything that was read is delivered. */
  readonly caughtUp: boolean;
  /** True once something has been delivered (or nothing was there), and while posts can arrive: see canPostsArrive. */
  readonly ready: boolean;
  /** False once the loop has ended by an error. */
  readonly alive: boolean;
  readonly counts: Counters;
  /** Posts delivered in each of the last 60 minutes, oldest first; the last one is still running. Null: before the start. */
  readonly postsPerMinute: readonly (number | null)[];
  /** The largest lag of any query: how long ago the newest moment is that has been read. */
  readonly lagSeconds?: number;
  /** When X is asked next; only while caught up, because otherwise the next page is read at once or after the wait. */
  readonly nextPollMs?: number;
  readonly queries: readonly QueryStatus[];
  /** In stream mode. */
  readonly filteredStream?: FilteredStreamStatus;
  readonly budget?: BudgetStatus;
  readonly lastError?: LastError;
}

export interface StatusOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly stream: string;
  readonly queries: readonly WatchedQuery[];
  /** The stream that is one of `queries`. @default - searches alone */
  readonly filteredStream?: WatchedStream;
  readonly terms: Terms;
  /** What the smallest page can cost. */
  readonly smallestPage: { readonly posts: number; readonly usd: number };
  /** As this process last saw it; undefined before it has looked. */
  readonly ledger: () => Ledger | undefined;
  readonly scrub: Scrubber;
  /** Pause between polls when caught up. @default - the next poll is not known */
  readonly pollMs?: number;
}
