/**
 * What X says about its rate limits in the headers of an answer: docs.x.com, "Rate limits", and public reports of the
 * 24-hour limits. Times are compared with the answer's own `Date`: this machine's clock may be wrong. Pure.
 */
import type { Headers } from "./transport";

export interface UsedUp {
  readonly limit: "window" | "day";
  /** Epoch milliseconds by X's clock at which the limit renews; undefined where X does not say. */
  readonly resetMs: number | undefined;
}

const SECOND_MS = 1_000;
const WINDOW = "x-rate-limit";
/** Limits for 24 hours of a whole app or one user. They apply in addition to the limit for 15 minutes. */
const DAYS = ["x-app-limit-24hour", "x-user-limit-24hour"] as const;
/** A reset that is further away than the limit lasts comes from a wrong clock. */
const LONGEST_MS = { window: 15 * 60 * SECOND_MS, day: 24 * 60 * 60 * SECOND_MS } as const;
const TOLERANCE_MS = 30 * SECOND_MS;

/** The limit of which nothing remains, the longest first; undefined while requests remain or X does not say. */
export function usedUp(headers: Headers): UsedUp | undefined {
  const isUsedUp = (prefix: string) => headerNumber(headers, `${prefix}-remaining`) === 0;
  const day = DAYS.find(isUsedUp);
  if (day !== undefined) return { limit: "day", resetMs: resetOf(headers, day) };
  return isUsedUp(WINDOW) ? { limit: "window", resetMs: resetOf(headers, WINDOW) } : undefined;
}

/** True when X says that the 15-minute window still has requests. */
export function windowRemains(headers: Headers): boolean {
  return (headerNumber(headers, `${WINDOW}-remaining`) ?? 0) > 0;
}

/**
 * Milliseconds to wait for a limit, by the answer's `Date`; undefined when X names no time, or one that has passed.
 * @param nowMs by X's clock, where the answer has no `Date`
 */
export function waitForLimit(
  headers: Headers,
  { limit, resetMs }: UsedUp,
  nowMs: number,
): number | undefined {
  const sentMs = headerTime(headers, "date") ?? nowMs;
  const untilReset = resetMs === undefined ? 0 : resetMs - sentMs;
  if (untilReset <= 0) return retryAfterMs(headers, nowMs);
  return Math.min(untilReset, LONGEST_MS[limit] + TOLERANCE_MS);
}

/** `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3). X does not document it; proxies send it. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const seconds = headerNumber(headers, "retry-after");
  const time = headerTime(headers, "retry-after");
  const sentMs = headerTime(headers, "date") ?? nowMs;
  const wait = seconds !== undefined ? seconds * SECOND_MS : time === undefined ? undefined : time - sentMs;
  if (wait === undefined) return undefined;
  return Math.min(Math.max(wait, SECOND_MS), LONGEST_MS.window + TOLERANCE_MS);
}

/** Epoch milliseconds of a header that is a date. */
export function headerTime(headers: Headers, name: string): number | undefined {
  const value = headers[name];
  // Date.parse takes bare numbers for years.
  const time = typeof value === "string" && /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function resetOf(headers: Headers, prefix: string): number | undefined {
  const seconds = headerNumber(headers, `${prefix}-reset`);
  return seconds === undefined ? undefined : seconds * SECOND_MS;
}

function headerNumber(headers: Headers, name: string): number | undefined {
  const value = headers[name];
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(parsed) ? parsed : undefined;
}
