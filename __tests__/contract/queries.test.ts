import fc from "fast-check";
import { loadConfig } from "../../ingester/src/config/config";
import { KEY } from "../../ingester/src/config/variables/ledger";
import { MAX_QUERIES_AT_ONCE } from "../../ingester/src/config/variables/reading";
import { fits } from "../../stacks/constructs/checks/bound";
import { bounds } from "../../stacks/constructs/checks/bounds";
import { watchedIngester } from "../../stacks/ingestion/coverage-keys";
import { MAX_QUERIES } from "../../stacks/ingestion/rules/query-rules";
import { type IngesterSettings, ingesterEnvironment } from "../../stacks/ingestion/settings";
import type { NamedQuery } from "../../stacks/ingestion/source";
import { ingesterProblems, RUN, synthProblems, TARGETS } from "./both-sides";

/** What the rules about queries look at, and what Terraform and JSON could trip over. */
const FRAGMENTS = [
  ...["cats", '"', " ", "\t", "\u00a0", "-", "(", ")", "_", "天気", "👍", "\u0024{HOME}", "%{if}", "\\"],
  ...["sample:10", "bio:cat", "bio_name:cat", "bio_location:here", "mybio:cat", "sample"],
];
const fragments = fc
  .array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(""));
/** Without the one character that no process can be given in its environment: synth refuses it. */
const texts = fc
  .oneof(fragments, fc.string(), fc.string({ unit: "grapheme" }))
  .filter((text) => !text.includes("\u0000"));

const one = (query: unknown) => ({ source: { mode: "search", query }, monthlyPostLimit: 100 });
const several = (queries: unknown) => ({ source: { mode: "search", queries }, monthlyPostLimit: 100 });

function expectAlike(settings: object): void {
  const [synth, ingester] = [synthProblems(settings), ingesterProblems(settings)];
  expect({ settings, refused: synth.length > 0, why: [synth, ingester] }).toEqual({
    settings,
    refused: ingester.length > 0,
    why: [synth, ingester],
  });
}

