/**
 * X's ids: the upper 42 bits count milliseconds, so that an id contains its time.
 * @see https://docs.x.com/fundamentals/x-ids
 */

/** Where X's millisecond count begins, in milliseconds since the Unix epoch. */
export const X_EPOCH_MS = 1_288_834_974_657;

/** Bits below the millisecond count. */
const SEQUENCE_BITS = 22n;

/** The smallest id of a millisecond. */
export function firstIdAt(ms: number): bigint {
  return BigInt(Math.max(0, Math.ceil(ms) - X_EPOCH_MS)) << SEQUENCE_BITS;
}

/** The millisecond an id was made in, since the Unix epoch. */
export function timeOfId(id: bigint): number {
  return Number(id >> SEQUENCE_BITS) + X_EPOCH_MS;
}
