import { SourceError } from "../../src/errors";
import type {
  CheckpointStore,
  DeliveryReceipt,
  LimitReached,
  PostPage,
  PostSource,
  ReadLimits,
  Reads,
  RecordSink,
  Reservation,
  SpendingMeter,
} from "../../src/ports";
import { NO_READS } from "../../src/ports";
import type { PostLine } from "../../src/post";
import { type Position, START } from "../../src/window";

export const ONE_POST: Reads = { posts: 1, includedPosts: 0, includedUsers: 0 };

/** A page of posts with the given ids; everything else as an uneventful answer has it. */
export function page(ids: readonly string[], overrides: Partial<PostPage> = {}): PostPage {
  return {
    posts: ids.map((id) => ({ id, text: `post ${id}` })),
    includes: {},
    billed: { ...NO_READS, posts: ids.length },
    receivedAtMs: Date.parse("2026-11-23T12:00:00Z"),
    position: { ...START, sinceId: ids[0] ?? "0" },
    caughtUp: false,
    partialErrors: 0,
    ...overrides,
  };
}

/** Answers from a script: pages are returned, errors thrown, functions called. */
export class ScriptedSource implements PostSource {
  readonly readLimits: ReadLimits = { minPosts: 10, maxPosts: 100, worstCasePerPost: ONE_POST };
  readonly asked: { position: Position; maxPosts: number }[] = [];

  constructor(private readonly script: (PostPage | Error | (() => PostPage))[]) {}

  async read(position: Position, maxPosts: number): Promise<PostPage> {
    this.asked.push({ position, maxPosts });
    const next = this.script.shift();
    if (next === undefined) throw new SourceError("the script is over", { kind: "access" });
    if (next instanceof Error) throw next;
    return typeof next === "function" ? next() : next;
  }
}

/** A meter with a plain number of posts left, which counts what reservations and settlements do to it. */
export class FakeMeter implements SpendingMeter {
  readonly log: string[] = [];

  constructor(
    public left = Number.POSITIVE_INFINITY,
    private readonly renewsAtMs: number | undefined = undefined,
  ) {}

  async reserve(limits: ReadLimits): Promise<Reservation | LimitReached> {
    const maxPosts = Math.min(limits.maxPosts, this.left);
    if (maxPosts < limits.minPosts) return { limit: "MONTHLY_POST_LIMIT", renewsAtMs: this.renewsAtMs };
    this.left -= maxPosts;
    this.log.push(`reserve ${maxPosts}`);
    return { maxPosts, reads: { ...NO_READS, posts: maxPosts } };
  }

  settle(reservation: Reservation, billed: Reads | "unknown"): void {
    this.log.push(`settle ${billed === "unknown" ? billed : billed.posts}`);
    if (billed !== "unknown") this.left += reservation.maxPosts - billed.posts;
  }

  async flush(): Promise<void> {}
}

export class FakeSink implements RecordSink {
  readonly delivered: PostLine[] = [];

  async check(): Promise<void> {}
  close(): void {}

  async deliver(lines: readonly PostLine[]): Promise<DeliveryReceipt> {
    this.delivered.push(...lines);
    return { requests: 1, records: 1, bytes: 100 * lines.length, resentRecords: 0, deadLetters: 0 };
  }
}

export class FakeCheckpoints implements CheckpointStore {
  readonly saved: Position[] = [];

  async acquire(): Promise<Position | undefined> {
    return this.saved.at(-1);
  }
  async confirm(): Promise<void> {}
  async save(position: Position): Promise<void> {
    this.saved.push(position);
  }
  async release(): Promise<void> {}
}
