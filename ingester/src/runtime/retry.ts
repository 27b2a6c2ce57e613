/** Retry is data plus one function: how long to wait before attempt n, with full jitter. */

export interface Backoff {
  /** Ceiling of the first wait in milliseconds; doubles with each attempt. */
  readonly baseMs: number;
  /** Ceiling of every wait. */
  readonly capMs: number;
}

/**
 * Full jitter: a uniform wait between 0 and min(cap, base * 2^(attempt - 1)), so that clients that failed together do
 * not come back together (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 * @param attempt 1 for the first retry
 * @param random uniform in [0, 1)
 */
export function fullJitter(attempt: number, backoff: Backoff, random: () => number): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(random() * ceiling);
}
