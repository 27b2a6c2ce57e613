/** Days and queries as four sides have them: the budget, the coverage, the bucket. Pure. */
import { type Contents, UNKNOWN_NAME } from "../../bucket/contents";
import { union } from "../../bucket/readings";
import type { Coverage } from "../../ledger/coverage";
import { type DayRecord, dateOf, dayRecords, isRecorded } from "../../ledger/days";
import { type Interval, type Intervals, intersect, unite } from "../../ledger/intervals";
import type { Ledger } from "../../ledger/ledger";
import { lastIdBefore, MAX_ID, timeOfId } from "../../posts/ids";
import { Names } from "./names";

/** One query on one UTC day. */
export interface AuditRow {
  /** Of X's answers. */
  readonly date: string;
  /** The query; STREAM_NAME for the filtered stream. */
  readonly name: string;
  /** Of the coverages with this query that are delivered here. */
  readonly keys: readonly string[];
  readonly ledger: {
    /** Posts of X's answers. */
    readonly billed: number;
    /** Lines that Firehose has acknowledged. */
    readonly lines: number;
    /** Epoch milliseconds of X's latest answer; 0 without one. */
    readonly lastAtMs: number;
    /** The whole day is recorded. Of another day there may have been more. */
    readonly isWhole: boolean;
    /** Workers that may have ended in the middle of a page on this day. */
    readonly starts: number;
  };
  /** Of posts made on this day, in milliseconds of the day. */
  readonly coverage: { readonly ownedMs: number; readonly lostMs: number; readonly holeMs: number };
  /** Undefined: no bucket is read. */
  readonly bucket: RowBucket | undefined;
}

export interface RowBucket {
  readonly lines: number;
  /** Without records that were sent again. */
  readonly readings: number;
  /** Different posts, those that are dead letters included. */
  readonly posts: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Lines that lie under the error prefix. */
  readonly underErrors: number;
  readonly isArchive: boolean;
}

/** What all days of one query have, for posts that were bought on several. */
export interface QuerySum {
  readonly name: string;
  /** Different posts of all days, ascending. */
  readonly ids: BigUint64Array;
  /** Posts of each day beyond the first on which they were bought. */
  readonly boughtAgain: number;
  readonly isArchive: boolean;
}

export interface Joined {
  /** Oldest first. */
  readonly rows: readonly AuditRow[];
  readonly queries: readonly QuerySum[];
  /** Lines that the transform could not read, by day: they stand for lines of any query. */
  readonly unknownByDate: ReadonlyMap<string, number>;
  /** Different posts of each day, over all queries: X bills each once. */
  readonly postsByDate: ReadonlyMap<string, number>;
  /** Keys of another delivery stream: not in this bucket. */
  readonly elsewhere: readonly string[];
}

export interface JoinOptions {
  readonly ledger: Ledger;
  readonly contents: Contents | undefined;
  /** UTC days, oldest first. */
  readonly dates: readonly string[];
  readonly nowMs: number;
  /** FIREHOSE_STREAM_NAME. @default - coverages of every stream are compared */
  readonly streamName?: string | undefined;
}

export const DAY_MS = 86_400_000;

export function joined({ ledger, contents, dates, nowMs, streamName }: JoinOptions): Joined {
  const records = dayRecords(ledger.days);
  const names = new Names(ledger, contents, streamName);
  const sums = new Map<string, Map<string, RowBucket & { readonly ids: BigUint64Array }>>();
  for (const [date, groups] of contents?.days ?? []) {
    const ofDate = new Map();
    sums.set(date, ofDate);
    for (const [name, { readings, deadLetters, underErrors, isArchive }] of groups) {
      const { lines, readings: read, ids } = readings.sum();
      const letters = Object.fromEntries(deadLetters);
      const sum = { lines, readings: read, posts: ids.length, deadLetters: letters, underErrors, isArchive };
      ofDate.set(name, { ...sum, ids });
    }
  }
  const rows = dates.flatMap((date) =>
    names.all.flatMap((name): readonly AuditRow[] => {
      const keys = names.keysOf(name);
      const { ids: _, ...bucket } = sums.get(date)?.get(name) ?? { ...NOTHING, ids: NO_IDS };
      const coverage = coverageOn(ledger.coverage, { keys, date, nowMs });
      const ofDay = records.filter((one) => one.date === date && keys.includes(one.key));
      const isEmpty =
        ofDay.length === 0 && bucket.lines === 0 && Object.values(coverage).every((ms) => ms === 0);
      if (isEmpty) return [];
      const own = ledgerSide(ofDay, { ledger, date, records });
      return [
        { date, name, keys, ledger: own, coverage, bucket: contents === undefined ? undefined : bucket },
      ];
    }),
  );
  const queries = names.all.map((name): QuerySum => {
    const days = dates.flatMap((date) => sums.get(date)?.get(name) ?? []);
    const ids = union(days.map((day) => day.ids));
    const bought = days.reduce((sum, { posts }) => sum + posts, 0);
    const isArchive = days.some((day) => day.isArchive);
    return { name, ids, boughtAgain: bought - ids.length, isArchive };
  });
  const ofAll = (date: string) => [...(sums.get(date) ?? [])];
  return {
    ...{ rows, queries, elsewhere: names.elsewhere },
    unknownByDate: new Map(dates.map((date) => [date, sums.get(date)?.get(UNKNOWN_NAME)?.posts ?? 0])),
    postsByDate: new Map(
      dates.map((date) => [date, union(ofAll(date).map(([, { ids }]) => ids)).length] as const),
    ),
  };
}

