import fc from "fast-check";
import { wrapped } from "../../src/runtime/wrap";

describe("text in a terminal", () => {
  it.each([
    ["stays as it is where it fits", "one two\n  three", 10, "one two\n  three"],
    ["is broken at words", "one two three four", 9, "one two\nthree\nfour"],
    ["is broken where a word ends with the line", "one two three", 7, "one two\nthree"],
    [
      "continues below the last column",
      "pass  token  X accepts it; the project has used 0 posts",
      40,
      "pass  token  X accepts it; the project\n             has used 0 posts",
    ],
    [
      "continues below an earlier column in a narrow terminal",
      "pass  token  X accepts it; the project",
      30,
      "pass  token  X accepts it; the\n      project",
    ],
    [
      "continues deeper than its beginning",
      "  one two three four five six seven eight",
      30,
      "  one two three four five six\n    seven eight",
    ],
    [
      "keeps long words whole",
      "see http://127.0.0.1:8080/status.json now",
      12,
      "see\nhttp://127.0.0.1:8080/status.json\nnow",
    ],
    [
      "continues below the text of a bullet",
      "- one two three four five six",
      26,
      "- one two three four five\n  six",
    ],
    [
      "continues below the text of a log line",
      "16:13:31Z Stopped: 300 posts read, 300 delivered, 1 hole open",
      40,
      "16:13:31Z Stopped: 300 posts read, 300\n          delivered, 1 hole open",
    ],
    ["keeps a number and its unit together", "lag 12 min, about 5 s", 7, "lag\n12 min,\nabout\n5 s"],
    [
      "keeps a mark and its word together",
      "  █ owned  ▒ being bought  · hole  × lost",
      30,
      "  █ owned  ▒ being bought\n    · hole  × lost",
    ],
    ["breaks before a number that has no unit", "at most 20 of these", 10, "at most 20\nof these"],
    ["keeps lines of one word", "█".repeat(20), 10, "█".repeat(20)],
    ["keeps its last line break", "one two\n", 5, "one\ntwo\n"],
  ])("%s", (_what, text, columns, expected) => {
    expect(wrapped(text, columns)).toBe(expected);
  });

  it("keeps every word in its order, and no line is wider than the terminal but for one that is a word", () => {
    const line = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        line,
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 8, max: 40 }),
        (words, indent, columns) => {
          const shown = wrapped(`${" ".repeat(indent)}${words.join(" ")}`, columns);
          expect(shown.split(/\s+/).filter(Boolean)).toEqual(words);
          const wide = shown.split("\n").filter((one) => one.length > columns);
          expect(wide.filter((one) => one.trim().includes(" "))).toEqual([]);
        },
      ),
    );
  });
});
