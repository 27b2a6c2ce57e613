/** The status in each of its states, as the page has to show it. */
import type { CollectEvent } from "../../../src/loop/ports";
import type { WatchedQuery } from "../../../src/status/query-status";
import type { StatusTracker } from "../../../src/status/tracker";
import {
  CATS,
  caughtUp,
  coverageOf,
  DAY,
  DOGS,
  delivered,
  HOUR,
  idAt,
  interval,
  LIMIT_REACHED,
  ledgerWith,
  ManualClock,
  MINUTE,
  NOON,
  pass,
  RETRYING,
  read,
  SECOND,
  STORE_RETRYING,
  type TrackerParts,
  tracker,
  waiting,
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
}

const READ_SINCE_11: Scene["events"] = [
  [30 * MINUTE, delivered(NOON, 40)],
  [29 * MINUTE, delivered(NOON, 50)],
];

export const SCENES: Readonly<Record<string, Scene>> = {
  starting: {},
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

/** The status of a process that started at 11:20, as it is at noon. */
export async function play({ parts = {}, events = [], error }: Scene = {}): Promise<StatusTracker> {
  const clock = new ManualClock(NOON - 40 * MINUTE);
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
