import type { TimelineState } from "./files";
import { plural } from "./format";
import { DEFAULT_POSTS } from "./options";

/** The posts of this run, and what to say about them. */
export interface TimelinePlan extends TimelineState {
  /** All posts there are. */
  readonly posts: number;
  readonly note?: string;
}

const HOUR_MS = 3_600_000;
const SPREAD_MS = 24 * HOUR_MS;

/** X's recent search reaches back seven days; older posts could not be read to the end. */
const MAX_AGE_MS = 6 * 24 * HOUR_MS;

/**
 * Decides which posts the simulator has: those of earlier runs with the same ids, newer ones on top when
 * more are asked for, and new ones altogether when the old have grown too old to be searched.
 * @param asked posts there should be; `undefined`: as many as last time.
 */
export function planTimeline(
  earlier: TimelineState | undefined,
  asked: number | undefined,
  nowMs: number,
): TimelinePlan {
  const oldestMs = earlier?.segments[0]?.fromMs;
  if (!earlier || oldestMs === undefined) {
    return withNewest({ seed: 1, segments: [] }, asked ?? DEFAULT_POSTS, {
      fromMs: nowMs - SPREAD_MS,
      nowMs,
    });
  }
  const newestMs = earlier.segments.at(-1)?.toMs ?? oldestMs;
  if (oldestMs < nowMs - MAX_AGE_MS) {
    // Newer than everything read before: the checkpoint would rightly skip older ones.
    const fromMs = Math.max(newestMs, nowMs - SPREAD_MS);
    const fresh = withNewest({ seed: earlier.seed + 1, segments: [] }, asked ?? DEFAULT_POSTS, {
      fromMs,
      nowMs,
    });
    return {
      ...fresh,
      note: "The simulator's posts were over 6 days old, beyond recent search: it has new ones.",
    };
  }
  const existing = count(earlier);
  if (asked === undefined || asked === existing) return { ...earlier, posts: existing };
  if (asked < existing) {
    const note = `The simulator already has ${plural(existing, "post")} and keeps them. For fewer, start over with --fresh.`;
    return { ...earlier, posts: existing, note };
  }
  return withNewest(earlier, asked - existing, { fromMs: newestMs, nowMs });
}

function withNewest(
  state: TimelineState,
  posts: number,
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
): TimelinePlan {
  const segment = { count: posts, fromMs, toMs: Math.max(nowMs, fromMs + 1) };
  const segments = [...state.segments, segment];
  return { seed: state.seed, segments, posts: count({ seed: state.seed, segments }) };
}

function count({ segments }: TimelineState): number {
  return segments.reduce((sum, segment) => sum + segment.count, 0);
}
