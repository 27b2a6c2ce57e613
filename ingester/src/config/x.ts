/** Variables about X: its address, the token, and what is requested. */

import { readTime } from "../runtime/times";
import type { XOptions } from "../x/client";
import type { EnvReader } from "./reader";

/** Settings that all queries share. */
export interface SearchConfig {
  readonly pollMs: number;
  /** Where a query without coverage starts: X's whole window, now, or a time in epoch milliseconds. */
  readonly start: "window" | "now" | number;
  /** Undefined: all public post fields. */
  readonly postFields: readonly string[] | undefined;
  readonly expansions: readonly string[];
}

const SECOND_MS = 1_000;

/** The settings of a client of X. `estimate` and `doctor` need only these. */
export function readX(reader: EnvReader): XOptions {
  return {
    bearerToken: readToken(reader),
    apiUrl: readApiUrl(reader),
    requestTimeoutMs: reader.number("X_REQUEST_TIMEOUT_SECONDS") * SECOND_MS,
  };
}

function readToken(reader: EnvReader): string {
  const hint = "Set the app-only bearer token of your X app (developer console, Keys and tokens).";
  const token = reader.required("X_BEARER_TOKEN", hint);
  // The value itself never goes into a message.
  if (/^bearer\s/i.test(token))
    reader.problem("X_BEARER_TOKEN", 'must be the token alone, without "Bearer ".');
  else if (/[\s"'{}]|[^\x20-\x7e]/.test(token)) {
    reader.problem("X_BEARER_TOKEN", `must be the token alone: no quotes, spaces or JSON. ${hint}`);
  }
  return token;
}

function readApiUrl(reader: EnvReader): string {
  const value = reader.text("X_API_URL") ?? "https://api.x.com";
  const fix = "Use https://host, or http:// on loopback.";
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) reader.problem("X_API_URL", `is not a URL, got "${value}". ${fix}`);
  else if (url.username !== "" || url.password !== "")
    reader.problem("X_API_URL", `must not hold credentials. ${fix}`);
  else if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    reader.problem("X_API_URL", `would send the token unencrypted, got "${value}". ${fix}`);
  }
  return value.replace(/\/+$/, "");
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** @param start the default of SEARCH_START: `now` in stream mode, where search only fills holes */
export function readSearch(reader: EnvReader, start: "window" | "now" = "window"): SearchConfig {
  const postFields = reader.list("POST_FIELDS");
  return {
    pollMs: reader.number("SEARCH_POLL_SECONDS") * SECOND_MS,
    start: readStart(reader, start),
    postFields: postFields.length === 0 ? undefined : postFields,
    expansions: reader.list("EXPANSIONS"),
  };
}

function readStart(reader: EnvReader, fallback: "window" | "now"): SearchConfig["start"] {
  const value = reader.text("SEARCH_START") ?? fallback;
  if (value === "window" || value === "now") return value;
  const time = readTime(value);
  if ("ms" in time) {
    if (time.ms > Date.now()) reader.problem("SEARCH_START", `lies in the future, got "${value}".`);
    return time.ms;
  }
  reader.problem(
    "SEARCH_START",
    time.problem === "impossible"
      ? `is no date and time of the calendar, got "${value}".`
      : `must be window, now or a time (2026-11-23, 2026-11-23T08:00Z; UTC without a zone), got "${value}".`,
  );
  return "window";
}
