/**
 * The ports of the ingest loop: what it needs from the outside, in its own words. The loop owns them, adapters
 * (x/, firehose/, checkpoint/, status/) implement them, tests fake them by hand.
 */
import type { Includes, Post, PostLine } from "./post";
import type { Gap, Position } from "./window";

/** Resources that X may bill, metered apart because their prices differ and their billing is not settled. */
export interface Reads {
  /** Posts in `data`. */
  readonly posts: number;
  /** Posts in `includes`. */
  readonly includedPosts: number;
  /** Users in `includes`. */
  readonly includedUsers: number;
}

export const NO_READS: Reads = { posts: 0, includedPosts: 0, includedUsers: 0 };

/** One answer of the source: posts that have been paid for, and where reading goes on once they are delivered. */
export interface PostPage {
  /** Newest first. May be empty although more pages follow. */
  readonly posts: readonly Post[];
  /** Objects the posts refer to; empty unless expansions are on. */
  readonly includes: Includes;
  readonly billed: Reads;
  /** Epoch milliseconds at which the answer was complete. */
  readonly receivedAtMs: number;
  /** To be persisted as soon as every post of this page has been delivered, never before. */
  readonly position: Position;
  /** The source has nothing newer at the moment. */
  readonly caughtUp: boolean;
  /** Problems that X reported beside the data (deleted or protected referenced posts, ...). */
  readonly partialErrors: number;
}

/** Where posts come from. One read buys at most `maxPosts` posts. */
export interface PostSource {
  /** What one read can be limited to, and the most that one post of it can cost. */
  readonly readLimits: ReadLimits;
  /**
   * Reads the posts that follow `position`.
   * @throws SourceError classified by its `kind`; `mayBeBilled` tells whether X can have charged for it.
   */
  read(position: Position, maxPosts: number): Promise<PostPage>;
}

export interface ReadLimits {
  readonly minPosts: number;
  readonly maxPosts: number;
  /** The most that one post can bring with it: `posts` is 1, the others depend on the expansions. */
  readonly worstCasePerPost: Reads;
}

/** What became of delivered lines. */
export interface DeliveryReceipt {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  /** Entries that were sent again after a failure of their own. */
  readonly resentRecords: number;
  readonly deadLetters: number;
}

/** Where lines go. */
export interface RecordSink {
  /**
   * Proves, before anything is bought, that lines could be delivered.
   * @throws ConfigError (unknown stream, unreachable endpoint), AccessError (refused credentials)
   */
  check(signal: AbortSignal): Promise<void>;
  /**
   * Returns when every line has been acknowledged. Retries for as long as `signal` lets it.
   * @throws DeliveryError when the destination refuses for good, or `signal` ends the retries
   */
  deliver(lines: readonly PostLine[], signal: AbortSignal): Promise<DeliveryReceipt>;
  close(): void;
}

/** Where progress lives. At most one ingester holds a checkpoint. */
export interface CheckpointStore {
  /**
   * Takes the checkpoint and returns the stored position, or undefined when there is none yet.
   * @throws CheckpointHeldError when another living ingester holds it
   */
  acquire(signal: AbortSignal): Promise<Position | undefined>;
  /** Renews what is about to lapse, so that nothing is bought without holding the checkpoint. @throws CheckpointLostError */
  confirm(): Promise<void>;
  /** Persists durably. @throws CheckpointLostError when another ingester has taken over */
  save(position: Position): Promise<void>;
  /** Lets the next ingester start at once. Does nothing when not held. */
  release(): Promise<void>;
}

/** Permission to buy up to `maxPosts` posts, already persisted as if spent. */
export interface Reservation {
  readonly maxPosts: number;
  readonly reads: Reads;
}

/** Why nothing may be bought now. */
export interface LimitReached {
  /** The name of the limit as its user wrote it, such as `MONTHLY_POST_LIMIT` or `--max-posts`. */
  readonly limit: string;
  /** Epoch milliseconds at which the limit renews; undefined for a limit of this run alone. */
  readonly renewsAtMs: number | undefined;
}

/** The money meter: reserve, persist, buy, settle. */
export interface SpendingMeter {
  /** Persists a reservation for as many posts as the limits leave, at most `limits.maxPosts`. */
  reserve(limits: ReadLimits): Promise<Reservation | LimitReached>;
  /** Replaces the reservation by what was billed; `unknown` keeps all of it as spent. Persisted with the next write. */
  settle(reservation: Reservation, billed: Reads | "unknown"): void;
  /** Persists what settle() changed. */
  flush(): Promise<void>;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What happens, for logs, metrics and the status page. Values only: no event decides anything. */
export type IngestEvent =
  /** Bought, and not yet delivered. */
  | { readonly type: "page_read"; readonly page: PostPage }
  | { readonly type: "page_delivered"; readonly page: PostPage; readonly receipt: DeliveryReceipt }
  | { readonly type: "caught_up"; readonly position: Position }
  | { readonly type: "gap_recorded"; readonly gap: Gap }
  | { readonly type: "limit_reached"; readonly limit: string; readonly renewsAtMs: number | undefined }
  | { readonly type: "limit_renewed"; readonly limit: string }
  /** `needsPerson`: nothing will move until somebody acts (credits, console limit). */
  | {
      readonly type: "source_waiting";
      readonly reason: string;
      readonly message: string;
      readonly untilMs: number;
      readonly needsPerson: boolean;
    }
  | {
      readonly type: "delivery_retrying";
      readonly records: number;
      readonly code: string;
      readonly attempt: number;
      readonly waitMs: number;
    }
  | { readonly type: "dead_letter"; readonly id: string; readonly reason: string; readonly bytes: number };

export type Observer = (event: IngestEvent) => void;
