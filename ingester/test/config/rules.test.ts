import { configOf, problemsOf } from "./helpers/environment";

const NASA = { value: "from:nasa", tag: "nasa" };
const ESA = { value: "from:esa", tag: "esa" };

/** The configuration of a stream with these rules. */
const streaming = (rules: unknown, more: Record<string, string | undefined> = {}) => ({
  SEARCH_QUERY: undefined,
  INGEST_MODE: "stream",
  STREAM_RULES: typeof rules === "string" ? rules : JSON.stringify(rules),
  ...more,
});
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ value: `from:user${at}`, tag: `t${at}` }));

function rulesOf(rules: unknown): unknown {
  const { source } = configOf(streaming(rules));
  return source.mode === "stream" ? source.rules : undefined;
}

describe("STREAM_RULES", () => {
  it("names the rules, in their order", () => {
    expect(rulesOf([NASA, ESA])).toEqual([NASA, ESA]);
  });

  it("leaves out white space that makes no difference", () => {
    expect(rulesOf([{ value: " (cats  OR\n dogs)\tlang:en ", tag: " pets of all kinds " }])).toEqual([
      { value: "(cats OR dogs) lang:en", tag: "pets of all kinds" },
    ]);
  });

  it("takes 1,000 rules, values of 1,024 characters and tags of 100", () => {
    expect(rulesOf(many(1_000))).toHaveLength(1_000);
    expect(problemsOf(streaming([{ value: "👋".repeat(1_024), tag: "🏷".repeat(100) }]))).toEqual([]);
  });

  it("takes what only the stream honours", () => {
    expect(problemsOf(streaming([{ value: "cats sample:10 bio:vet", tag: "vets" }]))).toEqual([]);
  });

  it("is required in stream mode", () => {
    expect(problemsOf(streaming(" "))).toEqual([
      expect.stringMatching(/^STREAM_RULES is missing\. .*from:nasa/),
    ]);
  });

  it.each([
    ["no JSON", "from:nasa", /got no JSON \(.+\): from:nasa$/],
    ["no array", NASA, /got \{"value":"from:nasa","tag":"nasa"\}$/],
    ["an empty array", [], /got 0 rules\.$/],
    ["1,001 rules", many(1_001), /got 1,001 rules\.$/],
  ])("is refused with an example: %s", (_name, rules, got) => {
    const problems = problemsOf(streaming(rules));
    expect(problems).toEqual([expect.stringMatching(got)]);
    expect(problems[0]).toMatch(
      /^STREAM_RULES must be a JSON array of 1 to 1,000 rules, such as \[\{"value":"from:nasa","tag":"nasa"\}\]; /,
    );
  });

  it.each([
    ["value", "", "an empty text"],
    ["value", " \n", "white space"],
    ["value", undefined, "nothing"],
    ["value", 5, "5"],
    ["value", null, "null"],
    ["value", "x".repeat(1_025), `1,025 characters: ${"x".repeat(100)}...`],
    ["value", "cats\u0000", 'characters that are no text: "cats\\u0000"'],
    ["value", "cats \ud83d", 'characters that are no text: "cats \\ud83d"'],
    ["tag", "", "an empty text"],
    ["tag", "  ", "white space"],
    ["tag", undefined, "nothing"],
    ["tag", ["pets"], '["pets"]'],
    ["tag", "t".repeat(101), `101 characters: ${"t".repeat(100)}...`],
    ["tag", "pets\nand more", 'characters that are no text: "pets\\nand more"'],
    ["tag", "\u001b[31mpets", 'characters that are no text: "\\u001b[31mpets"'],
  ])("is refused for a %s that is %j", (member, got, expected) => {
    const max = member === "value" ? 1_024 : 100;
    expect(problemsOf(streaming([ESA, { ...NASA, [member]: got }]))).toEqual([
      `STREAM_RULES[1].${member} must be a text of 1 to ${max.toLocaleString("en-US")} characters, got ${expected}.`,
    ]);
  });

  it.each([["from:nasa"], [null], [["from:nasa"]], [7]])("is refused where a rule is %j", (rule) => {
    expect(problemsOf(streaming([NASA, rule]))).toEqual([
      `STREAM_RULES[1] must be a rule such as {"value":"from:nasa","tag":"nasa"}, got ${JSON.stringify(rule)}.`,
    ]);
  });

  it.each([["name"], ["__proto__"], ["id"]])("is refused for the unknown member %s", (name) => {
    const rule = `{"value":"from:nasa","tag":"nasa","${name}":"x"}`;
    expect(problemsOf(streaming(`[${rule}]`))).toEqual([
      `STREAM_RULES[0] holds unknown members: ${name}. Allowed: value, tag.`,
    ]);
  });

  it("is refused for a value twice, white space aside, and a tag twice", () => {
    const rules = [
      { value: "cats has:links", tag: "a" },
      { value: " cats  has:links\n", tag: "b" },
      { value: "dogs", tag: "a" },
    ];
    expect(problemsOf(streaming(rules))).toEqual([
      'STREAM_RULES[1].value must differ from STREAM_RULES[0].value, got "cats has:links" in both.',
      'STREAM_RULES[2].tag must differ from STREAM_RULES[0].tag, got "a" in both.',
    ]);
  });

  it("reports every problem of every rule at once", () => {
    const rules = [{ value: "", tag: "" }, "x", { value: "cats", tag: "t".repeat(101), extra: 1 }];
    const places = problemsOf(streaming(rules)).map((problem) => problem.split(" ")[0]);
    expect(places).toEqual([
      "STREAM_RULES[0].value",
      "STREAM_RULES[0].tag",
      "STREAM_RULES[1]",
      "STREAM_RULES[2]",
      "STREAM_RULES[2].tag",
    ]);
  });
});
