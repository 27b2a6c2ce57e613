/** What has arrived on a connection and was not given out yet: it becomes a batch by its count, size or age. */
import { type Amounts, plus } from "../../ledger/prices";
import type { Post, PostLine } from "../../posts/post";
import type { StreamMessage } from "./messages";

type Arrived = Exclude<StreamMessage, { readonly type: "error" }>;

export interface Taken {
  readonly posts: readonly Post[];
  readonly lines: readonly PostLine[];
  readonly billed: Amounts;
  readonly partialErrors: number;
  /** Messages of types that are not known; each is a line. */
  readonly unknown: number;
}

/** Bounds of a batch. Firehose takes 500 records a request; posts are packed, so this is a few of them. */
const BATCH = { posts: 1_000, bytes: 4 * 1024 * 1024, ageMs: 1_000 } as const;
/** How often the heard time is written to the ledger while no post arrives. */
const IDLE_MS = 10_000;

/** Times are elapsed milliseconds. */
export class Arrivals {
  private messages: Arrived[] = [];
  private size = 0;
  private oldestAt: number | undefined;

  constructor(private takenAt: number) {}

  /** As X sent them. */
  get bytes(): number {
    return this.size;
  }

  /** When the next batch is due; a time that is over: now. */
  get dueAt(): number {
    if (this.isFull) return Number.NEGATIVE_INFINITY;
    const idleAt = this.takenAt + IDLE_MS;
    return this.oldestAt === undefined ? idleAt : Math.min(idleAt, this.oldestAt + BATCH.ageMs);
  }

  /** @returns whether the next batch is due earlier than before */
  add(message: Arrived, bytes: number, elapsed: number): boolean {
    this.messages.push(message);
    this.size += bytes;
    const isFirst = this.oldestAt === undefined;
    this.oldestAt ??= elapsed;
    return isFirst || this.isFull;
  }

  take(elapsed: number): Taken {
    const { messages } = this;
    const bought = messages.flatMap((message) => (message.type === "post" ? [message] : []));
    this.messages = [];
    this.size = 0;
    this.oldestAt = undefined;
    this.takenAt = elapsed;
    return {
      posts: bought.map(({ post }) => post),
      lines: messages.flatMap((message): readonly PostLine[] => message.lines),
      billed: plus(...bought.map(({ billed }) => billed)),
      partialErrors: bought.reduce((sum, { partialErrors }) => sum + partialErrors, 0),
      unknown: messages.length - bought.length,
    };
  }

  private get isFull(): boolean {
    return this.messages.length >= BATCH.posts || this.size >= BATCH.bytes;
  }
}
