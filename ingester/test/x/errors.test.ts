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
      failure(403, { detail: "You have reached your spending limit for this billing cycle." }),
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
    ["an unknown endpoint", failure(404, "not found"), "invalid_request"],
  ])("recognises %s", (_name, given, kind) => {
    expect(errorOf(given).kind).toBe(kind);
  });

  it("never takes a refused request for a billed one", () => {
    for (const status of [400, 401, 402, 403, 404, 429, 500, 503]) {
      expect(errorOf(failure(status, {})).mayBeBilled).toBe(false);
    }
  });

  it("waits for the reset that X names", () => {
    expect(errorOf(failure(429, {}, { headers: reset })).retryAtMs).toBe(NOW + 300_000);
  });

  it.each([
    ["in the past", -900, 1_000],
    ["hours away", 36_000, 930_000],
  ])("clamps a reset that lies %s", (_name, seconds, waitMs) => {
    const headers = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(NOW / 1_000 + seconds) };
    expect(errorOf(failure(429, {}, { headers })).retryAtMs).toBe(NOW + waitMs);
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
    expect(meaningOf(failure(400, body), NOW)).toEqual({ type: "refused_fields" });
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
