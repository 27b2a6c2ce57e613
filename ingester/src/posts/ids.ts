/**
 * Post ids: 64-bit numbers as decimal strings, roughly ascending in time. The upper 42 bits are milliseconds, so an id
 * contains the time at which its post was made (docs.x.com, "X IDs"). Pure.
 */

/** Decimal, without leading zeros. */
export type Id = string;

/** Above every id that X can give out: ids are signed 64-bit numbers. */
export const MAX_ID: Id = (2n ** 63n - 1n).toString();

/** Milliseconds at which X's id clock starts. */
export const ID_EPOCH_MS = 1_288_834_974_657;
const TIME_SHIFT = 22n;

/** Epoch milliseconds at which the post of an id was made. */
export function timeOfId(id: Id): number {
  return Number(BigInt(id) >> TIME_SHIFT) + ID_EPOCH_MS;
}

/** The smallest id that a post made at `ms` can have; "0" for times before X's id clock. */
export function firstIdAt(ms: number): Id {
  const sinceEpoch = Math.max(0, Math.floor(ms) - ID_EPOCH_MS);
  return (BigInt(sinceEpoch) << TIME_SHIFT).toString();
}

/** The largest id that a post made before `ms` can have; "0" for times before X's id clock. */
export function lastIdBefore(ms: number): Id {
  return previousId(firstIdAt(ms));
}

/** Whether it is the last id of a millisecond, which posts hardly ever have: the bound of a time. */
export function isMoment(id: Id): boolean {
  return id === lastIdBefore(timeOfId(id) + 1);
}

/** The id below; "0" stays. */
export function previousId(id: Id): Id {
  return id === "0" ? id : (BigInt(id) - 1n).toString();
}

/** The id above. */
export function nextId(id: Id): Id {
  return (BigInt(id) + 1n).toString();
}

/** Negative when `a` is older than `b`, 0 when they are equal. */
export function compareIds(a: Id, b: Id): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function newerId(a: Id, b: Id): Id {
  return compareIds(a, b) < 0 ? b : a;
}

export function olderId(a: Id, b: Id): Id {
  return compareIds(a, b) > 0 ? b : a;
}

/** True for the spelling of an id; everything that comes from outside is checked with it. */
export function isId(value: unknown): value is Id {
  return typeof value === "string" && /^(0|[1-9]\d{0,18})$/.test(value);
}
