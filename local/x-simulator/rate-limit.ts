import { tooManyRequests } from "./x-problem";

/** Endpoints that are limited on their own. */
export type LimitedEndpoint =
  | "search/recent"
  | "search/all"
  | "counts/recent"
  | "counts/all"
  | "usage/tweets"
  | "stream"
  | "rules/list"
  | "rules/change"
  | "connections/list"
  | "connections/end";

/** Requests in a window of 15 minutes. */
export type RateLimits = Readonly<Record<LimitedEndpoint, number>>;

/** X's limits for one app, pay per use. @see https://docs.x.com/x-api/fundamentals/rate-limits */
export const X_RATE_LIMITS: RateLimits = {
  "search/recent": 450,
  "search/all": 300,
  "counts/recent": 300,
  "counts/all": 300,
  "usage/tweets": 50,
  stream: 50,
  "rules/list": 450,
  "rules/change": 100,
  "connections/list": 25,
  "connections/end": 25,
};

const WINDOW_MS = 15 * 60 * 1000;

/** Full-archive search also allows one request a second only. */
const ALL_SPACING_MS = 1000;

/** What switches limiting off: the headers are still there, and never run out. */
const UNLIMITED = 1_000_000_000;

/** The three headers X sends with every answer. */
export type RateLimitHeaders = Readonly<Record<string, string>>;

interface Window {
  readonly resetMs: number;
  used: number;
  lastMs: number;
}

/** Counts requests and refuses those above X's limits. */
export class RateLimiter {
  private readonly windows = new Map<LimitedEndpoint, Window>();
  private readonly limits: RateLimits;
  private readonly spacingMs: number;

  /** @param limits replace X's for some endpoints; `"off"` never refuses. */
  constructor(limits: Partial<RateLimits> | "off" = {}) {
    const off = Object.fromEntries(Object.keys(X_RATE_LIMITS).map((name) => [name, UNLIMITED]));
    this.limits = { ...X_RATE_LIMITS, ...(limits === "off" ? off : limits) };
    this.spacingMs = limits === "off" ? 0 : ALL_SPACING_MS;
  }

  /**
   * Counts a request.
   * @returns the headers to answer with.
   * @throws XProblem (429) when the window, or the second, is used up.
   */
  admit(endpoint: LimitedEndpoint, nowMs: number): RateLimitHeaders {
    const window = this.windowOf(endpoint, nowMs);
    const tooSoon = endpoint === "search/all" && nowMs - window.lastMs < this.spacingMs;
    if (tooSoon || window.used >= this.limits[endpoint]) {
      throw tooManyRequests(this.headers(endpoint, window));
    }
    window.used += 1;
    window.lastMs = nowMs;
    return this.headers(endpoint, window);
  }

  /** The headers an answer of this endpoint carries now, with some of them replaced. */
  headersNow(endpoint: LimitedEndpoint, nowMs: number): RateLimitHeaders {
    return this.headers(endpoint, this.windowOf(endpoint, nowMs));
  }

  private windowOf(endpoint: LimitedEndpoint, nowMs: number): Window {
    const known = this.windows.get(endpoint);
    if (known && nowMs < known.resetMs) return known;
    const fresh = { resetMs: nowMs + WINDOW_MS, used: 0, lastMs: Number.NEGATIVE_INFINITY };
    this.windows.set(endpoint, fresh);
    return fresh;
  }

  private headers(endpoint: LimitedEndpoint, window: Window): RateLimitHeaders {
    const limit = this.limits[endpoint];
    return {
      "x-rate-limit-limit": String(limit),
      "x-rate-limit-remaining": String(Math.max(0, limit - window.used)),
      "x-rate-limit-reset": String(Math.ceil(window.resetMs / 1000)),
    };
  }
}
