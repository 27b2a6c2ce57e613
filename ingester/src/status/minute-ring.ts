/** Counts per minute over the last hour, for the chart of the status page. */

export const RING_MINUTES = 60;
const MINUTE_MS = 60_000;

/** Immutable: adding gives a new ring. */
export interface MinuteRing {
  /** Minutes since 1970 of the last element of `counts`. */
  readonly newestMinute: number;
  /** Oldest first, always RING_MINUTES long. Null: before the ring was made, so nothing is known. */
  readonly counts: readonly (number | null)[];
}

export function emptyRing(nowMs: number): MinuteRing {
  const unknown = new Array<null>(RING_MINUTES - 1).fill(null);
  return { newestMinute: minuteOf(nowMs), counts: [...unknown, 0] };
}

/** The ring as of `nowMs`: minutes in which nothing came are zero. A clock that was set back changes nothing. */
export function advance(ring: MinuteRing, nowMs: number): MinuteRing {
  const steps = minuteOf(nowMs) - ring.newestMinute;
  if (steps <= 0) return ring;
  const zeros = new Array<number>(Math.min(steps, RING_MINUTES)).fill(0);
  return { newestMinute: ring.newestMinute + steps, counts: [...ring.counts, ...zeros].slice(-RING_MINUTES) };
}

export function add(ring: MinuteRing, count: number, nowMs: number): MinuteRing {
  const current = advance(ring, nowMs);
  const counts = [...current.counts];
  counts[RING_MINUTES - 1] = (counts[RING_MINUTES - 1] ?? 0) + count;
  return { ...current, counts };
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}
