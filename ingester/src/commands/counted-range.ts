/** What X is asked to count posts of an interval with. */
import { type Interval, isEmpty } from "../ledger/intervals";
import { RECENT_SEARCH_MS } from "../loop/task";
import { lastIdBefore, newerId, timeOfId } from "../posts/ids";
import type { CountsQuestion } from "../x/search/counts";

/** X refuses a bound at the very edge of its window. */
export const EDGE_MS = 60_000;

/** Recent counts where X's window reaches, which are cheaper and open to every token; else those of the full archive. */
export function countedRange(
  interval: Interval,
  nowMs: number,
): Pick<Required<CountsQuestion>, "scope" | "range"> {
  const windowStartMs = nowMs - RECENT_SEARCH_MS;
  if (timeOfId(interval.after) < windowStartMs - EDGE_MS) return { scope: "all", range: interval };
  const after = newerId(interval.after, lastIdBefore(windowStartMs + EDGE_MS));
  const range = { after, through: interval.through };
  return { scope: "recent", range: isEmpty(range) ? interval : range };
}
