import { meaningOf, type XFailure } from "../../src/x/errors";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const RECENT = "tweets/search/recent";
const problem = (name: string, host = "api.x.com") => `https://${host}/2/problems/${name}`;

function failure(status: number, body: unknown, extra: Partial<XFailure> = {}): XFailure {
  return { status, body, headers: {}, path: RECENT, ...extra };
}

function errorOf(given: XFailure) {
  const verdict = meaningOf(given, NOW);
  if (verdict.type !== "error") throw new Error(`expected an error, got ${verdict.type}`);
  return verdict.error;
}

describe("the meaning of an answer", () => {
  const reset = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(NOW / 1_000 + 300) };

  it.each([
    ["the window limit", failure(429, { title: "Too Many Requests" }, { headers: reset }), "window_limit"],
    [
      "one request per second on full-archive search",
      failure(429, {}, { path: "tweets/search/all", headers: { ...reset, "x-rate-limit-remaining": "120" } }),
      "second_limit",
    ],
    [
      "the monthly cap, although the headers still show thousands",
      failure(429, { title: "UsageCapExceeded" }, { headers: { "x-rate-limit-remaining": "4000" } }),
      "usage_cap",
    ],
    [
      "the monthly cap by type, older host name",
      failure(429, { type: problem("usage-capped", "api.twitter.com") }),
      "usage_cap",
    ],
    [
      "used up credit",
      failure(402, { title: "CreditsDepleted", type: problem("credits") }),
      "credits_depleted",
    ],
    [
      "the console's spending limit",
      failure(403, {
        title: "Forbidden",
        detail: "You have reached your spending limit for this billing cycle.",
      }),
      "spending_limit",
    ],
    ["a wrong token", failure(401, { title: "Unauthorized" }), "access"],
    ["a client that may not search", failure(403, { type: problem("client-forbidden") }), "access"],
    ["a passing failure", failure(503, "Service Unavailable"), "transient"],
    ["an internal error", failure(500, { title: "Internal Server Error" }), "transient"],
    [
      "an invalid query",
      failure(400, { errors: [{ parameters: { query: ["("] }, message: "no viable alternative" }] }),
      "invalid_request",
    ],
    ["an unknown endpoint", failure(404, { title: "Not Found", type: "about:blank" }), "invalid_request"],
    ["a query that took too long", failure(408, { title: "Request Timeout" }), "transient"],
    [
      "the app's 24-hour limit, although the window still has requests",
      failure(
        429,
        { title: "Too Many Requests" },
        {
          headers: { "x-rate-limit-remaining": "200", "x-app-limit-24hour-remaining": "0" },
        },
      ),
      "day_limit",
    ],
    [
      "the user's 24-hour limit",
      failure(429, { title: "Too Many Requests" }, { headers: { "x-user-limit-24hour-remaining": "0" } }),
      "day_limit",
    ],
    ["a limit without any headers", failure(429, { title: "Too Many Requests" }), "window_limit"],
  ])("recognises %s", (_name, given, kind) => {
    expect(errorOf(given).kind).toBe(kind);
  });

  it.each<[string, number, unknown]>([
    ["a CDN's page", 403, "<html><head><title>Attention Required! | Cloudflare</title></head></html>"],
    ["a CDN's problem in JSON", 403, { type: "https://developers.cloudflare.com/x", title: "Error 1020" }],
    ["an empty body", 401, ""],
    ["a proxy's page", 404, "<html>not here</html>"],
    ["a proxy's JSON", 401, { error: "unauthorized" }],
    ["a bad request of a proxy", 400, "<html><title>400 The plain HTTP request was sent</title></html>"],
    ["something gone", 410, ""],
    ["a status of nginx", 499, ""],
    ["a request that came too early", 425, ""],
    ["a status of a CDN", 520, "<html></html>"],
    ["an overlong request", 431, ""],
  ])("takes %s (%#) for a passing failure that says nothing about token or query", (_name, status, body) => {
    const error = errorOf(failure(status, body));
    expect(error.kind).toBe("transient");
    expect(error.message).toMatch(/^Something between here and X answered/);
    expect(error.message).not.toMatch(/X_BEARER_TOKEN|Check X_API_URL/);
  });

  it("names the page that answered in X's place, and the address while X has never answered", () => {
    const body = "<html><head><title>Attention\n Required!</title></head></html>";
    expect(errorOf(failure(403, body, { isUnproven: true })).message).toBe(
      'Something between here and X answered 403 on tweets/search/recent with a page titled "Attention Required!": ' +
        "a passing failure. Check X_API_URL.",
    );
  });

  it("doubts a refusal of access that X has granted before", () => {
    for (const status of [401, 403, 404]) {
      const given = failure(status, { title: "Unauthorized" }, { isDoubted: true });
      expect(errorOf(given).kind).toBe("transient");
    }
  });

  it("never doubts what only money can change", () => {
    const depleted = failure(402, { title: "CreditsDepleted" }, { isDoubted: true });
    const limit = failure(403, { title: "Forbidden", detail: "spending limit" }, { isDoubted: true });
    expect([errorOf(depleted).kind, errorOf(limit).kind]).toEqual(["credits_depleted", "spending_limit"]);
  });

  it("never takes a refused request for a billed one", () => {
    for (const status of [400, 401, 402, 403, 404, 429, 500, 503]) {
      expect(errorOf(failure(status, {})).mayBeBilled).toBe(false);
    }
    const ofX = { title: "Bad Gateway", type: "about:blank", status: 502 };
    expect(errorOf(failure(502, ofX)).mayBeBilled).toBe(false);
  });

  it("takes a gateway's word that no answer of X came for one that can have been billed", () => {
    for (const status of [499, 502, 504, 520, 524]) {
      expect(errorOf(failure(status, "<html></html>")).mayBeBilled).toBe(true);
      expect(errorOf(failure(status, "", { path: "usage/tweets" })).mayBeBilled).toBe(false);
    }
    for (const status of [403, 503])
      expect(errorOf(failure(status, "<html></html>")).mayBeBilled).toBe(false);
  });

  it("waits for the reset that X names", () => {
    expect(errorOf(failure(429, {}, { headers: reset })).retryAtMs).toBe(NOW + 300_000);
  });

  it("clamps a reset that lies hours away", () => {
    const headers = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(NOW / 1_000 + 36_000) };
    expect(errorOf(failure(429, {}, { headers })).retryAtMs).toBe(NOW + 930_000);
  });

  it("does not go by a reset that has passed", () => {
    const headers = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(NOW / 1_000 - 900) };
    expect(errorOf(failure(429, {}, { headers })).retryAtMs).toBeUndefined();
  });

  it("compares the reset with the answer's own Date, not with this machine's clock", () => {
    const theirs = NOW - 3_600_000;
    const headers = {
      date: new Date(theirs).toUTCString(),
      "x-rate-limit-remaining": "0",
      "x-rate-limit-reset": String(theirs / 1_000 + 120),
    };
    expect(errorOf(failure(429, {}, { headers })).retryAtMs).toBe(NOW + 120_000);
  });

  it("waits a whole day for a 24-hour limit, and no longer", () => {
    const headers = {
      "x-app-limit-24hour-remaining": "0",
      "x-app-limit-24hour-reset": String(NOW / 1_000 + 9e6),
    };
    expect(errorOf(failure(429, {}, { headers })).retryAtMs).toBe(NOW + 86_400_000 + 30_000);
  });

  it("reads Retry-After as a date, too", () => {
    const headers = { date: new Date(NOW).toUTCString(), "retry-after": new Date(NOW + 9_000).toUTCString() };
    expect(errorOf(failure(503, {}, { headers })).retryAtMs).toBe(NOW + 9_000);
  });

  it("honours Retry-After where X sends it", () => {
    expect(errorOf(failure(503, {}, { headers: { "retry-after": "7" } })).retryAtMs).toBe(NOW + 7_000);
  });

  it("reads the oldest since_id that X still takes", () => {
    const message =
      "'since_id' must be a tweet id created after 2026-08-19T08:41Z. Please use a 'since_id' that is larger than 2089996193672200192";
    const body = { title: "Invalid Request", errors: [{ parameters: { since_id: ["1"] }, message }] };
    expect(meaningOf(failure(400, body), NOW)).toEqual({
      type: "stale_since",
      oldestSinceId: "2089996193672200192",
    });
  });

  it("recognises an until_id that is too old", () => {
    const message = "'until_id' must be a tweet id created after 2026-08-19T08:41Z.";
    const body = { errors: [{ parameters: { until_id: ["1"] }, message }] };
    expect(meaningOf(failure(400, body), NOW)).toEqual({ type: "stale_until" });
  });

  it.each([
    ["in errors[].parameters", { errors: [{ parameters: { "post.fields": ["a"] }, message: "not one of" }] }],
    [
      "as the parameter of a problem",
      { type: problem("invalid-request"), parameter: "post.fields", detail: "unknown" },
    ],
    [
      "between backticks only",
      { errors: [{ message: "The query parameter [post.fields] is not one of [query,max_results]" }] },
    ],
  ])("recognises refused fields named %s", (_name, body) => {
    expect(meaningOf(failure(400, body), NOW)).toMatchObject({
      type: "refused_fields",
      refused: [{ parameter: "post.fields" }],
    });
  });

  it("recognises an expired pagination token", () => {
    const body = { errors: [{ parameters: { next_token: ["abc"] }, message: "Invalid 'next_token'" }] };
    expect(meaningOf(failure(400, body), NOW)).toEqual({ type: "refused_token" });
  });

  it("repeats what X says, shortened", () => {
    const body = { errors: [{ parameters: { query: ["("] }, message: `missing ')' ${"x".repeat(2_000)}` }] };
    const { message } = errorOf(failure(400, body));
    expect(message).toContain("missing ')'");
    expect(message.length).toBeLessThan(700);
  });
});
