/** How fast the budget is used, from samples of the last hours. Pure; a list of samples is never changed. */

/** What had been used of the budget at one time: spent by this ledger, and by others where they count. */
export interface Sample {
  readonly atMs: number;
  readonly cycleStartMs: number;
  /** Whether X has said what the whole project uses. */
  readonly knowsOthers: boolean;
  readonly posts: number;
  readonly usd: number;
}

export interface Rate {
  /** Over how long it was measured, at least MIN_MS and at most WINDOW_MS. */
  readonly overMs: number;
  readonly postsPerHour: number;
  readonly usdPerHour: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const SAMPLE_MS = 10 * MINUTE_MS;
/** A shorter time says more about the query's last minutes than about its day. */
export const MIN_MS = HOUR_MS;
export const WINDOW_MS = 6 * HOUR_MS;

/** The samples with a new one, if the last one is old enough; only the new one when it continues none of them. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined || !continues(sample, last)) return [sample];
  if (sample.atMs - last.atMs < SAMPLE_MS) return samples;
  return [...samples, sample].filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS);
}

/** @returns undefined until enough time has been measured */
export function rateOf(samples: readonly Sample[], now: Sample): Rate | undefined {
  const first = samples.find(({ atMs }) => now.atMs - atMs <= WINDOW_MS);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || !continues(now, last)) return undefined;
  if (now.atMs - first.atMs < MIN_MS) return undefined;
  const overMs = now.atMs - first.atMs;
  const perHour = (amount: number) => (amount * HOUR_MS) / overMs;
  return {
    overMs,
    postsPerHour: perHour(now.posts - first.posts),
    usdPerHour: perHour(now.usd - first.usd),
  };
}

/** False across the turn of a cycle, a correction by a person, and X's first figure for the project. */
function continues(later: Sample, earlier: Sample): boolean {
  return (
    later.cycleStartMs === earlier.cycleStartMs &&
    later.knowsOthers === earlier.knowsOthers &&
    later.posts >= earlier.posts
  );
}
