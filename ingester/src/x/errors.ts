/**
 * What an answer that is no page means. X uses one status for very different things, so the body decides:
 * docs.x.com, "Response codes and errors", and what its servers are seen to answer.
 */
import { SourceError, type SourceErrorKind } from "../loop/errors";
import { isObject } from "../posts/post";

export interface XFailure {
  readonly status: number;
  /** Parsed JSON, or the text when it was none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Path of the endpoint, such as `tweets/search/all`. */
  readonly path: string;
}

/** An answer whose status is an error: meaningOf() says what it means. */
export class XResponseError extends Error {
  constructor(readonly failure: XFailure) {
    super(`X answered ${failure.status} on ${failure.path}`);
  }
}

/** Refusals become the SourceError that says what they mean. @param nowMs of this machine's clock */
export async function explained<T>(request: Promise<T>, nowMs: number): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof XResponseError)) throw error;
    const meaning = meaningOf(error.failure, nowMs);
    throw meaning.type === "error" ? meaning.error : refusal(error.failure);
  }
}

/** Refusals that a source can mend at no cost, and errors that the loop has to wait for or end with. */
export type Meaning =
  | { readonly type: "stale_since"; readonly oldestSinceId: string }
  | { readonly type: "stale_until" }
  /** A bound that is not accepted for another reason: it may lie in X's future. */
  | { readonly type: "refused_bound" }
  | { readonly type: "refused_token" }
  | { readonly type: "refused_fields" }
  | { readonly type: "error"; readonly error: SourceError };

const SECOND_MS = 1_000;
/** X's limits renew every 15 minutes; a reset further away than that is a clock gone wrong. */
const LONGEST_LIMIT_MS = 15 * 60 * SECOND_MS + 30 * SECOND_MS;
const FIELD_PARAMETERS = /^(post|tweet|user|media|poll|place)\.fields$|^expansions$/;

export function meaningOf(failure: XFailure, nowMs: number): Meaning {
  const { status, path } = failure;
  if (status === 400) return meaningOfBadRequest(failure);
  const found = kindOf(failure);
  const retryAtMs = retryTime(found, failure, nowMs);
  const message = `X answered ${status} on ${path}: ${found.hint}${said(failure.body)}`;
  return {
    type: "error",
    error: new SourceError(message, { kind: found.kind, ...(retryAtMs === undefined ? {} : { retryAtMs }) }),
  };
}

interface Kind {
  readonly kind: SourceErrorKind;
  readonly hint: string;
}

function kindOf({ status, body, headers, path }: XFailure): Kind {
  const words = JSON.stringify(body ?? "").toLowerCase();
  if (status === 402)
    return {
      kind: "credits_depleted",
      hint: "prepaid credit is used up; buy credit in X's developer console.",
    };
  if (status === 403 && words.includes("spending limit")) {
    return { kind: "spending_limit", hint: "the spending limit set in X's console is reached." };
  }
  if (status === 401 || status === 403) {
    return {
      kind: "access",
      hint: "credentials or access refused. Check X_BEARER_TOKEN and the access level of its app.",
    };
  }
  if (status === 429) return limitKind(words, headers, path);
  if (status >= 500 || status === 408) return { kind: "transient", hint: "a passing failure." };
  if (status === 404) return { kind: "invalid_request", hint: "no such endpoint. Check X_API_URL." };
  return { kind: "invalid_request", hint: "the request was refused." };
}

function limitKind(words: string, headers: XFailure["headers"], path: string): Kind {
  if (/usagecapexceeded|usage-capped/.test(words))
    return { kind: "usage_cap", hint: "the monthly cap of the project is used up." };
  const remaining = headerNumber(headers, "x-rate-limit-remaining");
  if (remaining !== undefined && remaining > 0 && path.endsWith("/all")) {
    return { kind: "second_limit", hint: "one request per second on full-archive search." };
  }
  return { kind: "window_limit", hint: "the rate limit of the endpoint is used up." };
}

