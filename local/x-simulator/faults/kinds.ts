/** What can go wrong with one search request; counts and usage are never touched. */
export type XFault =
  /** Nothing: lets one request through. */
  | { readonly kind: "none" }
  /** HTTP 429, nothing remaining, reset in so many seconds (default 1). */
  | { readonly kind: "rate-limit-window"; readonly resetSeconds?: number }
  /** HTTP 429: the app's 24-hour limit, which ends in so many seconds (default an hour), while the window has requests. */
  | { readonly kind: "day-limit"; readonly resetSeconds?: number }
  /** HTTP 429 although requests remain: one request a second. */
  | { readonly kind: "one-per-second" }
  /** HTTP 429 UsageCapExceeded: the month's posts are used up. */
  | { readonly kind: "usage-cap" }
  /** HTTP 402 CreditsDepleted. */
  | { readonly kind: "credits-depleted" }
  /** HTTP 403, the spending limit set in X's console. */
  | { readonly kind: "spending-limit" }
  /** HTTP 401. */
  | { readonly kind: "unauthorized" }
  /** HTTP 403, the app may not do this. */
  | { readonly kind: "client-forbidden" }
  /** HTTP 500, 502, 503 or 504 (default 503). */
  | { readonly kind: "server-error"; readonly status?: 500 | 502 | 503 | 504 }
  /** A page of HTML instead of JSON, as a CDN or a proxy sends it, with any status (default 503). Nothing is billed. */
  | { readonly kind: "non-json"; readonly status?: number }
  /** An answer without a body, with any status (default 401). Nothing is billed. */
  | { readonly kind: "empty-body"; readonly status?: number }
  /** HTTP 302 to a host that does not exist. Nothing is billed. */
  | { readonly kind: "redirect" }
  /** HTTP 400: `since_id` is older than X keeps; the message names an id one hour old. */
  | { readonly kind: "stale-since-id" }
  /** HTTP 400: the token cannot be used any more. */
  | { readonly kind: "expired-token" }
  /** HTTP 400 naming a parameter X claims not to know (default `post.fields`). */
  | { readonly kind: "rejected-parameter"; readonly parameter?: string }
  /** HTTP 400: X cannot read the query. */
  | { readonly kind: "invalid-query" }
  /** The connection breaks before any answer. Nothing is billed. */
  | { readonly kind: "reset" }
  /** No answer ever. Nothing is billed. */
  | { readonly kind: "hang" }
  /** The answer comes late. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** A success announced in full, cut after a share of its bytes (default half). Billed. */
  | { readonly kind: "truncated-body"; readonly share?: number }
  /** A success that stops after half of its bytes and never ends. Billed. */
  | { readonly kind: "stalled-body" }
  /** A success that is compressed although the client did not ask for it, and begins with a byte order mark. Billed, complete. */
  | { readonly kind: "compressed"; readonly encoding: "gzip" | "deflate" | "br" }
  /** A success whose packets end in the middle of characters. Billed, complete. */
  | { readonly kind: "split-utf8" }
  /** A success without posts that still carries a token. */
  | { readonly kind: "empty-page" }
  /** A success with fewer posts than asked for, and a token for the rest. */
  | { readonly kind: "short-page"; readonly count: number }
  /** A success with `errors` beside its posts. */
  | { readonly kind: "partial-errors" }
  /** A success whose first post is larger than Firehose takes in one record (default 1,200,000 bytes). */
  | { readonly kind: "oversize-post"; readonly bytes?: number };

/** Every kind, for checking what comes over HTTP. */
export const X_FAULT_KINDS: readonly XFault["kind"][] = [
  "none",
  "rate-limit-window",
  "day-limit",
  "one-per-second",
  "usage-cap",
  "credits-depleted",
  "spending-limit",
  "unauthorized",
  "client-forbidden",
  "server-error",
  "non-json",
  "empty-body",
  "redirect",
  "stale-since-id",
  "expired-token",
  "rejected-parameter",
  "invalid-query",
  "reset",
  "hang",
  "slow",
  "truncated-body",
  "stalled-body",
  "compressed",
  "split-utf8",
  "empty-page",
  "short-page",
  "partial-errors",
  "oversize-post",
];
