/** The status in each of its states, as the page has to show it. */
import type { CollectEvent } from "../../../src/loop/events";
import type { WatchedQuery } from "../../../src/status/query-status";
import type { StatusTracker } from "../../../src/status/tracker";
import {
  caughtUp,
  delivered,
  disconnected,
  idAt,
  interval,
  LIMIT_REACHED,
  pass,
  RETRYING,
  read,
  STORE_RETRYING,
  streamed,
  waiting,
} from "../events";
import {
  CATS,
  CONNECTS,
  coverageOf,
  DAY,
  DOGS,
  HOUR,
  LIVE,
  ledgerWith,
  ManualClock,
  MINUTE,
  NOON,
  SECOND,
  type TrackerParts,
  tracker,
  workerWith,
} from "../helpers";

export const LONG: WatchedQuery = {
  name: "brands",
  query: Array.from({ length: 120 }, (_, i) => `"brand number ${i}"`).join(" OR "),
  key: "tweet_stream/brands",
};

/** Owned for three days up to a quarter of an hour ago. */
export const WHOLE = coverageOf(CATS, {
  start: idAt(NOON - 3 * DAY),
  owned: [interval(NOON - 3 * DAY, NOON - 15 * MINUTE)],
});

/** A day that is lost, a hole that a backfill has claimed, one that is being bought, and two minutes not read yet. */
export const TORN = coverageOf(CATS, {
  start: idAt(NOON - 4 * DAY),
  owned: [
    interval(NOON - 3 * DAY, NOON - 30 * HOUR),
    interval(NOON - 20 * HOUR, NOON - 5 * HOUR),
    interval(NOON - 4 * HOUR, NOON - 2 * MINUTE),
  ],
  lost: [
    {
      ...interval(NOON - 4 * DAY, NOON - 3 * DAY),
      ...{ reason: "search_window", recordedAt: "2026-11-22T12:00:00.000Z" },
    },
  ],
  claims: [
    { ...interval(NOON - 5 * HOUR, NOON - 4 * HOUR), fence: 1 },
    { ...interval(NOON - 30 * HOUR, NOON - 20 * HOUR), fence: 2 },
  ],
});

/** $12.34 ours, $0.50 at risk, $0.50 reserved, $26.00 of others. */
export const BUSY = ledgerWith({
  coverage: [WHOLE],
  workers: [workerWith(1, "run"), workerWith(2, "backfill")],
  budget: {
    project: { posts: 7_668, others: 5_200, readAtMs: NOON - 20 * MINUTE },
    risks: [{ key: CATS.key, atMs: NOON, amounts: { posts: 100 } }],
    reservations: [
      {
        ...{ id: "1.1", key: CATS.key, fence: 1, atMs: NOON, amounts: { posts: 100 } },
        interval: interval(NOON - 5 * HOUR, NOON - 4 * HOUR),
      },
    ],
  },
});

export const TORN_LEDGER = { ...BUSY, coverage: [TORN] };

const SEVERAL = { ...BUSY, coverage: [coverageOf(DOGS, { owned: WHOLE.owned }), TORN] };

export interface Scene {
  readonly parts?: TrackerParts;
  /** What happened, and how long ago. */
  readonly events?: readonly (readonly [agoMs: number, event: CollectEvent])[];
  /** Message of the error that has ended the loop. */
  readonly error?: string;
  /** How long the process has run. @default 40 minutes */
  readonly runsMs?: number;
}

const READ_SINCE_11: Scene["events"] = [
  [30 * MINUTE, delivered(NOON, 40)],
  [29 * MINUTE, delivered(NOON, 50)],
];

export const SCENES: Readonly<Record<string, Scene>> = {
  starting: { runsMs: 20 * SECOND },
  reading: { events: [[0, delivered(NOON, 1)]] },
  "caught up": { events: [...READ_SINCE_11, [0, caughtUp(NOON)]] },
  "catching up with holes": { parts: { ledger: () => TORN_LEDGER }, events: READ_SINCE_11 },
  delivering: {
    events: [
      [20 * MINUTE, caughtUp(NOON - 20 * MINUTE)],
      [30 * SECOND, read(NOON, 100)],
    ],
  },
  "paused at a limit": {
    parts: { ledger: () => TORN_LEDGER },
    events: [...READ_SINCE_11, [20 * MINUTE, LIMIT_REACHED]],
  },
  "waiting for X": { events: [...READ_SINCE_11, [MINUTE, waiting(NOON + 9 * MINUTE)]] },
  "waiting for a person": { events: [[MINUTE, waiting(NOON + 9 * MINUTE, "credits_depleted")]] },
  "delivery failing": {
    events: [
      ...READ_SINCE_11,
      [
        10 * MINUTE,
        {
          ...{ ...RETRYING, code: "AccessDeniedException" },
          ...{ action: "Let the task role put records into the stream.", needsPerson: true },
          message: `User: arn:aws:sts::111122223333:assumed-role/tweets-prod-ingester-task/${"0123456789abcdef".repeat(4)} is not authorized`,
        },
      ],
    ],
  },
  "store failing": { events: [...READ_SINCE_11, [2 * MINUTE, STORE_RETRYING]] },
  failed: { events: READ_SINCE_11, error: "X answered 401 on tweets/search/recent: access refused." },
  "several queries": {
    parts: {
      queries: [DOGS, CATS, LONG],
      ledger: () => SEVERAL,
    },
    events: [
      [MINUTE, delivered(NOON, 5, { query: LONG })],
      [0, caughtUp(NOON, DOGS)],
    ],
  },
};

