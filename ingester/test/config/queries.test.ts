import { defaultKey } from "../../src/config/queries";
import { BUYING, configOf, expectRefused, problemsOf } from "./helpers/environment";

interface Named {
  readonly name: string;
  readonly query: string;
}

const NASA: Named = { name: "nasa", query: "from:nasa" };
const ESA: Named = { name: "esa", query: "from:esa" };

const several = (queries: unknown) => ({
  SEARCH_QUERY: undefined,
  SEARCH_QUERIES: typeof queries === "string" ? queries : JSON.stringify(queries),
});
const many = (count: number): readonly Named[] =>
  Array.from({ length: count }, (_, index) => ({ name: `q${index}`, query: `from:user${index}` }));

describe("SEARCH_QUERY", () => {
  it.each([
    ["SEARCH_QUERY", "x".repeat(513), "at most 512 characters, got 513"],
    ["SEARCH_QUERY", "👋".repeat(513), "at most 512 characters, got 513"],
    ["SEARCH_QUERY", "cats sample:10", "sample:"],
    ["SEARCH_QUERY", "cats (bio:vet OR bio_name:vet)", "bio:, bio_name:"],
  ])("is refused: %s=%s", expectRefused);

  it.each(["x".repeat(512), "👋".repeat(512), '"sample: of text" has:links'])("is taken: %s", (query) => {
    expect(configOf({ SEARCH_QUERY: query }).queries).toMatchObject([{ query }]);
  });

  it("may be twice as long for the full archive", () => {
    const archive = { ...BUYING, fullArchive: true };
    expect(problemsOf({ SEARCH_QUERY: "x".repeat(1_024) }, archive)).toEqual([]);
    expect(problemsOf({ SEARCH_QUERY: "x".repeat(1_025) }, archive)).toEqual([
      "SEARCH_QUERY must be at most 1,024 characters, got 1,025.",
    ]);
  });

  it("is required where SEARCH_QUERIES is not set", () => {
    expect(problemsOf({ SEARCH_QUERY: undefined })).toEqual([
      expect.stringMatching(/^SEARCH_QUERY is missing.*SEARCH_QUERIES/),
    ]);
  });
});

describe("SEARCH_QUERIES", () => {
  it("names several queries, in their order", () => {
    expect(configOf(several([NASA, ESA])).queries).toEqual([
      { ...NASA, key: "tweet_stream/from:nasa" },
      { ...ESA, key: "tweet_stream/from:esa" },
    ]);
  });

  it("takes a single query, 32 of them, and names of 64 characters", () => {
    expect(configOf(several([NASA])).queries).toHaveLength(1);
    expect(configOf(several(many(32))).queries).toHaveLength(32);
    expect(problemsOf(several([{ ...NASA, name: "n".repeat(64) }]))).toEqual([]);
  });

  it("is refused beside SEARCH_QUERY", () => {
    expect(problemsOf({ SEARCH_QUERIES: JSON.stringify([NASA]) })).toEqual([
      "SEARCH_QUERY and SEARCH_QUERIES are both set. Set one of them.",
    ]);
  });

  it.each([
    ["no JSON", "from:nasa"],
    ["no array", NASA],
    ["an empty array", []],
    ["33 queries", many(33)],
    ["a query without a name", [{ query: "from:nasa" }]],
    ["a name without a query", [{ name: "nasa" }]],
    ["a query that is no text", [{ name: "nasa", query: 1 }]],
    ["something else than objects", ["from:nasa", null]],
  ])("is refused with an example: %s", (_name, queries) => {
    expect(problemsOf(several(queries))).toEqual([
      expect.stringMatching(
        /^SEARCH_QUERIES must be a JSON array such as \[\{"name":"nasa","query":"from:nasa"\}\], of 1 to 32 /,
      ),
    ]);
  });

  it("shows only the beginning of a long value that it cannot read", () => {
    const [problem = ""] = problemsOf(several("x".repeat(5_000)));
    expect(problem).toMatch(/got x{100}\.\.\.$/);
  });

  it.each([
    ["a name twice", [NASA, { ...ESA, name: "nasa" }], 'holds the name "nasa" twice.'],
    ["a query twice", [NASA, { ...NASA, name: "again" }], 'holds the query "from:nasa" twice.'],
    [
      "a query twice but for white space",
      [
        { name: "a", query: "cats  has:links" },
        { name: "b", query: " cats has:links\n" },
      ],
      'holds the query "cats has:links" twice.',
    ],
    ["an empty query", [NASA, { name: "empty", query: " " }], "holds an empty query."],
    ["an empty name", [{ ...NASA, name: "" }], 'holds the name ""; a name is 1 to 64 of'],
    [
      "a name with a space",
      [{ ...NASA, name: "the nasa" }],
      'holds the name "the nasa"; a name is 1 to 64 of',
    ],
    ["a name with a slash", [{ ...NASA, name: "a/b" }], 'holds the name "a/b"; a name is 1 to 64 of'],
    ["a name that is not ASCII", [{ ...NASA, name: "ü" }], 'holds the name "ü"; a name is 1 to 64 of'],
    ["a name of 65 characters", [{ ...NASA, name: "n".repeat(65) }], "a name is 1 to 64 of"],
  ])("is refused: %s", (_name, queries, expected) => {
    const problems = problemsOf(several(queries));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^SEARCH_QUERIES holds /);
    expect(problems[0]).toContain(expected);
  });

  it("reports every wrong query by its place", () => {
    const wrong = [{ ...NASA, query: "x".repeat(513) }, ESA, { name: "c", query: "bio:vet" }];
    expect(problemsOf(several(wrong))).toEqual([
      expect.stringMatching(/^SEARCH_QUERIES\[0\] must be at most 512 characters/),
      expect.stringMatching(/^SEARCH_QUERIES\[2\] uses bio:/),
    ]);
  });
});

