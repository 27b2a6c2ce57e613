/** Events of the loop, for tests of what is made of them. */
import type { LimitUse } from "../../src/ledger/limits";
import type { CollectEvent } from "../../src/loop/events";
import type { DeliveryReceipt, Page } from "../../src/loop/ports";
import { firstIdAt } from "../../src/posts/ids";
import type { WatchedQuery } from "../../src/status/query-status";
import { CATS, CYCLE_END, LIVE, SECOND } from "./helpers";

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
