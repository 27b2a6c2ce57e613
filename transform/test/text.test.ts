import { cleanText } from "../src/text";

const noLinks = new Map<string, string>();

describe("clean text", () => {
  it.each([
    ["undoes X's escapes, each once", "Q&amp;A: 1 &lt; 2 &amp;lt; &gt; &quot;", "Q&A: 1 < 2 &lt; > &quot;"],
    ["is one line without white space at its ends", "  a\n\n b\t\u00a0c\r\n", "a b c"],
    ["keeps emoji, joiners and right-to-left text", "👩‍👩‍👧 שלום 天気", "👩‍👩‍👧 שלום 天気"],
    ["keeps a link that nothing is known about", "see https://t.co/abc", "see https://t.co/abc"],
  ])("%s", (_, text, expected) => {
    expect(cleanText(text, noLinks)).toBe(expected);
  });

  it("replaces links by where they lead, also when one begins like another", () => {
    const links = new Map([
      ["https://t.co/a", "https://one.example/?x=1&amp;y=$&"],
      ["https://t.co/ab", "https://two.example/"],
    ]);
    expect(cleanText("https://t.co/ab https://t.co/a", links)).toBe(
      "https://two.example/ https://one.example/?x=1&amp;y=$&",
    );
  });
});
