import { ignoredBySearch, sampledBy } from "../../src/x/query";

describe("sampledBy", () => {
  it.each<[string, string, number]>([
    ["cats sample:10", "cats", 0.1],
    ["sample:1 (cats OR dogs)", "(cats OR dogs)", 0.01],
    ["(cats OR dogs) sample:100 lang:en", "(cats OR dogs) lang:en", 1],
    ["(cats sample:25)", "(cats )", 0.25],
    ["cats", "cats", 1],
    ['"sample:10" cats', '"sample:10" cats', 1],
    ['"say sample:10 now" cats sample:5', '"say sample:10 now" cats', 0.05],
    ["cats sample:0", "cats sample:0", 1],
    ["cats sample:101", "cats sample:101", 1],
    ["cats sample:10 sample:20", "cats sample:10 sample:20", 1],
    ["subsample:10 cats", "subsample:10 cats", 1],
    ["cats sample:10x", "cats sample:10x", 1],
  ])("of %j is %j and a share of %d", (rule, query, share) => {
    expect(sampledBy(rule)).toEqual({ query, share });
  });
});

describe("ignoredBySearch", () => {
  it.each<[string, readonly string[]]>([
    ["cats bio:vet -bio_location:rome", ["bio:", "bio_location:"]],
    ["(sample:10 cats)", ["sample:"]],
    ['"bio:vet" cats', []],
    ["microbio:me", []],
  ])("names what %j relies on: %j", (query, operators) => {
    expect(ignoredBySearch(query)).toEqual(operators);
  });
});
