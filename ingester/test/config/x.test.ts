import { configOf, expectRefused, problemsOf } from "./helpers/environment";

describe("X's part of the configuration", () => {
  it("says how to ask", () => {
    const config = configOf({
      X_API_URL: "http://127.0.0.1:8089/",
      X_REQUEST_TIMEOUT_SECONDS: "5",
      SEARCH_POLL_SECONDS: "0.5",
      SEARCH_START: "2024-01-02T08:00:00Z",
      POST_FIELDS: "created_at, lang,",
      EXPANSIONS: "author_id,referenced_posts",
    });
    expect(config.x).toMatchObject({ apiUrl: "http://127.0.0.1:8089", requestTimeoutMs: 5_000 });
    expect(config.search).toEqual({
      pollMs: 500,
      start: Date.parse("2024-01-02T08:00:00Z"),
      postFields: ["created_at", "lang"],
      expansions: ["author_id", "referenced_posts"],
    });
  });

  it.each(["window", "now"] as const)("starts a query without coverage at %s", (start) => {
    expect(configOf({ SEARCH_START: start }).search.start).toBe(start);
  });

  it.each([
    ["SEARCH_START", "yesterday", "window, now or a time (2026-11-23"],
    ["SEARCH_START", "2999-01-01T00:00:00Z", "future"],
    ["SEARCH_POLL_SECONDS", "86401", "from 0 to 86400"],
    ["EXPANSIONS", "author", "unknown names: author"],
    ["POST_FIELDS", "created at", "X field names"],
    ["X_API_URL", "http://api.x.com", "unencrypted"],
    ["X_API_URL", "http://127.0.0.1.example.com", "unencrypted"],
    ["X_API_URL", "ftp://localhost", "unencrypted"],
    ["X_API_URL", "not a url", "is not a URL"],
    ["X_API_URL", "https://user@api.x.com", "must not hold credentials"],
    ["X_API_URL", "https://:secret@api.x.com", "must not hold credentials"],
    ["X_REQUEST_TIMEOUT_SECONDS", "0", "from 1 to 60"],
  ])("refuses %s=%s and says what is allowed", expectRefused);

  it.each([
    ["X_API_URL", "http://127.0.0.1:8089/"],
    ["X_API_URL", "http://localhost:8089"],
    ["X_API_URL", "http://[::1]:8089"],
    ["X_API_URL", "https://proxy.example.com/x"],
    ["SEARCH_POLL_SECONDS", "86400"],
  ])("takes %s=%s", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([]);
  });

  it.each([["Bearer AAAA-secret"], ['{"token":"AAAA-secret"}'], ["AAAA secret"], ["AAAA–secret"]])(
    "never repeats a malformed token (%#)",
    (token) => {
      const problems = problemsOf({ X_BEARER_TOKEN: token });
      expect(problems).toEqual([expect.stringMatching(/^X_BEARER_TOKEN must be the token alone/)]);
      expect(problems.join()).not.toMatch(/AAAA|secret/);
    },
  );
});