const TOM = { rule: "0123456789ab", value: 'tom OR "top cat"', tag: "tom" };
const SAMPLED = { rule: "ba9876543210", value: "cats sample:10", tag: "sampled cats" };

/** Heard for two days but for five minutes that search has filled, and two holes that are open. */
export const LISTENED = ledgerWith({
  coverage: [
    coverageOf(LIVE, {
      start: idAt(NOON - 2 * DAY),
      owned: [
        interval(NOON - 2 * DAY, NOON - 3 * HOUR),
        interval(NOON - 2 * HOUR, NOON - 5 * MINUTE),
        interval(NOON - 4 * MINUTE, NOON - MINUTE),
      ],
      lost: [
        {
          ...interval(NOON - 60 * HOUR, NOON - 2 * DAY),
          ...{ reason: "search_window", recordedAt: "2026-11-22T12:00:00.000Z" },
        },
      ],
      stream: {
        set: "set",
        sets: [{ id: "set", rules: [TOM.rule, SAMPLED.rule] }],
        texts: [TOM, SAMPLED],
        holes: [
          { ...interval(NOON - 3 * HOUR, NOON - 2 * HOUR), set: "set", searched: 1, skipped: 0 },
          { ...interval(NOON - 5 * MINUTE, NOON - 4 * MINUTE), set: "set", searched: 0, skipped: 0 },
        ],
        bySearch: [
          {
            ...{ ...interval(NOON - 6 * HOUR, NOON - 355 * MINUTE), rules: 2, skipped: 1 },
            skippedRules: [{ rule: SAMPLED.rule, why: "ignored_operators" as const }],
          },
        ],
      },
    }),
  ],
});

export const OF_STREAM: TrackerParts = {
  queries: [LIVE],
  filteredStream: { key: LIVE.key, rules: 2, fill: true, bufferBytes: 64 * 1024 * 1024 },
  ledger: () => LISTENED,
};
const { key } = LIVE;

export const STREAM_SCENES: Readonly<Record<string, Scene>> = {
  listening: {
    parts: OF_STREAM,
    events: [
      [30 * MINUTE, { type: "rules_in_force", key, count: 2, foreign: 1, added: [], removed: [] }],
      [30 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [30 * MINUTE, { type: "stream_connected", key, atMs: NOON - 30 * MINUTE }],
      [5 * MINUTE, disconnected("the connection broke (ECONNRESET)")],
      [4 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [4 * MINUTE, { type: "stream_connected", key, atMs: NOON - 4 * MINUTE }],
      [12 * SECOND, { type: "stream_received", key, posts: 0, heartbeat: true, heldBytes: 0 }],
      [2 * SECOND, streamed(NOON - 2 * SECOND, { posts: 30, tookMs: 1_500 })],
      [SECOND, { type: "stream_received", key, posts: 30, heartbeat: false, heldBytes: 6_000_000 }],
      [0, caughtUp(NOON, LIVE)],
    ],
  },
  "not connected": {
    parts: OF_STREAM,
    events: [
      [30 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [30 * MINUTE, { type: "stream_connected", key, atMs: NOON - 30 * MINUTE }],
      [29 * MINUTE, caughtUp(NOON - 29 * MINUTE, LIVE)],
      [20 * MINUTE, disconnected("X ended the connection")],
      [2 * MINUTE, { type: "stream_connecting", key, limit: CONNECTS }],
      [2 * MINUTE, { type: "stream_reconnecting", key, reason: "X answered 503", waitMs: 320_000 }],
      [2 * MINUTE, waiting(NOON + 200 * SECOND, "stream")],
    ],
  },
};

/** The status at noon of a process that started at 11:20, unless the scene says how long it has run. */
export async function play({
  parts = {},
  events = [],
  error,
  runsMs = 40 * MINUTE,
}: Scene = {}): Promise<StatusTracker> {
  const clock = new ManualClock(NOON - runsMs);
  const status = tracker({ clock, pollMs: MINUTE, ledger: () => BUSY, ...parts });
  for (const [agoMs, event] of events) {
    await clock.advance(NOON - agoMs - clock.now());
    if (event.type === "page_delivered") pass((one) => status.apply(one), event);
    else status.apply(event);
  }
  await clock.advance(NOON - clock.now());
  if (error !== undefined) status.failed(error);
  return status;
}