describe("the key of a query's coverage", () => {
  const keyOf = (changes: Record<string, string | undefined>) => configOf(changes).queries[0]?.key;

  it("is the stream and the query, with normalised white space", () => {
    const query = "(cats  OR\tdogs)\n lang:en";
    expect(keyOf({ SEARCH_QUERY: query })).toBe("tweet_stream/(cats OR dogs) lang:en");
    expect(keyOf({ SEARCH_QUERY: query, FIREHOSE_STREAM_NAME: "other" })).toBe(
      "other/(cats OR dogs) lang:en",
    );
  });

  it.each([
    ["is not ASCII", "سلام 👋"],
    ["makes it longer than 200 characters", "x".repeat(200)],
  ])("is a hash of a query that %s, the same for any white space", (_why, query) => {
    const key = defaultKey("tweet_stream", `${query} has:links`);
    expect(key).toMatch(/^tweet_stream\/sha256-[0-9a-f]{16}$/);
    expect(defaultKey("tweet_stream", `  ${query}\n has:links`)).toBe(key);
    expect(defaultKey("tweet_stream", `${query} has:images`)).not.toBe(key);
  });

  it("holds the query up to 200 characters, and a hash beyond", () => {
    const query = "x".repeat(200 - "tweet_stream/".length);
    expect(defaultKey("tweet_stream", query)).toBe(`tweet_stream/${query}`);
    expect(defaultKey("tweet_stream", `${query}x`)).toMatch(/\/sha256-/);
  });

  it("is CHECKPOINT_KEY where that is set", () => {
    expect(configOf({ CHECKPOINT_KEY: "space agencies" }).queries).toEqual([
      { name: "space agencies", query: "from:nasa", key: "space agencies" },
    ]);
  });

  it("is CHECKPOINT_KEY and the name where there are several queries", () => {
    const { queries } = configOf({ ...several([NASA, ESA]), CHECKPOINT_KEY: "agencies" });
    expect(queries.map(({ key }) => key)).toEqual(["agencies/nasa", "agencies/esa"]);
  });

  it.each(["schlüssel", "k".repeat(201), "a\tb"])("is refused as CHECKPOINT_KEY: %j", (key) => {
    expect(problemsOf({ CHECKPOINT_KEY: key })).toEqual([
      `CHECKPOINT_KEY must be 1 to 200 printable ASCII characters, no blank first or last and no colon first, got ${JSON.stringify(key)}.`,
    ]);
  });

  it("takes a CHECKPOINT_KEY of 200 characters, unless a name makes it longer", () => {
    expect(problemsOf({ CHECKPOINT_KEY: "k".repeat(200) })).toEqual([]);
    const withNames = (length: number) =>
      problemsOf({ ...several([NASA, ESA]), CHECKPOINT_KEY: "k".repeat(length) });
    expect(withNames(200 - "/nasa".length)).toEqual([]);
    expect(withNames(200 - "/esa".length)).toEqual([expect.stringMatching(/^CHECKPOINT_KEY .*200.*nasa/)]);
  });
});
