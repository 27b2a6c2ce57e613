import type { SearchEndpointName, WindowBounds } from "./requests/search-request";
import { firstIdAt, timeOfId } from "./snowflake";
import type { Timeline } from "./timeline";
import { invalidRequest, type ParameterProblem } from "./x-problem";

/** Recent search and recent counts reach back this far. */
export const RECENT_DAYS = 7;
const RECENT_MS = RECENT_DAYS * 24 * 60 * 60 * 1000;

/** X wants an end at least this far in the past. */
const MIN_END_AGE_MS = 10_000;

/** A stretch of the timeline, by index; the end is exclusive. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** What decides which posts a request can see, beside its own bounds. */
export interface Horizon {
  readonly endpoint: SearchEndpointName;
  readonly nowMs: number;
  /** Posts younger than this are not found yet. */
  readonly indexingLagMs: number;
}

/**
 * The posts a request asks for.
 * @throws XProblem (400) when a bound lies outside what the endpoint reaches.
 */
export function visibleRange(timeline: Timeline, bounds: WindowBounds, horizon: Horizon): IndexRange {
  const oldestMs = horizon.endpoint === "recent" ? horizon.nowMs - RECENT_MS : 0;
  const problems = findProblems(bounds, { oldestMs, nowMs: horizon.nowMs });
  if (problems.length > 0) throw invalidRequest(problems);
  const lower = largest([
    firstIdAt(oldestMs),
    bounds.sinceId === undefined ? 0n : bounds.sinceId + 1n,
    firstIdAt(bounds.startMs ?? 0),
  ]);
  const newestMs = horizon.nowMs - horizon.indexingLagMs + 1;
  const upper = smallest([
    firstIdAt(Math.min(newestMs, bounds.endMs ?? newestMs)),
    bounds.untilId ?? 2n ** 63n,
  ]);
  const from = timeline.countBelow(lower);
  return { from, to: Math.max(from, timeline.countBelow(upper)) };
}

/** X's answer to a `since_id` or `until_id` that is older than it keeps; it names the id to use instead. */
export function staleId(name: "since_id" | "until_id", given: string, oldestMs: number): ParameterProblem {
  const minute = new Date(oldestMs).toISOString().slice(0, 16);
  return {
    parameters: { [name]: [given] },
    message: `'${name}' must be a tweet id created after ${minute}Z. Please use a '${name}' that is larger than ${firstIdAt(oldestMs)}`,
  };
}

function findProblems(
  bounds: WindowBounds,
  limits: { readonly oldestMs: number; readonly nowMs: number },
): ParameterProblem[] {
  const { oldestMs, nowMs } = limits;
  const ids = (["since_id", "until_id"] as const).flatMap((name) => {
    const id = name === "since_id" ? bounds.sinceId : bounds.untilId;
    return id !== undefined && timeOfId(id) < oldestMs ? [staleId(name, id.toString(), oldestMs)] : [];
  });
  const times = [
    bounds.startMs !== undefined && bounds.startMs < oldestMs
      ? timeProblem("start_time", bounds.startMs, `must be on or after ${isoMinute(oldestMs)}`)
      : undefined,
    bounds.endMs !== undefined && bounds.endMs > nowMs - MIN_END_AGE_MS
      ? timeProblem("end_time", bounds.endMs, "must be a minimum of 10 seconds prior to the request time")
      : undefined,
    bounds.startMs !== undefined && bounds.endMs !== undefined && bounds.startMs >= bounds.endMs
      ? timeProblem("start_time", bounds.startMs, "must be before 'end_time'")
      : undefined,
  ];
  return [...ids, ...times.filter((problem) => problem !== undefined)];
}

function timeProblem(name: string, ms: number, rule: string): ParameterProblem {
  const given = new Date(ms).toISOString();
  return { parameters: { [name]: [given] }, message: `Invalid '${name}':'${given}'. '${name}' ${rule}.` };
}

function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

function largest(ids: readonly bigint[]): bigint {
  return sorted(ids).at(-1) ?? 0n;
}

function smallest(ids: readonly bigint[]): bigint {
  return sorted(ids)[0] ?? 0n;
}

/** Math.max and Math.min do not take bigints. */
function sorted(ids: readonly bigint[]): readonly bigint[] {
  return [...ids].sort((one, other) => (one < other ? -1 : 1));
}
