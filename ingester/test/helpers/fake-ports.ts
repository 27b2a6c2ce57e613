import type { Interval } from "../../src/ledger/intervals";
import type { ReadLimits, Terms } from "../../src/ledger/limits";
import { DEFAULT_PRICES } from "../../src/ledger/prices";
import { SourceError } from "../../src/loop/errors";
import type {
  DeliveryReceipt,
  LedgerStore,
  Page,
  PostSource,
  ReadRequest,
  RecordSink,
  StoredLedger,
} from "../../src/loop/ports";
import { previousId } from "../../src/posts/ids";
import type { PostLine } from "../../src/posts/post";
import { PROVENANCE } from "./posts";

/** A ledger in memory, as text, so that nothing is shared that a real store would not share. */
export class MemoryStore implements LedgerStore {
  swaps = 0;
  private text: string | undefined;

  async read(): Promise<StoredLedger | undefined> {
    return this.text === undefined ? undefined : (JSON.parse(this.text) as StoredLedger);
  }

  async swap(next: StoredLedger, expected: number | undefined): Promise<boolean> {
    if ((await this.read())?.version !== expected) return false;
    this.text = JSON.stringify(next);
    this.swaps += 1;
    return true;
  }

  close(): void {}
}

/** The answer to the next write gets lost, and another process writes before this one learns that. */
export function losingOnce(store: LedgerStore, meanwhile: () => Promise<unknown>): LedgerStore {
  let isLost = false;
  return {
    read: (signal) => store.read(signal),
    swap: async (next, expected, signal) => {
      const swapped = await store.swap(next, expected, signal);
      if (isLost || !swapped) return swapped;
      isLost = true;
      await meanwhile();
      return false;
    },
    close: () => store.close(),
  };
}

/** A page of posts with the given ids, newest first; everything else as an uneventful answer to the last request has it. */
export function page(ids: readonly string[], overrides: Partial<Page> = {}): Page {
  const posts = ids.map((id) => ({ id, text: `post ${id}` }));
  return {
    posts,
    fresh: overrides.posts ?? posts,
    includes: {},
    provenance: PROVENANCE,
    billed: { posts: ids.length },
    receivedAtMs: Date.parse("2026-11-23T12:00:00Z"),
    covers: undefined,
    lost: undefined,
    filled: false,
    partialErrors: 0,
    ...overrides,
  };
}

/** The page that covers the top of the hole that is asked for, down to its oldest post, or all of it when `filled`. */
export function topOf(hole: Interval, ids: readonly string[], filled = false): Page {
  const oldest = ids.at(-1);
  const after = filled || oldest === undefined ? hole.after : previousId(oldest);
  return page(ids, { covers: { after, through: hole.through }, filled });
}

export type Script = (Page | Error | ((request: ReadRequest) => Page))[];

/** Answers from a script: pages are returned, errors thrown, functions called. */
export class ScriptedSource implements PostSource {
  readonly readLimits: ReadLimits = { minPosts: 10, maxPosts: 100, perPost: { posts: 1 } };
  readonly asked: { readonly hole: Interval; readonly maxPosts: number }[] = [];

  constructor(private readonly script: Script) {}

  async read(request: ReadRequest): Promise<Page> {
    this.asked.push({ hole: request.hole, maxPosts: request.maxPosts });
    const next = this.script.shift();
    if (next === undefined) throw new SourceError("the script is over", { kind: "access" });
    if (next instanceof Error) throw next;
    return typeof next === "function" ? next(request) : next;
  }
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

export function termsOf(limits: Terms["limits"] = {}, overrides: Partial<Terms> = {}): Terms {
  return { limits, prices: DEFAULT_PRICES, scope: "project", deduplicates: true, ...overrides };
}