function retryTime({ kind }: Kind, { headers }: XFailure, nowMs: number): number | undefined {
  const retryAfter = headerNumber(headers, "retry-after");
  if (kind === "second_limit") return nowMs + (retryAfter ?? 1) * SECOND_MS;
  if (kind === "transient")
    return retryAfter === undefined ? undefined : nowMs + clampWait(retryAfter * SECOND_MS);
  if (kind !== "window_limit") return undefined;
  const resetAt = resetTime(headers);
  if (resetAt !== undefined) return nowMs + clampWait(resetAt - nowMs);
  return nowMs + clampWait((retryAfter ?? 60) * SECOND_MS);
}

/** A read that X would only refuse, because its rate limit is known to be used up until `resetMs`. */
export function rateLimited(path: string, resetMs: number, nowMs: number): SourceError {
  const retryAtMs = nowMs + clampWait(resetMs - nowMs);
  return new SourceError(`The rate limit of ${path} is used up.`, { kind: "window_limit", retryAtMs });
}

/** A 400 that cannot be mended. */
export function refusal(failure: XFailure): SourceError {
  const aboutQuery = complaintsOf(failure.body).some(({ parameters }) => parameters.includes("query"));
  const what = aboutQuery ? "X refused the query (SEARCH_QUERY, or --query)" : "X refused the request";
  const message = `${what}, ${failure.status} on ${failure.path}.${said(failure.body)}`;
  return new SourceError(message, { kind: "invalid_request" });
}

function clampWait(ms: number): number {
  return Math.min(Math.max(ms, SECOND_MS), LONGEST_LIMIT_MS);
}

/** Epoch milliseconds at which the rate limit renews. */
export function resetTime(headers: XFailure["headers"]): number | undefined {
  const reset = headerNumber(headers, "x-rate-limit-reset");
  return reset === undefined ? undefined : reset * SECOND_MS;
}

export function headerNumber(headers: XFailure["headers"], name: string): number | undefined {
  const value = headers[name];
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(parsed) ? parsed : undefined;
}

interface Complaint {
  readonly parameters: readonly string[];
  readonly message: string;
}

function meaningOfBadRequest(failure: XFailure): Meaning {
  const complaints = complaintsOf(failure.body);
  const naming = (test: (parameter: string) => boolean) =>
    complaints.find(({ parameters }) => parameters.some(test));
  const oldestSinceId = namedId(naming((parameter) => parameter === "since_id"));
  if (oldestSinceId !== undefined) return { type: "stale_since", oldestSinceId };
  const bound = naming((parameter) => parameter === "until_id" || parameter === "since_id");
  if (bound !== undefined && /created after|larger than/.test(bound.message)) return { type: "stale_until" };
  if (bound !== undefined) return { type: "refused_bound" };
  if (naming((parameter) => parameter === "next_token" || parameter === "pagination_token"))
    return { type: "refused_token" };
  if (naming((parameter) => FIELD_PARAMETERS.test(parameter))) return { type: "refused_fields" };
  return { type: "error", error: refusal(failure) };
}

/** The id in "Please use a 'since_id' that is larger than 2089996193672200192". */
function namedId(complaint: Complaint | undefined): string | undefined {
  return complaint === undefined ? undefined : /larger than\s+'?(\d{1,19})/.exec(complaint.message)?.[1];
}

/** X names parameters in `errors[].parameters`, in a problem's `parameter`, or only between backticks in its text. */
function complaintsOf(body: unknown): readonly Complaint[] {
  if (!isObject(body)) return [];
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  return [...errors, body].map((error) => {
    const message = [error.message, error.detail].filter((text) => typeof text === "string").join(" ");
    const quoted = [...message.matchAll(/[`'[]([a-z_.]+)[`'\]]/g)].map((match) => match[1] ?? "");
    const listed = isObject(error.parameters) ? Object.keys(error.parameters) : [];
    const single = typeof error.parameter === "string" ? [error.parameter] : [];
    return { parameters: listed.length + single.length > 0 ? [...listed, ...single] : quoted, message };
  });
}

/** What X itself says, shortened: its texts name the fault better than ours can. */
function said(body: unknown): string {
  const texts = complaintsOf(body).map(({ message }) => message);
  const title = isObject(body) && typeof body.title === "string" ? body.title : "";
  const words = [...new Set([title, ...texts])].filter((text) => text !== "").join("; ");
  return words === "" ? "" : ` X says: "${words.slice(0, 500)}"`;
}