const NO_IDS = new BigUint64Array(0);
const NOTHING: RowBucket = {
  ...{ lines: 0, readings: 0, posts: 0, deadLetters: {}, underErrors: 0, isArchive: false },
};

function ledgerSide(
  ofDay: readonly DayRecord[],
  {
    ledger,
    date,
    records,
  }: { readonly ledger: Ledger; readonly date: string; readonly records: readonly DayRecord[] },
): AuditRow["ledger"] {
  const sum = (of: (one: DayRecord) => number) => ofDay.reduce((total, one) => total + of(one), 0);
  const last = Math.max(-1, ...ofDay.map(({ lastSecond }) => lastSecond));
  return {
    billed: sum(({ billed }) => billed),
    lines: sum(({ lines }) => lines),
    lastAtMs: last < 0 ? 0 : Date.parse(date) + last * 1_000,
    isWhole: isRecorded(ledger.days, date),
    starts: startsOn(date, records),
  };
}

/** Fences only grow: their difference is how many workers have joined since the last day with deliveries, at most. */
function startsOn(date: string, records: readonly DayRecord[]): number {
  const fenceOf = (isWanted: (one: DayRecord) => boolean) =>
    Math.max(0, ...records.filter(isWanted).map(({ fence }) => fence));
  const own = fenceOf((one) => one.date === date);
  const before = fenceOf((one) => one.date < date);
  // One that has delivered on the day before may go on.
  return Math.max(0, own - before) + 1;
}

function coverageOn(
  all: readonly Coverage[],
  { keys, date, nowMs }: { readonly keys: readonly string[]; readonly date: string; readonly nowMs: number },
): AuditRow["coverage"] {
  const startMs = Date.parse(date);
  const endMs = Math.min(startMs + DAY_MS, nowMs);
  if (endMs <= startMs) return { ownedMs: 0, lostMs: 0, holeMs: 0 };
  const day = { after: lastIdBefore(startMs), through: lastIdBefore(endMs) };
  const ofKeys = all.filter(({ key }) => keys.includes(key));
  const asked = ofKeys.flatMap(({ start, owned }): readonly Interval[] => {
    const after = start ?? owned[0]?.after;
    return after === undefined ? [] : [{ after, through: MAX_ID }];
  });
  const owned = unite(...ofKeys.flatMap((one) => one.owned));
  const lost = unite(...ofKeys.flatMap((one) => one.lost));
  const ownedMs = spanOf(intersect([day], owned));
  const lostMs = spanOf(intersect([day], lost));
  const askedMs = spanOf(intersect([day], unite(...asked, ...owned, ...lost)));
  return { ownedMs, lostMs, holeMs: Math.max(0, askedMs - ownedMs - lostMs) };
}

function spanOf(intervals: Intervals): number {
  return intervals.reduce((sum, { after, through }) => sum + timeOfId(through) - timeOfId(after), 0);
}

/** The UTC days that hold a range of times. */
export function datesOf(fromMs: number, toMs: number): readonly string[] {
  const dates: string[] = [];
  for (let ms = Math.floor(fromMs / DAY_MS) * DAY_MS; ms < toMs; ms += DAY_MS) dates.push(dateOf(ms));
  return dates;
}
