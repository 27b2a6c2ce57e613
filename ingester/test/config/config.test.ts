import { BUYING, configOf, expectRefused, problemsOf, VALID } from "./helpers/environment";

describe("loadConfig", () => {
  it("fills in the documented defaults", () => {
    expect(configOf()).toEqual({
      source: { mode: "search" },
      once: false,
      x: { bearerToken: "AAAAtoken", apiUrl: "https://api.x.com", requestTimeoutMs: 30_000 },
      queries: [{ name: "tweet_stream/from:nasa", query: "from:nasa", key: "tweet_stream/from:nasa" }],
      search: { pollMs: 60_000, start: "window", postFields: undefined, expansions: [] },
      firehose: {
        target: { streamName: "tweet_stream", region: undefined, endpointUrl: undefined },
        maxBytesPerSecond: undefined,
      },
      store: { kind: "file", path: "state/ledger.json" },
      budget: {
        terms: {
          limits: { monthlyUsd: 20 },
          prices: {
            posts: 0.005,
            includedPosts: 0.005,
            includedUsers: 0.01,
            recentCounts: 0.005,
            archiveCounts: 0.01,
          },
          scope: "project",
          deduplicates: true,
        },
        cycleDay: undefined,
      },
      http: { port: 8080, host: "127.0.0.1" },
      metricsNamespace: undefined,
      shutdownMs: 25_000,
      logLevel: "info",
    });
  });

  it("takes every one of its own variables", () => {
    const config = configOf({
      RUN_ONCE: "true",
      HTTP_PORT: "0",
      HTTP_HOST: "0.0.0.0",
      METRICS_NAMESPACE: "Tweets",
      SHUTDOWN_SECONDS: "90",
      LOG_LEVEL: "debug",
    });
    expect(config).toMatchObject({
      once: true,
      http: { port: 0, host: "0.0.0.0" },
      metricsNamespace: "Tweets",
      shutdownMs: 90_000,
      logLevel: "debug",
    });
  });

  it("reports every problem at once, by the name of the variable or option", () => {
    const problems = problemsOf(
      {
        ...Object.fromEntries(Object.keys(VALID).map((name) => [name, undefined])),
        INGEST_MODE: "firehose",
        X_API_URL: "http://api.x.com",
        X_DEDUPLICATES: "mostly",
        SEARCH_POLL_SECONDS: "soon",
        CHECKPOINT_KEY: "schlüssel",
        MONTHLY_POST_LIMIT: "9",
        LIMIT_SCOPE: "team",
        BILLING_CYCLE_DAY: "32",
        HTTP_PORT: "70000",
        LOG_LEVEL: "loud",
        RUN_ONCE: "yes",
      },
      { caps: { maxPosts: 5, maxUsd: 0.01 } },
    );
    const names = problems.map((problem) => problem.split(" ")[0]);
    expect(names.sort()).toEqual([
      "--max-posts",
      "--max-usd",
      "BILLING_CYCLE_DAY",
      "CHECKPOINT_KEY",
      "CHECKPOINT_TABLE",
      "FIREHOSE_STREAM_NAME",
      "HTTP_PORT",
      "INGEST_MODE",
      "LIMIT_SCOPE",
      "LOG_LEVEL",
      "MONTHLY_POST_LIMIT",
      "RUN_ONCE",
      "SEARCH_POLL_SECONDS",
      "SEARCH_QUERY",
      "X_API_URL",
      "X_BEARER_TOKEN",
      "X_DEDUPLICATES",
    ]);
  });

  it.each([
    ["HTTP_PORT", "65536", "from 0 to 65535"],
    ["HTTP_PORT", "80.5", "a whole number"],
    ["SHUTDOWN_SECONDS", "0", "from 1 to 120"],
    ["SHUTDOWN_SECONDS", "121", "from 1 to 120"],
    ["INGEST_MODE", "firehose", "one of search, stream"],
    ["LOG_LEVEL", "verbose", "one of fatal, error, warn, info, debug, trace, silent"],
    ["RUN_ONCE", "1", "one of true, false"],
  ])("refuses %s=%s and says what is allowed", expectRefused);

  it.each([
    ["HTTP_PORT", "0"],
    ["HTTP_PORT", "65535"],
    ["SHUTDOWN_SECONDS", "1"],
    ["SHUTDOWN_SECONDS", "120"],
    ["INGEST_MODE", "Search"],
    ["LOG_LEVEL", "WARN"],
    ["RUN_ONCE", " True "],
  ])("takes %s=%s", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([]);
  });

  it("takes a blank variable for one that is not set", () => {
    expect(configOf({ HTTP_PORT: " ", HTTP_HOST: "", SEARCH_QUERIES: "" })).toEqual(configOf());
    expect(problemsOf({ X_BEARER_TOKEN: " " })).toEqual([
      expect.stringMatching(/^X_BEARER_TOKEN is missing/),
    ]);
  });

  it("cannot be changed afterwards, at any depth", () => {
    const config = configOf({}, BUYING);
    expect(() => Object.assign(config, { once: true })).toThrow(TypeError);
    expect(() => Object.assign(config.budget.terms.limits, { monthlyUsd: 1_000 })).toThrow(TypeError);
    expect(() => Object.assign(config.queries[0] ?? {}, { query: "other" })).toThrow(TypeError);
  });
});
