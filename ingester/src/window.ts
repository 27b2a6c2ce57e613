/**
 * Window algebra. X answers newest first, so progress is not one number: a window opens with page 1 (its newest id),
 * is eaten from the top, and only when its last page has been delivered may `sinceId` advance to that newest id.
 * All functions are pure; a Position is plain JSON and is what a checkpoint stores.
 */

/** Posts that X can no longer return: ids strictly between the two. */
export interface Gap {
  readonly afterId: string;
  readonly beforeId: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly recordedAt: string;
}

/** A window that has been opened and not yet delivered to its end. */
export interface OpenWindow {
  /** Newest id of the window's first page: the next `sinceId`. */
  readonly newestId: string;
  /** Everything from here up to `newestId` is delivered. */
  readonly oldestDeliveredId: string;
}

export interface Position {
  /** Everything up to here is delivered or recorded as a gap. Absent: from the oldest post that X still returns. */
  readonly sinceId?: string;
  readonly window?: OpenWindow;
  /** Epoch milliseconds of the last moment at which X had nothing newer than `sinceId`. */
  readonly caughtUpAtMs?: number;
  /** The last gaps, oldest first. */
  readonly gaps: readonly Gap[];
}

/** The bounds a request asks for, both exclusive. */
export interface Bounds {
  readonly sinceId?: string;
  readonly untilId?: string;
}

/** The ids a page spans; undefined for an empty page. */
export interface Span {
  readonly newestId: string;
  readonly oldestId: string;
}

export const START: Position = { gaps: [] };

/** Old gaps are of no use to anybody, and a checkpoint item must stay small. */
export const MAX_GAPS = 100;

/** Search finds a post about 30 s after it was made (docs.x.com, "Search Posts": the default `end_time`). */
const SEARCH_DELAY_MS = 30_000;

/** Milliseconds at which X's id clock starts: docs.x.com, "X IDs". */
export const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657;
const SNOWFLAKE_TIME_SHIFT = 22n;

/** Epoch milliseconds at which an id was made. */
export function timeOfId(id: string): number {
  return Number(BigInt(id) >> SNOWFLAKE_TIME_SHIFT) + SNOWFLAKE_EPOCH_MS;
}

/** The smallest id that can have been made at `ms` (0 for times before X's id clock). */
export function firstIdAt(ms: number): string {
  const sinceEpoch = Math.max(0, Math.floor(ms) - SNOWFLAKE_EPOCH_MS);
  return (BigInt(sinceEpoch) << SNOWFLAKE_TIME_SHIFT).toString();
}

/** The id that could have been made `ms` later. */
export function laterId(id: string, ms: number): string {
  return (BigInt(id) + (BigInt(ms) << SNOWFLAKE_TIME_SHIFT)).toString();
}

/** Negative when `a` is older than `b`. Ids are decimal strings without leading zeros, up to 64 bits. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function newerId(a: string | undefined, b: string): string {
  return a === undefined || compareIds(a, b) < 0 ? b : a;
}

export function olderId(a: string | undefined, b: string): string {
  return a === undefined || compareIds(a, b) > 0 ? b : a;
}

/** A position from which every post made at `ms` or later is still to come. */
export function startingAt(ms: number): Position {
  const first = BigInt(firstIdAt(ms));
  return first === 0n ? START : { sinceId: (first - 1n).toString(), gaps: [] };
}

/** A position whose only window holds the posts made from `fromMs` (inclusive) to `toMs` (exclusive). */
export function rangeOf(fromMs: number, toMs: number): Position {
  const untilId = firstIdAt(toMs);
  return { ...startingAt(fromMs), window: { newestId: untilId, oldestDeliveredId: untilId } };
}

/** What to ask for next: below what is delivered while a window is open, else everything newer than `sinceId`. */
export function boundsOf(position: Position): Bounds {
  return {
    ...(position.sinceId === undefined ? {} : { sinceId: position.sinceId }),
    ...(position.window === undefined ? {} : { untilId: position.window.oldestDeliveredId }),
  };
}

/** The position after a page of the current window was delivered. `last`: X named no next token. */
export function afterPage(position: Position, span: Span | undefined, last: boolean): Position {
  const window = widened(position.window, span);
  if (!last) return window === undefined ? position : { ...position, window };
  const { window: _closed, ...rest } = position;
  return window === undefined ? rest : { ...rest, sinceId: newerId(position.sinceId, window.newestId) };
}

function widened(window: OpenWindow | undefined, span: Span | undefined): OpenWindow | undefined {
  if (span === undefined) return window;
  if (window === undefined) return { newestId: span.newestId, oldestDeliveredId: span.oldestId };
  return { ...window, oldestDeliveredId: olderId(window.oldestDeliveredId, span.oldestId) };
}

/** X names `oldestSinceId` as the oldest it still accepts: continue there, and record what can no longer be read. */
export function afterStaleSince(position: Position, oldestSinceId: string, nowMs: number): Position {
  const clamped = clampedTo(oldestSinceId, position);
  const { sinceId, window } = position;
  if (sinceId === undefined || wasCaughtUpAt(position, oldestSinceId)) return clamped;
  const reason = "since_id older than X's search window";
  const beforeId = olderId(window?.oldestDeliveredId, oldestSinceId);
  const below = withGap(clamped, { afterId: sinceId, beforeId, reason }, nowMs);
  // Above an open window, too, posts may have come and gone.
  return window === undefined
    ? below
    : withGap(below, { afterId: window.newestId, beforeId: oldestSinceId, reason }, nowMs);
}

/** A window of which nothing is left above the new `sinceId` is closed: its bounds would cross. */
function clampedTo(oldestSinceId: string, position: Position): Position {
  const clamped = { ...position, sinceId: newerId(position.sinceId, oldestSinceId) };
  const { window } = position;
  const isLeft = window !== undefined && compareIds(window.oldestDeliveredId, clamped.sinceId) > 0;
  return isLeft ? clamped : afterPage(clamped, undefined, true);
}

/** The rest of the open window is older than what X still returns: close it, and record the rest as a gap. */
export function afterStaleUntil(position: Position, nowMs: number): Position {
  const closed = afterPage(position, undefined, true);
  const { window } = position;
  if (window === undefined) return closed;
  const afterId = position.sinceId ?? "0";
  return withGap(
    closed,
    {
      afterId,
      beforeId: window.oldestDeliveredId,
      reason: "rest of the window older than X's search window",
    },
    nowMs,
  );
}

/** Nothing was missed if X had nothing newer than `sinceId` at a time when `id` and all before it could be found. */
function wasCaughtUpAt(position: Position, id: string): boolean {
  const foundUntilMs = (position.caughtUpAtMs ?? 0) - SEARCH_DELAY_MS;
  return position.window === undefined && foundUntilMs >= timeOfId(id);
}

function withGap(position: Position, gap: Omit<Gap, "recordedAt">, nowMs: number): Position {
  if (compareIds(gap.afterId, gap.beforeId) >= 0) return position;
  const recorded = { ...gap, recordedAt: new Date(nowMs).toISOString() };
  return { ...position, gaps: [...position.gaps, recorded].slice(-MAX_GAPS) };
}
