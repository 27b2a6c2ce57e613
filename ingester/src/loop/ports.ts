/**
 * The ports of the loop: what it needs from the outside, in its own words. The loop owns them, adapters (x/, firehose/,
 * store/, status/) implement them, tests fake them by hand.
 */
import type { Interval } from "../ledger/intervals";
import type { Ledger } from "../ledger/ledger";
import type { ReadLimits } from "../ledger/limits";
import type { Amounts } from "../ledger/prices";
import type { RuleSet } from "../ledger/stream-state";
import type { Includes, Post, PostLine, Provenance } from "../posts/post";
import type { TextForm } from "../posts/text-form";

/** One answer of a source: posts that have been paid for, and what is covered once they are delivered. */
export interface Page {
  /** As X returned and billed them; may be empty although more pages follow. */
  readonly posts: readonly Post[];
  /**
   * What is to be delivered: posts that this source has not returned before, in this process, and what came without an
   * id of X's, under an id made of its content.
   */
  readonly fresh: readonly Post[];
  /** Objects the posts refer to; empty unless expansions are on. */
  readonly includes: Includes;
  /** How posts and includes hold text. @default characters */
  readonly form?: TextForm | undefined;
  readonly provenance: Provenance;
  readonly billed: Amounts;
  /** Epoch milliseconds at which the answer was complete. */
  readonly receivedAtMs: number;
  /** The part of the hole that is owned as soon as every post of this page has been delivered, never before. */
  readonly covers: Interval | undefined;
  /** The part of the hole that X can no longer return. */
  readonly lost: Interval | undefined;
  /** X has nothing more in the hole. */
  readonly filled: boolean;
  /** Why asking again at once would bring the same; absent while pages bring something new. */
  readonly stalled?: string;
  /** Problems that X reported beside the data (deleted or protected referenced posts, ...). */
  readonly partialErrors: number;
}

export interface ReadRequest {
  /** To be read from its top. */
  readonly hole: Interval;
  /** Buys at most so many posts. */
  readonly maxPosts: number;
  /** Ends pauses, not a request that is under way: X may be billing it. */
  readonly signal: AbortSignal;
}

/** Where the posts of one query come from. */
export interface PostSource {
  /** Of the next read. */
  readonly readLimits: ReadLimits;
  /**
   * Reads the newest posts of a hole. What can be changed at no cost (an expired token, a refused field, a bound that has
   * grown too old) is changed inside.
   * @throws SourceError classified by its `kind`; `mayBeBilled` says whether X can have charged for it
   */
  read(request: ReadRequest): Promise<Page>;
}

/** Where posts come from that are sent without being asked for one by one. */
export interface PostStream {
  /** The most that one post can cost. */
  readonly perPost: Amounts;
  /** Made X's before a connection: posts of theirs may come as soon as it is made. */
  readonly rules: readonly NamedRule[];
  readonly ruleSet: RuleSet;
  /** Waits until another connection may be tried; returns early when `signal` aborts. */
  untilDue(signal: AbortSignal): Promise<void>;
  /**
   * @param allowed as `allow` of the connection
   * @returns undefined when it failed in a way that may pass: it is due again later
   * @throws SourceError when waiting does not help
   */
  connect(allowed: number, signal: AbortSignal): Promise<PostConnection | undefined>;
}

/** A connection on which posts come. It reads on while batches are delivered, up to a bound on what it holds. */
export interface PostConnection {
  /** Epoch milliseconds by X's clock. */
  readonly connectedAtMs: number;
  /** In force from now on. */
  readonly rules: readonly NamedRule[];
  readonly ruleSet: RuleSet;
  /** Closes by itself in time, so that X sends no more posts than so many beyond the batches that were taken. */
  allow(posts: number): void;
  /** Resolves about once a second while posts come, every ten seconds while none do, and at the end. */
  next(): Promise<Batch>;
  /** What has come is still given out. */
  close(reason: string): void;
}

export interface NamedRule {
  /** Reference of its value. */
  readonly rule: string;
  readonly value: string;
  readonly tag: string;
}

/** What came on a connection since the last batch. */
export interface Batch {
  readonly page: Page;
  readonly lines: readonly PostLine[];
  /** Messages of types that are not known; each is a line. */
  readonly unknown: number;
  /** When the last byte came: epoch milliseconds by X's clock. */
  readonly heardMs: number;
  /** The connection has ended, and nothing more will come. */
  readonly end?: ConnectionEnd;
}

export interface ConnectionEnd {
  readonly reason: string;
  /** Posts that X may have sent and that have not arrived. */
  readonly onTheWay: number;
}

/** What became of delivered lines. */
export interface DeliveryReceipt {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  /** Records that were sent again after a failure of their own. */
  readonly resentRecords: number;
  readonly deadLetters: number;
  /** Lone surrogates, which no reader takes, that became U+FFFD. @default 0 */
  readonly replacedCharacters?: number;
}

/** Where lines go. */
export interface RecordSink {
  /**
   * Proves, before anything is bought, that lines could be delivered.
   * @throws ConfigError (unknown stream, an endpoint that is not the destination), AccessError (refused credentials),
   * DeliveryError (the destination is too busy or too broken to prove anything)
   */
  check(signal: AbortSignal): Promise<void>;
  /**
   * Returns when every line has been acknowledged. Retries for as long as `signal` lets it.
   * @throws DeliveryError when the destination refuses for good, or `signal` ends the retries
   */
  deliver(lines: readonly PostLine[], signal: AbortSignal): Promise<DeliveryReceipt>;
  close(): void;
}

/** A ledger as it is stored. */
export interface StoredLedger {
  readonly ledger: Ledger;
  /** Grows with every swap. */
  readonly version: number;
}

/** Where the ledger lives: compare-and-swap, nothing else. */
export interface LedgerStore {
  /**
   * What was last written; undefined when there is none yet.
   * @throws ConfigError when what is there is no ledger, or the store cannot be used; AccessError
   */
  read(signal: AbortSignal): Promise<StoredLedger | undefined>;
  /**
   * Writes durably if the stored version is still `expected` (undefined: nothing is stored), and repeats that for as
   * long as the store's failures may pass and `signal` allows.
   * @returns false, with nothing written, when another process was faster
   */
  swap(next: StoredLedger, expected: number | undefined, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface Clock {
  /** Epoch milliseconds; can be set back and forth. */
  now(): number;
  /** Milliseconds of a clock that only goes forward, from any start. */
  elapsed(): number;
  /** Milliseconds since the machine has started, its sleep included: goes on when its time of day is set. */
  uptime(): number;
  /** Resolves after `ms` milliseconds, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
