import { placesOf, placesProblems } from "../../../src/commands/audit/places";

describe("the prefixes of an audit", () => {
  it("are those of the stacks, where none is given", () => {
    const places = { prefixes: ["tweets/", "tweets-parquet/"], errorPrefix: "errors/" };
    expect(placesOf({ prefixes: [], errorPrefix: undefined })).toEqual(places);
    expect(placesProblems({ prefixes: [], errorPrefix: undefined })).toEqual([]);
  });

  it.each<[string, string[], string | undefined]>([
    ["errors beside the posts", ["acme/tweets/"], "acme/errors/"],
    ["errors below the posts", ["tweets/"], "tweets/errors/"],
    ["folders whose names begin alike", ["tweets/", "tweets-parquet/"], undefined],
  ])("may be %s", (_what, prefixes, errorPrefix) => {
    expect(placesProblems({ prefixes, errorPrefix })).toEqual([]);
  });

  it.each<[string, string[], string | undefined, string]>([
    ["the posts' own parent", ["acme/tweets/"], "acme/", '"acme/" and "acme/tweets/"'],
    ["the posts' own folder", ["a/", "tweets/"], "tweets/", '"tweets/" and "tweets/"'],
    ["the beginning of their name", ["tweets/"], "t", '"t" and "tweets/"'],
    ["the whole bucket", ["tweets/"], "", '"" and "tweets/"'],
    ["the default posts' folder", [], "tweets/", '"tweets/" and "tweets/"'],
    ["the default, above the posts", ["errors/posts/"], undefined, '"errors/" and "errors/posts/"'],
  ])("are refused where that of errors is %s", (_what, prefixes, errorPrefix, got) => {
    expect(placesProblems({ prefixes, errorPrefix })).toEqual([
      ["--error-prefix", expect.stringContaining(`got ${got}. `)],
    ]);
  });

  it("are refused where one holds another, whose posts would be read twice", () => {
    const prefixes = ["tweets/", "tweets/year=2026/"];
    expect(placesProblems({ prefixes, errorPrefix: undefined })).toEqual([
      ["--prefix", expect.stringContaining('got "tweets/" and "tweets/year=2026/". ')],
    ]);
    expect(placesProblems({ prefixes: ["a/", "a/"], errorPrefix: undefined })).toHaveLength(1);
  });
});
