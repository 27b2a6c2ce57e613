import { ExactNumber, isExact, parseJson, stringify, wellFormed } from "../../src/posts/json";

const roundTrip = (text: string) => stringify(parseJson(text));

describe("numbers", () => {
  it.each([
    ["integers beyond 2^53", "9007199254740993"],
    ["64-bit ids", "-9223372036854775807"],
    ["integers of any length", `1${"0".repeat(400)}7`],
    ["decimals with more digits than a double holds", "0.1234567890123456789"],
    ["what a double takes for infinite", "1e400"],
    ["what a double takes for zero", "1e-400"],
    ["digits and an exponent", "-1.23456789012345678e+10"],
  ])("keep their digits: %s", (_name, number) => {
    expect(roundTrip(`{"a":[${number}],"b":{"c":${number}}}`)).toBe(`{"a":[${number}],"b":{"c":${number}}}`);
    expect(roundTrip(`[\n  ${number},\t${number} ]`)).toBe(`[${number},${number}]`);
    expect(roundTrip(number)).toBe(number);
  });

  it.each([
    ["1.0", "1"],
    ["1e2", "100"],
    ["-0", "0"],
    ["0.10", "0.1"],
    ["9007199254740991", "9007199254740991"],
    ["47.37688659999999", "47.37688659999999"],
  ])("are written as a double is where it has the same value: %s", (number, written) => {
    expect(roundTrip(`[${number}]`)).toBe(`[${written}]`);
    expect(parseJson(`[${number}]`)).toEqual([Number(number)]);
  });

  it("are numbers beside those that keep their digits", () => {
    expect(parseJson('{"exact":12345678901234567890,"count":7,"text":"1e400"}')).toEqual({
      exact: new ExactNumber("12345678901234567890"),
      count: 7,
      text: "1e400",
    });
  });

  it("in strings are text", () => {
    const text = '{"text":"call 1234567890123456, or 1e5: 9007199254740993"}';
    expect(roundTrip(text)).toBe(text);
  });
});

describe("names", () => {
  const NAMES = [
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "toJSON", "valueOf", "length"],
    ...["isLosslessNumber", "value", "", "\n", "\u2028", '"'],
  ];

  it.each(NAMES)("are names of members, whatever they are: %j", (name) => {
    const member = `${JSON.stringify(name)}:{${JSON.stringify(name)}:"x"}`;
    for (const text of [`{${member}}`, `{${member},"exact":12345678901234567890}`]) {
      expect(roundTrip(text)).toBe(text);
      expect(Object.keys(parseJson(text) as object)).toContain(name);
    }
  });

  it("cannot pass an object off as an exact number", () => {
    const text = '{"a":{"value":"},{","isLosslessNumber":true},"b":12345678901234567890}';
    expect(roundTrip(text)).toBe(text);
  });

  it("that occur twice give the last value, as JSON.parse does", () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
    expect(roundTrip('{"a":12345678901234567890,"a":12345678901234567891}')).toBe(
      '{"a":12345678901234567891}',
    );
  });
});

it.each(['{"a":', "{'a':1}", '{"a":01}', "", "[1,]", '{"a":12345678901234567890'])(
  "refuses what is no JSON: %j",
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);

describe("wellFormed", () => {
  it("replaces lone surrogates in texts and names, and counts them", () => {
    const value = { "a\uD83D": ["\uDE00\uD83D", { b: "😀" }], c: new ExactNumber("1e400"), d: null };
    expect(wellFormed(value)).toEqual({
      value: { "a\uFFFD": ["\uFFFD\uFFFD", { b: "😀" }], c: new ExactNumber("1e400"), d: null },
      replaced: 3,
    });
  });

  it("keeps members apart whose names differ in nothing else", () => {
    const { value } = wellFormed({ "\uD83D": 1, "\uFFFD": 2, "\uD83E": 3 });
    expect(value).toEqual({ "\uFFFD\uFFFD": 1, "\uFFFD": 2, "\uFFFD\uFFFD\uFFFD": 3 });
  });

  it("keeps a member named __proto__", () => {
    const value = parseJson('{"__proto__":"\\ud83d"}');
    expect(stringify(wellFormed(value).value)).toBe('{"__proto__":"\uFFFD"}');
  });
});

it.each([
  ["an ordinary text", { text: "😀 C:\\data" }, true],
  ["a lone surrogate", { text: "\uD83D" }, false],
  ["a lone surrogate in a name", { "\uDE00": 1 }, false],
  ["an exact number", { likes: [new ExactNumber("1e400")] }, false],
])("knows whether JSON.stringify has written %s as it is", (_name, value, expected) => {
  expect(isExact(Buffer.from(JSON.stringify(value)))).toBe(expected);
});
