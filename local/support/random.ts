/**
 * Deterministic randomness: the same seed always gives the same posts and the same faults, on every
 * machine. Not for secrets.
 */

/**
 * A 32-bit hash of three integers, evenly spread (the finaliser of MurmurHash3).
 * @param seed the run's seed.
 * @param index what is being decided for, for example a post's index.
 * @param salt distinguishes the decisions about one index.
 */
export function hash32(seed: number, index: number, salt: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 0x7f4a7c15, 0xc2b2ae35);
  value ^= Math.imul(salt + 1, 0x27d4eb2f);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A sequence of numbers from 0 (inclusive) to 1 (exclusive), decided by its seed. */
export function randomSequence(seed: number): () => number {
  let position = 0;
  return () => hash32(seed, position++, 77) / 2 ** 32;
}
