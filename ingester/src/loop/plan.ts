/** What is to be read next, and what is written down once it has been: by query (schedule.ts), or of a stream's holes. */
import type { Interval } from "../ledger/intervals";
import type { Ledger } from "../ledger/ledger";
import type { PostLine } from "../posts/post";
import type { Page, PostSource } from "./ports";

/** Whose posts are read. */
export interface Subject {
  /** Key of the coverage. */
  readonly key: string;
  /** Which posts of the coverage's range, such as those of one rule. @default - all */
  readonly part?: string;
  /** As X is asked, for people. */
  readonly query: string;
  readonly source: PostSource;
}

/** One page to read. */
export interface Turn {
  readonly task: Subject;
  readonly hole: Interval;
}

/** A page that has been read. */
export interface ReadPage extends Turn {
  /** The part of the hole that X was asked for. */
  readonly asked: Interval;
  readonly page: Page;
}

export interface Plan {
  /** The next turn; undefined while nothing is due. */
  choose(ledger: Ledger, nowMs: number): Turn | undefined;
  /** What is to be delivered of a page. */
  linesOf(read: ReadPage, ledger: Ledger): readonly PostLine[];
  /** The ledger once the page has been delivered, with what this worker claims next. Pure. */
  advanced(ledger: Ledger, read: ReadPage, nowMs: number): Ledger;
  /** To be called when a page has been delivered. */
  done(read: ReadPage, nowMs: number): void;
  /** Everything that the turn's subject has at present has been read. */
  isCaughtUp(turn: Turn, ledger: Ledger): boolean;
  /** When the subject is asked again although its last page brought nothing new; undefined: its pages bring something. */
  postponedUntilMs(turn: Turn): number | undefined;
  /** A subject that is read no more, because its pages bring nothing new. */
  readonly givenUp: Subject | undefined;
  /** Milliseconds until the next turn; undefined when there will be none. */
  waitMs(nowMs: number): number | undefined;
}
