/**
 * Classifies answers that are errors. X uses one status for very different errors, so the body decides: docs.x.com,
 * "Response codes and errors", and public reports of its servers' answers.
 */
import { SourceError, type SourceErrorKind } from "../loop/errors";
import { retryAfterMs, type UsedUp, usedUp, waitForLimit, windowRemains } from "./limit-headers";
import { type Complaint, complaintsOf, described, isProblem, said } from "./problem";
import type { Headers } from "./transport";

export interface XFailure {
  readonly status: number;
  /** Parsed JSON, or the text when it was none. */
  readonly body: unknown;
  readonly headers: Headers;
  /** Path of the endpoint, such as `tweets/search/all`. */
  readonly path: string;
  /** A refusal of access that is probably a passing fault, because X has granted the same before. */
  readonly isDoubted?: boolean;
  /** X has not answered yet in this process: the address may be wrong. */
  readonly isUnproven?: boolean;
}

/** An answer whose status is an error: meaningOf() says what it means. */
export class XResponseError extends Error {
  constructor(readonly failure: XFailure) {
    super(`X answered ${failure.status} on ${failure.path}`);
  }
}

/** Makes a SourceError of a refusal. @param nowMs by X's clock */
export async function explained<T>(request: Promise<T>, nowMs: number): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof XResponseError)) throw error;
    const meaning = meaningOf(error.failure, nowMs);
    throw meaning.type === "error" ? meaning.error : refusal(error.failure);
  }
}

/** Refusals after which the source can change its request at no cost, and errors after which the loop waits or ends. */
export type Meaning =
  | { readonly type: "stale_since"; readonly oldestSinceId: string }
  | { readonly type: "stale_until" }
  /** X refuses a bound for another reason: its time may be in the future by X's clock. */
  | { readonly type: "refused_bound" }
  | { readonly type: "refused_token" }
  /** Values that X does not know, by parameter; no values: the parameter itself. */
  | { readonly type: "refused_fields"; readonly refused: readonly RefusedField[] }
  | { readonly type: "error"; readonly error: SourceError };

export interface RefusedField {
  /** Such as `post.fields`. */
  readonly parameter: string;
  readonly values: readonly string[];
}

const FIELD_PARAMETERS = /^(post|tweet|user|media|poll|place)\.fields$|^expansions$/;

export function meaningOf(failure: XFailure, nowMs: number): Meaning {
  const { status, body, path, isUnproven } = failure;
  const isWordOfX = isProblem(body);
  if (isWordOfX && status === 400) return meaningOfBadRequest(failure);
  const { kind, hint } = isWordOfX ? kindOf(failure) : kindOfForeign(failure);
  const wait = waitOf(kind, failure, nowMs);
  const message = isWordOfX
    ? `X answered ${status} on ${path}: ${hint}${said(body)}`
    : `Something between here and X answered ${status} on ${path} with ${described(body)}: ${hint}` +
      (isUnproven === true ? " Check X_API_URL." : "");
  const mayBeBilled = !isWordOfX && GATEWAY_STATUSES.has(status) && !isFree(path);
  return {
    type: "error",
    error: new SourceError(message, {
      ...{ kind, mayBeBilled },
      ...(wait === undefined ? {} : { retryAtMs: nowMs + wait }),
    }),
  };
}

interface Kind {
  readonly kind: SourceErrorKind;
  readonly hint: string;
}

/** Transient statuses among 4xx: a request that was slow, too early, or cancelled by a proxy (nginx: 499). */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 499]);

/**
 * With these, a server in between says that it passed the request on and has no answer of X's: X can have answered, and
 * billed. 499 and 520 to 524 are those of nginx and Cloudflare.
 */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([499, 502, 504, 520, 524]);
/** Endpoints whose requests cost nothing. */
const FREE = /^(usage\/|connections|tweets\/search\/stream\/rules)/;

/** Whether requests to a path cost nothing, whatever is answered. */
export function isFree(path: string): boolean {
  return FREE.test(path);
}

function kindOf({ status, body, headers, path, isDoubted }: XFailure): Kind {
  const words = JSON.stringify(body).toLowerCase();
  if (status === 402)
    return {
      kind: "credits_depleted",
      hint: "prepaid credit is used up; buy credit in X's developer console.",
    };
  if (status === 403 && words.includes("spending limit")) {
    return { kind: "spending_limit", hint: "the spending limit set in X's console is reached." };
  }
  if (status === 429) return limitKind(words, headers, path);
  if (status >= 500 || PASSING_STATUSES.has(status)) return { kind: "transient", hint: "a passing failure." };
  if (isDoubted === true)
    return { kind: "transient", hint: "refused, although X has accepted the same before; asked again." };
  if (status === 401 || status === 403) {
    return {
      kind: "access",
      hint: "credentials or access refused. Check X_BEARER_TOKEN and the access level of its app.",
    };
  }
  if (status === 404) return { kind: "invalid_request", hint: "no such endpoint. Check X_API_URL." };
  return { kind: "invalid_request", hint: "the request was refused." };
}

