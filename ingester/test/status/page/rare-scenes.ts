/** States and figures that are rare: what stops the ingester, and names, numbers and lists that are long. */
import {
  caughtUp,
  DEAD_LETTER,
  delivered,
  disconnected,
  idAt,
  interval,
  lostBetween,
  RETRYING,
  read,
  streamed,
  waiting,
} from "../events";
import {
  CATS,
  CONNECTS,
  coverageOf,
  DAY,
  HOUR,
  LIVE,
  ledgerWith,
  MINUTE,
  NOON,
  SECOND,
  TERMS,
  type TrackerParts,
} from "../helpers";
import { BUSY, LISTENED, OF_STREAM, type Scene, TORN_LEDGER } from "./scenes";

const { key } = LIVE;

/** Posts in each of the last minutes, the newest at noon. */
function minutes(counts: readonly number[]): NonNullable<Scene["events"]> {
  return counts.map((posts, i) => [(counts.length - 1 - i) * MINUTE, delivered(NOON, posts)] as const);
}

/** One word of the most characters that X takes. */
const UNBROKEN = `from:${"a".repeat(4_091)}`;

const LONG_NAMES: TrackerParts = {
  stream: "s".repeat(64),
  queries: [{ name: "q".repeat(64), query: UNBROKEN, key: CATS.key }],
  ledger: () => TORN_LEDGER,
};

const SHATTERED = ledgerWith({
  coverage: [
    coverageOf(CATS, {
      start: idAt(NOON - 7 * DAY),
      owned: Array.from({ length: 60 }, (_, i) => {
        const endMs = NOON - (60 - i) * 2.5 * HOUR;
        return interval(endMs - HOUR, endMs);
      }),
    }),
  ],
});

const LARGE = ledgerWith({
  coverage: TORN_LEDGER.coverage,
  budget: {
    spent: [{ key: CATS.key, amounts: { posts: 1_234_567_890 } }],
    risks: [{ key: CATS.key, atMs: NOON, amounts: { posts: 123_456_789 } }],
    project: { posts: 2_234_567_890, others: 987_654_321, readAtMs: NOON - 20 * MINUTE },
  },
});

const SPENT_LEDGER = {
  ...TORN_LEDGER,
  budget: { ...BUSY.budget, spent: [{ key: CATS.key, amounts: { posts: 12_000 } }] },
};

const PERSON = "waits for a person";

export const RARE_SCENES: Readonly<Record<string, Scene>> = {
  "starting for long": {},
  "started two minutes ago": { runsMs: 2 * MINUTE, events: [[MINUTE, delivered(NOON - 3 * DAY, 100)]] },
  "started a second ago, and the ledger is not read": { runsMs: SECOND, parts: { ledger: () => undefined } },
  "catch-up minutes": { events: minutes([0, 50, 9_999, 9_000, 8_500, 50, 50, 48, 51, 0, 49, 50, 3]) },
  [`${PERSON}: usage cap`]: { events: [[MINUTE, waiting(NOON + 9 * MINUTE, "usage_cap")]] },
  [`${PERSON}: spending limit`]: { events: [[MINUTE, waiting(NOON + 9 * MINUTE, "spending_limit")]] },
  "24-hour limit": { events: [[HOUR / 2, waiting(NOON + 9 * HOUR, "day_limit")]] },
  unreachable: { events: [[MINUTE, waiting(NOON + MINUTE, "unreachable")]] },
  "X fails": { events: [[10 * SECOND, waiting(NOON + 5 * SECOND, "transient")]] },
  "access refused": {
    error:
      "X answered 403 on tweets/search/recent: access refused. The token is valid, but its app may not use this endpoint. Check the app's project and access level in X's developer console.",
  },
  "dismissed by another process": {
    events: minutes([50, 60, 70]),
    error:
      "Another process has dismissed this worker from the ledger, because it showed no sign of life for its whole lease. It buys nothing more; start it again.",
  },
  "limit of this run": {
    events: [
      [10 * MINUTE, delivered(NOON, 50)],
      [MINUTE, { type: "limit_reached", limit: "--max-posts", renewsAtMs: undefined }],
    ],
  },
  "limit spent by more than it allows": {
    parts: { ledger: () => SPENT_LEDGER },
    events: [[0, read(NOON, 1)]],
  },
  "delivery throttled": {
    events: [
      [
        2 * MINUTE,
        {
          ...{ ...RETRYING, code: "ServiceUnavailableException", message: "Slow down" },
          action: "The delivery stream takes less than it is sent. Raise its quota.",
        },
      ],
    ],
  },
  "loss and dead letters": {
    parts: { ledger: () => TORN_LEDGER },
    events: [
      [20 * MINUTE, lostBetween(NOON - 4 * DAY, NOON - 3 * DAY)],
      [10 * MINUTE, DEAD_LETTER],
      [MINUTE, delivered(NOON, 100, { receipt: { deadLetters: 1, resentRecords: 3 } })],
    ],
  },
  "no limit": { parts: { terms: { ...TERMS, limits: {} } }, events: [[0, caughtUp(NOON)]] },
  "limits of posts and dollars, own scope": {
    parts: { terms: { ...TERMS, scope: "own", limits: { monthlyUsd: 50, monthlyPosts: 10_000 } } },
    events: [[0, caughtUp(NOON)]],
  },
  "many holes": { parts: { ledger: () => SHATTERED }, events: [[0, read(NOON, 1)]] },
  "long names": {
    parts: LONG_NAMES,
    events: [[0, { ...RETRYING, code: "C".repeat(80), message: UNBROKEN }]],
  },
  "large numbers": {
    parts: {
      terms: { ...TERMS, limits: { monthlyUsd: 123_456_789, monthlyPosts: 9_876_543_210 } },
      ledger: () => LARGE,
    },
    events: [
      [2 * MINUTE, delivered(NOON - 3 * DAY, 1_234, { receipt: { bytes: 9_876_543_210_123 } })],
      [MINUTE, delivered(NOON - 3 * DAY, 98_765, { receipt: { requests: 1_234_567, records: 98_765_432 } })],
    ],
  },
  "stream at a limit": {
    parts: OF_STREAM,
    events: [
      [30 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [30 * MINUTE, { type: "stream_connected", key, atMs: NOON - 30 * MINUTE }],
      [20 * MINUTE, disconnected("the budget leaves too little for a connection")],
      [
        20 * MINUTE,
        { type: "limit_reached", limit: "MONTHLY_USD_LIMIT", renewsAtMs: Date.parse("2026-12-01T00:00:00Z") },
      ],
    ],
  },
  "stream that search does not fill": {
    parts: {
      ...OF_STREAM,
      filteredStream: { key, rules: 1_000, fill: false, bufferBytes: 64 * 1024 * 1024 },
      ledger: () => LISTENED,
    },
    events: [
      [30 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [30 * MINUTE, { type: "stream_connected", key, atMs: NOON - 30 * MINUTE }],
      [30 * MINUTE, { type: "rules_in_force", key, count: 1_000, foreign: 12, added: [], removed: [] }],
      [SECOND, streamed(NOON - SECOND, { posts: 98_765, tookMs: 1_500 })],
      [SECOND, { type: "stream_received", key, posts: 98_765, heartbeat: true, heldBytes: 66_000_000 }],
    ],
  },
};
