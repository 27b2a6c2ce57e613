/** Every row of the table of variables: what it refuses, and how. A new row is tested by being there. */
import type { Variable } from "../../src/config/variables/variable";
import { VARIABLES } from "../../src/config/variables/variables";
import { configOf, expectRefused, problemsOf } from "./helpers/environment";

const ROWS = Object.entries<Variable>(VARIABLES);
/** What has to be set beside a variable, where the least that starts a run does not read it. */
const BESIDE: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  STREAM_FILL: streamMode(),
  STREAM_BUFFER_MIB: streamMode(),
  LEDGER_KEY: tableMode(),
  CHECKPOINT_TABLE: tableMode(),
  // The dearest prices make the smallest page dearer than the limit.
  PRICE_POST_USD: { MONTHLY_USD_LIMIT: "none" },
};
const WORDS_OF_NO_NUMBER = ["1e3", "0x10", "1,000", "+5", "five", "１００", "NaN", "Infinity"];

function streamMode() {
  return { INGEST_MODE: "stream", SEARCH_QUERY: undefined, STREAM_RULES: '[{"value":"cats","tag":"cats"}]' };
}

function tableMode() {
  return { CHECKPOINT_FILE: undefined, CHECKPOINT_TABLE: "tweets-dev-checkpoint" };
}

function problemsWith(name: string, value: string): readonly string[] {
  return problemsOf({ ...BESIDE[name], [name]: value });
}

describe("a number", () => {
  const numbers = ROWS.flatMap(([name, row]) => ("number" in row ? [[name, row] as const] : []));

  it.each(numbers)("%s is refused beyond its bounds and in any notation but decimal", (name, { number }) => {
    const { min, max, integer = false } = number;
    const wrong = [min - 1, max + 1, ...(integer ? [min + 0.5] : [])].map(String);
    for (const value of [...wrong, ...WORDS_OF_NO_NUMBER]) {
      expect([value, problemsWith(name, value)]).toEqual([
        value,
        [expect.stringMatching(new RegExp(`^${name} must be a (whole )?number from .*, got "`))],
      ]);
    }
  });

  it.each(numbers)("%s is taken at its greatest", (name, { number }) => {
    expect(problemsWith(name, String(number.max))).toEqual([]);
  });
});

describe("a word", () => {
  const words = ROWS.flatMap(([name, row]) => ("words" in row ? [[name, row] as const] : []));

  it.each(words)("%s is refused with the words that are allowed", (name, row) => {
    expect(problemsWith(name, "bananas")).toEqual([
      `${name} must be one of ${row.words.join(", ")}, got "bananas".`,
    ]);
  });
});

describe("a text", () => {
  const texts = ROWS.flatMap(([name, row]) =>
    "text" in row && row.text.pattern ? [[name, row] as const] : [],
  );

  it.each(texts)("%s is refused with control characters and beyond its length", (name, row) => {
    for (const value of ["a\u0007b", "k".repeat(300), "ключ", ":bad"]) {
      expect(problemsWith(name, value)).toEqual([
        `${name} must be ${row.text.allowed}, got ${JSON.stringify(value)}.`,
      ]);
    }
  });
});

describe("a list", () => {
  const lists: readonly (readonly [string, string])[] = [
    ["POST_FIELDS", "created_at,lang"],
    ["EXPANSIONS", "author_id,referenced_posts"],
  ];

  it("is each that the table has", () => {
    expect(lists.map(([name]) => name)).toEqual(
      ROWS.flatMap(([name, row]) => ("items" in row ? [name] : [])),
    );
  });

  it.each(lists)("%s is refused when it names an item twice", (name, items) => {
    const [first] = items.split(",");
    expectRefused(name, `${items}, ${first}`, `must name each item once, got ${first} more than once.`);
    expectRefused(name, `${first},${first},${first}`, `got ${first} more than once.`);
  });

  it.each([
    ["EXPANSIONS", "referenced_posts", "referenced_tweets.id"],
    ["EXPANSIONS", "edit_history_tweet_ids", "edit_history_post_ids"],
    ["POST_FIELDS", "note_tweet", "note_post"],
    ["POST_FIELDS", "referenced_posts", "referenced_tweets"],
    ["POST_FIELDS", "edit_history_post_ids", "edit_history_tweet_ids"],
  ])("%s is refused when it names one thing in X's old and in its new words: %s, %s", (name, one, other) => {
    expectRefused(
      name,
      `${one},id,${other}`.replace("id,", name === "EXPANSIONS" ? "author_id," : "id,"),
      `must name each item once: ${one} and ${other} are two names for one thing. Remove one.`,
    );
    for (const alone of [one, other]) expect(problemsOf({ [name]: alone })).toEqual([]);
  });

  it.each(lists)("%s is taken with each item once", (name, items) => {
    expect(Object.values(configOf({ [name]: items }).search)).toContainEqual(items.split(","));
  });
});