/** An answer of a CDN, a proxy or a captive portal: it is no answer about the token, the query or the account. */
function kindOfForeign({ status, headers, path }: XFailure): Kind {
  if (status === 429) return limitKind("", headers, path);
  if (status === 407) return { kind: "transient", hint: "the proxy wants credentials. Check HTTPS_PROXY." };
  return { kind: "transient", hint: "a passing failure." };
}

function limitKind(words: string, headers: Headers, path: string): Kind {
  if (/usagecapexceeded|usage-capped/.test(words))
    return { kind: "usage_cap", hint: "the monthly cap of the project is used up." };
  if (usedUp(headers)?.limit === "day") return { kind: "day_limit", hint: LIMIT_WORDS.day };
  if (windowRemains(headers) && path.endsWith("/all")) {
    return { kind: "second_limit", hint: "one request per second on full-archive search." };
  }
  return { kind: "window_limit", hint: LIMIT_WORDS.window };
}

const LIMIT_WORDS = {
  window: "the rate limit of the endpoint is used up.",
  day: "the 24-hour limit is used up.",
} as const;

/** Milliseconds until the time of the next attempt that X states; undefined if it states none. */
function waitOf(kind: SourceErrorKind, { headers }: XFailure, nowMs: number): number | undefined {
  switch (kind) {
    case "second_limit":
      return retryAfterMs(headers, nowMs) ?? 1_000;
    case "transient":
      return retryAfterMs(headers, nowMs);
    case "window_limit":
    case "day_limit":
      return waitForLimit(headers, usedUp(headers) ?? { limit: "window", resetMs: undefined }, nowMs);
    default:
      return undefined;
  }
}

/** A request that is not sent, because its rate limit is used up and X would refuse it. @param untilMs by X's clock */
export function rateLimited(path: string, limit: UsedUp["limit"], untilMs: number): SourceError {
  const kind = limit === "day" ? "day_limit" : "window_limit";
  return new SourceError(`${path}: ${LIMIT_WORDS[limit]}`, { kind, retryAtMs: untilMs });
}

/** A 400 that a changed request cannot avoid. @param about the setting that X refuses */
export function refusal(failure: XFailure, about?: string): SourceError {
  const aboutQuery = complaintsOf(failure.body).some(({ parameters }) => parameters.includes("query"));
  const what = about ?? (aboutQuery ? "the query (SEARCH_QUERY, or --query)" : "the request");
  const message = `X refused ${what}, ${failure.status} on ${failure.path}.${said(failure.body)}`;
  return new SourceError(message, { kind: "invalid_request" });
}

function meaningOfBadRequest(failure: XFailure): Meaning {
  const complaints = complaintsOf(failure.body);
  const naming = (test: (parameter: string) => boolean) =>
    complaints.filter(({ parameters }) => parameters.some(test));
  const [since] = naming((parameter) => parameter === "since_id");
  const oldestSinceId = namedId(since);
  if (oldestSinceId !== undefined) return { type: "stale_since", oldestSinceId };
  const [bound] = naming((parameter) => parameter === "until_id" || parameter === "since_id");
  if (bound !== undefined && /created after|larger than/.test(bound.message)) return { type: "stale_until" };
  if (bound !== undefined) return { type: "refused_bound" };
  const tokens = naming((parameter) => parameter === "next_token" || parameter === "pagination_token");
  if (tokens.length > 0) return { type: "refused_token" };
  const fields = naming((parameter) => FIELD_PARAMETERS.test(parameter));
  if (fields.length > 0) return { type: "refused_fields", refused: fields.map(refusedField) };
  return { type: "error", error: refusal(failure) };
}

/** The id in "Please use a 'since_id' that is larger than 2089996193672200192". */
function namedId(complaint: Complaint | undefined): string | undefined {
  return complaint === undefined ? undefined : /larger than\s+'?(\d{1,19})/.exec(complaint.message)?.[1];
}

/** Values from "The `post.fields` query parameter value [foo,bar] is not one of [attachments,author_id,...]". */
function refusedField({ parameters, message }: Complaint): RefusedField {
  const values = /values? [[`'"]([^\]`'"]+)[\]`'"]/.exec(message)?.[1]?.split(",") ?? [];
  return {
    parameter: parameters.find((name) => FIELD_PARAMETERS.test(name)) ?? "",
    values: values.map((value) => value.trim()).filter((value) => value !== ""),
  };
}
