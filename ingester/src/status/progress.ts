/** How far the bucket has come, read from the position that the checkpoint stores. */
import { type Position, timeOfId } from "../window";

/**
 * Epoch milliseconds of the newest moment that has been read: the newest delivered post's, or the last one at which
 * X had nothing newer. Undefined before anything was read. Lag is counted from here.
 */
export function reachedMs(position: Position | undefined): number | undefined {
  return latest(timeOf(position?.window?.newestId ?? position?.sinceId), position?.caughtUpAtMs);
}

/**
 * Epoch milliseconds up to which every post is delivered or recorded as a gap. While a window is open this stays
 * behind `reachedMs`, because X answers newest first.
 */
export function completeUpToMs(position: Position | undefined): number | undefined {
  const caughtUpAtMs = position?.window === undefined ? position?.caughtUpAtMs : undefined;
  return latest(timeOf(position?.sinceId), caughtUpAtMs);
}

export function latest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function timeOf(id: string | undefined): number | undefined {
  return id === undefined ? undefined : timeOfId(id);
}
