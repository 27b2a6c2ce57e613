import { configOf, problemsOf, VALID } from "./helpers/environment";

const MIB = 1024 * 1024;
const RULES = [{ value: "from:nasa", tag: "nasa" }];
const STREAM = {
  SEARCH_QUERY: undefined,
  INGEST_MODE: "stream",
  STREAM_RULES: JSON.stringify(RULES),
};

describe("INGEST_MODE", () => {
  it("is search by default, with queries and without rules", () => {
    expect(configOf()).toMatchObject({ source: { mode: "search" }, queries: [{ query: "from:nasa" }] });
  });

  it("reads rules instead of queries in stream mode, with the documented defaults", () => {
    expect(configOf(STREAM)).toMatchObject({
      source: { mode: "stream", key: "tweet_stream", rules: RULES, fill: true, bufferBytes: 64 * MIB },
      queries: [],
      search: { start: "now" },
    });
  });

  it("takes every variable of the stream", () => {
    const changes = {
      STREAM_FILL: "False",
      STREAM_BUFFER_MIB: "8",
      CHECKPOINT_KEY: "space",
      SEARCH_START: "window",
    };
    expect(configOf({ ...STREAM, ...changes })).toMatchObject({
      source: { key: "space", fill: false, bufferBytes: 8 * MIB },
      search: { start: "window" },
    });
  });

  it("cannot be changed afterwards, rules included", () => {
    const { source } = configOf(STREAM);
    const [rule] = source.mode === "stream" ? source.rules : [];
    expect(() => Object.assign(rule ?? {}, { tag: "other" })).toThrow(TypeError);
  });

  it.each([
    ["STREAM_FILL", "yes", "one of true, false"],
    ["STREAM_BUFFER_MIB", "7", "a whole number from 8 to 4096"],
    ["STREAM_BUFFER_MIB", "4097", "a whole number from 8 to 4096"],
    ["STREAM_BUFFER_MIB", "64.5", "a whole number from 8 to 4096"],
    ["CHECKPOINT_KEY", "schlüssel", "1 to 200 printable ASCII characters"],
    ["SEARCH_START", "yesterday", "window, now or an ISO 8601 time"],
    ["RUN_ONCE", "true", "must be false where INGEST_MODE is stream"],
    ["SEARCH_QUERY", "from:nasa", "is set, and INGEST_MODE is stream, which reads STREAM_RULES"],
    ["SEARCH_QUERIES", '[{"name":"a","query":"b"}]', "is set, and INGEST_MODE is stream"],
  ])("refuses %s=%s in stream mode and says what is allowed", (name, value, expected) => {
    const problems = problemsOf({ ...STREAM, [name]: value });
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
  });

  it("refuses a query and rules together, whatever the mode", () => {
    const both = { ...STREAM, SEARCH_QUERY: "from:nasa" };
    expect(problemsOf({ ...both, INGEST_MODE: "search" })).toEqual([
      expect.stringMatching(/^STREAM_RULES and SEARCH_QUERY are both set\. Set INGEST_MODE=stream with /),
    ]);
    expect(problemsOf(both)).toHaveLength(1);
  });

  it("names the mode where rules are set and search reads none", () => {
    expect(problemsOf({ ...STREAM, INGEST_MODE: undefined })).toEqual([
      expect.stringMatching(/^STREAM_RULES is set, and INGEST_MODE is search, .*INGEST_MODE=stream/),
    ]);
  });

  it("reports the problems of rules beside an unknown mode", () => {
    const problems = problemsOf({ ...STREAM, INGEST_MODE: "streem", STREAM_RULES: "[]" });
    expect(problems).toEqual([
      'INGEST_MODE must be one of search, stream, got "streem".',
      expect.stringMatching(/^STREAM_RULES must be a JSON array/),
    ]);
  });

  it("reports every problem of a stream at once", () => {
    const unset = Object.fromEntries(Object.keys(VALID).map((name) => [name, undefined]));
    const wrong = { STREAM_FILL: "maybe", STREAM_BUFFER_MIB: "much", RUN_ONCE: "true", SEARCH_QUERIES: "[]" };
    const problems = problemsOf({ ...unset, INGEST_MODE: "stream", ...wrong });
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "CHECKPOINT_TABLE",
      "FIREHOSE_STREAM_NAME",
      "MONTHLY_USD_LIMIT",
      "RUN_ONCE",
      "SEARCH_QUERIES",
      "STREAM_BUFFER_MIB",
      "STREAM_FILL",
      "STREAM_RULES",
      "X_BEARER_TOKEN",
    ]);
  });
});
