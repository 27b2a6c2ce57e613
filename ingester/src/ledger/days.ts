/**
 * What was billed and delivered on each UTC day, by query. The budget starts anew with each billing cycle; this outlasts
 * it, so that `audit` can compare a day with what lies in the bucket. Pure; a day is that of X's answer.
 */

/** Absent in a ledger that an older ingester has written. */
export interface Days {
  /** Epoch milliseconds. Of what was bought before, nothing is recorded, or not any more. */
  readonly sinceMs: number;
  readonly queries: readonly QueryDays[];
}

export interface QueryDays {
  /** Key of the coverage. */
  readonly key: string;
  /** Ascending. */
  readonly days: readonly PackedDay[];
}

/** As stored, to keep the ledger small: the members of DayRecord in its order, `date` as days since 1970. */
export type PackedDay = readonly [number, number, number, number, number];

export interface DayRecord {
  readonly key: string;
  /** UTC, such as 2026-11-20. */
  readonly date: string;
  /** Posts of X's answers. */
  readonly billed: number;
  /** Lines that were acknowledged by Firehose, each once, before their page was written into the ledger. */
  readonly lines: number;
  /** When X's latest answer came: second of the day. */
  readonly lastSecond: number;
  /** The highest fence of a worker that delivered. */
  readonly fence: number;
}

/** What one page or batch adds to one day. */
export interface Delivered {
  /** When X's answer came. */
  readonly atMs: number;
  readonly billed: number;
  readonly lines: number;
}

/** Own bounds: a billing cycle with some days on top; 1,000 entries take at most 40 KB of the ledger. */
export const MAX_DAYS = 40;
export const MAX_DAY_ENTRIES = 1_000;

const DAY_MS = 86_400_000;

/** The record with a delivery that is acknowledged. The same object when nothing was billed or delivered. */
export function withDelivered(
  days: Days | undefined,
  { key, fence, nowMs }: { readonly key: string; readonly fence: number; readonly nowMs: number },
  delivered: readonly Delivered[],
): Days | undefined {
  const news = delivered.filter(({ billed, lines }) => billed > 0 || lines > 0);
  if (news.length === 0) return days;
  const before = days ?? { sinceMs: Math.min(nowMs, ...news.map(({ atMs }) => atMs)), queries: [] };
  const own = before.queries.find((one) => one.key === key)?.days ?? [];
  const after = { key, days: news.reduce((sum, one) => added(sum, one, fence), own) };
  const queries = [...before.queries.filter((one) => one.key !== key), after];
  return bounded({ ...before, queries });
}

function added(
  days: readonly PackedDay[],
  { atMs, billed, lines }: Delivered,
  fence: number,
): readonly PackedDay[] {
  const day = Math.floor(atMs / DAY_MS);
  const second = Math.floor((atMs % DAY_MS) / 1_000);
  const [, oldBilled = 0, oldLines = 0, oldSecond = 0, oldFence = 0] =
    days.find(([known]) => known === day) ?? [];
  const entry: PackedDay = [
    day,
    oldBilled + billed,
    oldLines + lines,
    Math.max(oldSecond, second),
    Math.max(oldFence, fence),
  ];
  return [...days.filter(([known]) => known !== day), entry].sort(([a], [b]) => a - b);
}

/** Drops whole days, the oldest first, of all queries. */
function bounded({ sinceMs, queries }: Days): Days {
  const all = queries.flatMap(({ days }) => days.map(([day]) => day)).sort((a, b) => b - a);
  const firstTooMany = all[MAX_DAY_ENTRIES] ?? Number.NEGATIVE_INFINITY;
  const oldest = Math.max((all[0] ?? 0) - MAX_DAYS + 1, firstTooMany + 1);
  if (all.every((day) => day >= oldest)) return { sinceMs, queries };
  const kept = queries
    .map(({ key, days }) => ({ key, days: days.filter(([day]) => day >= oldest) }))
    .filter(({ days }) => days.length > 0);
  return { sinceMs: Math.max(sinceMs, oldest * DAY_MS), queries: kept };
}

/** Every day of every query. */
export function dayRecords(days: Days | undefined): readonly DayRecord[] {
  return (days?.queries ?? []).flatMap((query) =>
    query.days.map(([day, billed, lines, lastSecond, fence]) => ({
      ...{ key: query.key, date: dateOf(day * DAY_MS), billed, lines, lastSecond, fence },
    })),
  );
}

/** The UTC day of a time, such as 2026-11-20. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whether everything that was delivered on a day is recorded: it began later than the record, and was not dropped. */
export function isRecorded(days: Days | undefined, date: string): boolean {
  return days !== undefined && Date.parse(date) >= days.sinceMs;
}
