/** An answer of X's that is no success, in the shape X gives it. */
export class XProblem extends Error {
  override readonly name = "XProblem";

  constructor(
    readonly status: number,
    /** The JSON body. */
    readonly body: Readonly<Record<string, unknown>>,
    /** Headers beside the usual ones, lower case. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(String(body.detail ?? body.title));
  }
}

/** One thing wrong with a request. */
export interface ParameterProblem {
  /** The parameters concerned and the values given. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly message: string;
}

const PROBLEMS = "https://api.twitter.com/2/problems";

/** HTTP 400: every problem of a request together. */
export function invalidRequest(problems: readonly ParameterProblem[]): XProblem {
  return new XProblem(400, {
    errors: problems,
    title: "Invalid Request",
    detail: "One or more parameters to your request was invalid.",
    type: `${PROBLEMS}/invalid-request`,
  });
}

/** An answer without details of its own: title and detail repeat the status's name. */
export function plainProblem(status: number, title: string, headers: Record<string, string> = {}): XProblem {
  return new XProblem(status, { title, detail: title, type: "about:blank", status }, headers);
}

/** HTTP 401: no token, or one X does not know. */
export function unauthorized(): XProblem {
  return plainProblem(401, "Unauthorized");
}

/** HTTP 403: the app may not use this endpoint. */
export function clientForbidden(): XProblem {
  return new XProblem(403, {
    client_id: "10000000",
    detail:
      "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter developer App that is attached to a Project. You can create a project via the developer portal.",
    registration_url: "https://developer.twitter.com/en/docs/projects/overview",
    title: "Client Forbidden",
    required_enrollment: "Appropriate Level of API Access",
    reason: "client-not-enrolled",
    type: `${PROBLEMS}/client-forbidden`,
  });
}

/** HTTP 403: the limit set in X's console is reached. */
export function spendingLimitReached(): XProblem {
  return new XProblem(403, {
    account_id: 1_000_000,
    title: "SpendCapReached",
    detail: "Your enrolled account [1000000] has reached its spending limit for this billing cycle.",
    type: `${PROBLEMS}/credits`,
  });
}

/** HTTP 402: nothing is left of what was paid in advance. */
export function creditsDepleted(): XProblem {
  return new XProblem(402, {
    account_id: 1_000_000,
    title: "CreditsDepleted",
    detail: "Your enrolled account [1000000] does not have any credits to fulfill this request.",
    type: `${PROBLEMS}/credits`,
  });
}

/** HTTP 429: the month's posts are used up; the rate-limit headers may still show plenty. */
export function usageCapExceeded(headers: Readonly<Record<string, string>> = {}): XProblem {
  return new XProblem(
    429,
    {
      account_id: 1_000_000,
      product_name: "standard-basic",
      title: "UsageCapExceeded",
      period: "Monthly",
      scope: "Product",
      detail: "Usage cap exceeded: Monthly product cap",
      type: `${PROBLEMS}/usage-capped`,
    },
    headers,
  );
}

/** HTTP 429: this window's, or this second's, requests are used up; the headers tell which. */
export function tooManyRequests(headers: Readonly<Record<string, string>>): XProblem {
  return plainProblem(429, "Too Many Requests", headers);
}
