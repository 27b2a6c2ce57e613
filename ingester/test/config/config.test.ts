import { loadConfig } from "../src/config";
import { ConfigError } from "../src/errors";

const VALID = {
  X_BEARER_TOKEN: "AAAAtoken",
  SEARCH_QUERY: "from:nasa",
  FIREHOSE_STREAM_NAME: "tweet_stream",
  CHECKPOINT_FILE: "state/checkpoint.json",
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  it("fills in the documented defaults", () => {
    expect(loadConfig(VALID)).toMatchObject({
      mode: "search",
      runOnce: false,
      x: { apiUrl: "https://api.x.com" },
      search: { query: "from:nasa", pollMs: 60_000, start: "window", postFields: undefined, expansions: [] },
      checkpoint: { kind: "file", path: "state/checkpoint.json" },
      checkpointKey: "search:from:nasa",
      limits: { monthlyPosts: undefined, monthlyUsd: undefined, billingCycleDay: undefined },
      prices: { postUsd: 0.005, includedPostUsd: 0.005, includedUserUsd: 0.01 },
      httpPort: 8080,
      metricsNamespace: undefined,
      shutdownMs: 25_000,
      logLevel: "info",
    });
  });

  it("reports every problem at once, by variable name", () => {
    const problems = problemsOf({
      INGEST_MODE: "firehose",
      X_API_URL: "http://api.x.com",
      SEARCH_POLL_SECONDS: "soon",
      HTTP_PORT: "70000",
      LOG_LEVEL: "loud",
      RUN_ONCE: "yes",
    });
    const names = problems.map((problem) => problem.split(" ")[0]);
    expect(names.sort()).toEqual([
      "CHECKPOINT_TABLE",
      "FIREHOSE_STREAM_NAME",
      "HTTP_PORT",
      "INGEST_MODE",
      "LOG_LEVEL",
      "RUN_ONCE",
      "SEARCH_POLL_SECONDS",
      "SEARCH_QUERY",
      "X_API_URL",
      "X_BEARER_TOKEN",
    ]);
  });

  it.each([
    ["HTTP_PORT", "65536", "from 0 to 65535"],
    ["HTTP_PORT", "80.5", "a whole number"],
    ["MONTHLY_POST_LIMIT", "1e3", "a whole number"],
    ["MONTHLY_USD_LIMIT", "-1", "from 0"],
    ["SHUTDOWN_SECONDS", "121", "from 1 to 120"],
    ["SEARCH_START", "yesterday", "window, now or an ISO 8601 time"],
    ["SEARCH_START", "2999-01-01T00:00:00Z", "future"],
    ["EXPANSIONS", "author", "unknown names: author"],
    ["POST_FIELDS", "created at", "X field names"],
    ["FIREHOSE_STREAM_NAME", "tweet stream", "1 to 64"],
    ["SEARCH_QUERY", "x".repeat(513), "at most 512 characters, got 513"],
    ["SEARCH_QUERY", "cats sample:10", "sample:"],
    ["X_API_URL", "ftp://localhost", "unencrypted"],
    ["X_API_URL", "not a url", "is not a URL"],
    ["AWS_ENDPOINT_URL_FIREHOSE", "localhost:4566", "http or https URL"],
    ["INGEST_MODE", "stream", "does not offer yet"],
  ])("refuses %s=%s and says what is allowed", (name, value, expected) => {
    const problems = problemsOf({ ...VALID, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).toContain(expected);
  });

  it.each([
    ["HTTP_PORT", "0"],
    ["HTTP_PORT", "65535"],
    ["SHUTDOWN_SECONDS", "120"],
    ["SEARCH_QUERY", "x".repeat(512)],
    ["SEARCH_QUERY", '"sample: of text" has:links'],
    ["X_API_URL", "http://127.0.0.1:8089/"],
    ["X_API_URL", "http://localhost:8089"],
    ["X_API_URL", "http://[::1]:8089"],
    ["MONTHLY_USD_LIMIT", "2.50"],
    ["SEARCH_START", "2024-01-02T08:00:00Z"],
  ])("takes %s=%s", (name, value) => {
    expect(problemsOf({ ...VALID, [name]: value })).toEqual([]);
  });

  it("wants exactly one place for the checkpoint", () => {
    expect(problemsOf({ ...VALID, CHECKPOINT_TABLE: "tweets-dev-checkpoints" })[0]).toContain("got both");
    expect(problemsOf({ ...VALID, CHECKPOINT_FILE: undefined })[0]).toContain("got neither");
  });

  it.each([["Bearer AAAA-secret"], ['{"token":"AAAA-secret"}'], ["AAAA secret"]])(
    "never repeats a malformed token (%#)",
    (token) => {
      const problems = problemsOf({ ...VALID, X_BEARER_TOKEN: token });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toMatch(/AAAA|secret/);
    },
  );

  it("makes a short printable checkpoint key of any query", () => {
    const key = loadConfig({ ...VALID, SEARCH_QUERY: "سلام 👋" }).checkpointKey;
    expect(key).toMatch(/^search:sha256-[0-9a-f]{16}$/);
  });

  it("cannot be changed afterwards", () => {
    const config = loadConfig(VALID);
    expect(() => Object.assign(config.search, { query: "other" })).toThrow(TypeError);
  });
});