describe("a query", () => {
  it("is judged alike by synth and by the ingester, whatever its text", () => {
    fc.assert(fc.property(texts, (query) => expectAlike(one(query))));
    fc.assert(fc.property(texts, (query) => expectAlike(several([{ name: "only", query }]))));
  });

  const judged: readonly [what: string, query: string, isAllowed: boolean][] = [
    ["of 512 characters", "q".repeat(512), true],
    ["of 513 characters", "q".repeat(513), false],
    ["of 512 characters that take two units each", "👍".repeat(512), true],
    ["of blanks", " \t\u00a0", false],
    ["with an operator that search ignores", "cats sample:10", false],
    ["with such an operator first", "bio:cat", false],
    ["with such an operator negated", "cats -bio_name:x", false],
    ["with such an operator in brackets", "(bio_location:x OR cats)", false],
    ["with such an operator right behind a quotation", '"cats"sample:10', false],
    ["with such an operator behind a quotation mark that is not closed", 'cats "dogs sample:10', false],
    ["with such an operator between two quotations", '"a" sample:10 "b"', false],
    ["with such an operator quoted", '"the sample:10" cats', true],
    ["with such an operator as a part of another", "mysample:10 cats", true],
  ];
  it.each(judged)("%s is refused or accepted by both", (_what, query, isAllowed) => {
    for (const settings of [one(query), several([{ name: "only", query }])]) {
      expect(synthProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
      expect(ingesterProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
    }
  });

  it("is refused by synth with a character that no process can be given", () => {
    expect(synthProblems(one("cats\u0000dogs"))).toHaveLength(1);
  });

  it("may have blanks around its 512 characters where it is the only one", () => {
    const query = ` ${"q".repeat(512)} `;
    expect([synthProblems(one(query)), ingesterProblems(one(query))]).toEqual([[], []]);
    expectAlike(several([{ name: "only", query }]));
  });
});

describe("a list of queries", () => {
  it("has at most the ingester's number of them in synth and modules", () => {
    expect(MAX_QUERIES).toBe(MAX_QUERIES_AT_ONCE);
  });

  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `q${index}`, query: `from:${index}` }));
  const judged: readonly [what: string, queries: unknown, isAllowed: boolean][] = [
    ["of one", numbered(1), true],
    ["of as many as the ingester takes", numbered(MAX_QUERIES_AT_ONCE), true],
    ["of one more", numbered(MAX_QUERIES_AT_ONCE + 1), false],
    ["of none", [], false],
    ["with a name twice", [...numbered(2), { name: "q1", query: "dogs" }], false],
    ["with a text twice", [...numbered(2), { name: "dogs", query: " from:1 " }], false],
    [
      "with names that differ in case",
      [
        { name: "a", query: "1" },
        { name: "A", query: "2" },
      ],
      true,
    ],
    ["with a name of 64 characters", [{ name: "n".repeat(64), query: "cats" }], true],
    ["with a name of 65 characters", [{ name: "n".repeat(65), query: "cats" }], false],
    ["with every sign that a name may have", [{ name: "aZ09_.-", query: "cats" }], true],
    ["with a slash in a name", [{ name: "a/b", query: "cats" }], false],
    ["with an empty name", [{ name: "", query: "cats" }], false],
  ];
  it.each(judged)("%s is refused or accepted by both", (_what, queries, isAllowed) => {
    const settings = several(queries);
    expect(synthProblems(settings).length > 0).toBe(!isAllowed);
    expect(ingesterProblems(settings).length > 0).toBe(!isAllowed);
  });

  it("beside a single query is refused by both", () => {
    const settings = {
      source: { mode: "search", query: "cats", queries: numbered(1) },
      monthlyPostLimit: 100,
    };
    expect(synthProblems(settings)).toEqual([
      expect.stringMatching(
        /ingester.source.query or queries must be set, exactly one of them, got both\. Set /,
      ),
    ]);
    expect(ingesterProblems(settings)).toHaveLength(1);
  });

  it("or a single query is asked for by both", () => {
    const settings = { source: { mode: "search" }, monthlyPostLimit: 100 };
    expect(synthProblems(settings)).toEqual([
      expect.stringMatching(/ingester.source.query or .* got neither/),
    ]);
    expect(ingesterProblems(settings)).toHaveLength(1);
  });

  it("has keys of at most 200 characters in all, for both", () => {
    for (const [length, isAllowed] of [
      [200 - "/q0".length, true],
      [200 - "/q0".length + 1, false],
    ] as const) {
      const settings = { ...several(numbered(1)), checkpointKey: "k".repeat(length) };
      expect(synthProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
      expect(ingesterProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
    }
  });
});

describe("a checkpoint key", () => {
  it("may be what the ingester takes, but for a colon first, which CloudWatch refuses", () => {
    const keys = fc.oneof(
      fc.string({ unit: "grapheme-ascii", maxLength: 4 }),
      fc.string({ maxLength: 4 }),
      fc.constantFrom("k".repeat(200), "k".repeat(201), " k", "k ", ":k", "天気", "a\tb"),
    );
    fc.assert(
      fc.property(keys, (key) => {
        expect([key, fits(bounds.checkpointKey, key)]).toEqual([key, KEY.test(key) && !key.startsWith(":")]);
      }),
    );
  });
});

describe("the keys that dashboard and alarms look for", () => {
  const watchedKeys = (settings: IngesterSettings) =>
    watchedIngester(settings, { streamName: TARGETS.stream, metricsNamespace: "Own" })?.queries.map(
      ({ checkpointKey }) => checkpointKey,
    );
  const ownKeys = (settings: IngesterSettings) =>
    loadConfig({ ...ingesterEnvironment(settings, TARGETS), X_BEARER_TOKEN: "token" }, RUN).queries.map(
      ({ key }) => key,
    );

  it.each([
    ["plain", "from:nasa", "tweet_stream/from:nasa"],
    ["with white space in it", ' from:nasa\t \n"a  b" ', 'tweet_stream/from:nasa "a b"'],
    ["just short enough", "x".repeat(187), `tweet_stream/${"x".repeat(187)}`],
    ["too long", "x".repeat(188), expect.stringMatching(/^tweet_stream\/sha256-[0-9a-f]{16}$/)],
    ["not ASCII", "天気", expect.stringMatching(/^tweet_stream\/sha256-[0-9a-f]{16}$/)],
  ])("are the ingester's own for a query that is %s", (_how, query, expected) => {
    const settings: IngesterSettings = { source: { mode: "search", query }, monthlyPostLimit: 100 };
    expect(ownKeys(settings)).toEqual([expected]);
    expect(watchedKeys(settings)).toEqual(ownKeys(settings));
  });

  it("are the ingester's own for any queries, with a key in the settings or without", () => {
    const named = fc.record({ name: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,64}$/), query: texts });
    const lists = fc.array(named, { minLength: 1, maxLength: 4 });
    const sources = fc.oneof(
      texts.map((query) => ({ mode: "search" as const, query })),
      lists.map((queries: NamedQuery[]) => ({ mode: "search" as const, queries })),
    );
    const keys = fc.option(fc.constantFrom("mine", "a key"), { nil: undefined });
    let compared = 0;
    fc.assert(
      fc.property(sources, keys, (source, checkpointKey) => {
        const settings: IngesterSettings = {
          source,
          monthlyPostLimit: 100,
          ...(checkpointKey === undefined ? {} : { checkpointKey }),
        };
        fc.pre(synthProblems(settings).length === 0);
        expect(watchedKeys(settings)).toEqual(ownKeys(settings));
        compared += 1;
      }),
    );
    expect(compared).toBeGreaterThan(50);
  });
});
