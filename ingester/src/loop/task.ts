/** What a command collects: one query, and the range of ids in which it fills holes. */
import type { Coverage, Target } from "../ledger/coverage";
import type { Interval } from "../ledger/intervals";
import { compareIds, type Id, lastIdBefore, MAX_ID, olderId } from "../posts/ids";
import type { PostSource } from "./ports";

export interface Task {
  /** Key of the coverage. */
  readonly key: string;
  /** The query as X is asked. */
  readonly query: string;
  readonly goal: Goal;
  readonly source: PostSource;
}

export type Goal =
  /** Everything from the start of the query on, again and again. */
  | {
      readonly type: "ongoing";
      /** Where a query without coverage begins: seven days ago, now, or at a time in epoch milliseconds. */
      readonly start: "window" | "now" | number;
      /** Pause between polls when caught up, in milliseconds. */
      readonly pollMs: number;
    }
  /** The holes of a range, once. */
  | { readonly type: "range"; readonly range: Interval; readonly archive: boolean };

/** How far back recent search reaches: docs.x.com, "Recent search". */
export const RECENT_SEARCH_MS = 7 * 24 * 60 * 60_000;

/** The coverage once the task has begun: an ongoing one remembers where. */
export function begun(coverage: Coverage, goal: Goal, nowMs: number): Coverage {
  if (goal.type === "range" || coverage.start !== undefined) return coverage;
  return { ...coverage, start: startOf(coverage, goal.start, nowMs) };
}

export function targetOf(coverage: Coverage, goal: Goal): Target {
  if (goal.type === "range") return goal;
  return { range: { after: coverage.start ?? "0", through: MAX_ID }, archive: false };
}

/** A query that a backfill has already brought up to date goes on from there. */
function startOf({ owned }: Coverage, start: "window" | "now" | number, nowMs: number): Id {
  const window = lastIdBefore(nowMs - RECENT_SEARCH_MS);
  if (start === "window") return window;
  if (start !== "now") return lastIdBefore(start);
  const now = lastIdBefore(nowMs);
  const newest = owned.at(-1)?.through;
  return newest !== undefined && compareIds(newest, window) > 0 ? olderId(newest, now) : now;
}
