import { describeRules, estimateRules } from "../../../src/commands/estimate/rules";
import { DEFAULT_PRICES } from "../../../src/ledger/prices";
import { IngesterError, SourceError } from "../../../src/loop/errors";

const COST = { requestUsd: 0.005, metered: true };
const HOUR = { start: "2026-11-23T00:00:00Z", end: "2026-11-23T01:00:00Z" };
const CATS = { value: "cats", tag: "pets" };
const DOGS = { value: "dogs", tag: "more pets" };

/** X's counts of one hour by query; an error where it refuses. */
function setUp(counts: Readonly<Record<string, number | Error>>, scope: "recent" | "all" = "recent") {
  const asked: string[] = [];
  const ask = async (query: string) => {
    asked.push(query);
    const posts = counts[query] ?? new Error(`unexpected query ${query}`);
    if (typeof posts !== "number") throw posts;
    return [{ ...HOUR, posts }];
  };
  const estimate = (...rules: readonly { value: string; tag: string }[]) =>
    estimateRules(rules, { ask, scope, prices: DEFAULT_PRICES, cost: COST });
  return { asked, estimate };
}

const refusal = (kind: "invalid_request" | "window_limit") => new SourceError(`refused: ${kind}`, { kind });

describe("the estimate of a stream", () => {
  it("counts every rule, and bounds what they bring together by the largest and the sum", async () => {
    const { asked, estimate } = setUp({ cats: 10, dogs: 2 });
    const { rules, perMonth, requestUsd } = await estimate(CATS, DOGS);
    expect(asked).toEqual(["cats", "dogs"]);
    expect(rules).toMatchObject([
      { ...CATS, posts: 10, perMonth: { posts: 7_200 } },
      { ...DOGS, posts: 2, perMonth: { posts: 1_440 } },
    ]);
    expect(perMonth).toEqual({
      atLeast: { posts: 7_200, usd: expect.closeTo(36) },
      atMost: { posts: 8_640, usd: expect.closeTo(43.2) },
    });
    expect(requestUsd).toBe(0.01);
  });

  it("takes the share of sample: from a count that ignores it", async () => {
    const { estimate } = setUp({ cats: 1_000 });
    expect((await estimate({ value: "cats sample:10", tag: "few" })).rules).toMatchObject([
      { posts: 100, ignored: [] },
    ]);
  });

  it("says which operators a count ignores", async () => {
    const { estimate } = setUp({ "cats bio:vet": 10 });
    const result = await estimate({ value: "cats bio:vet", tag: "vets" });
    expect(describeRules(result)).toContain("cats bio:vet   (counts ignore bio:: the stream brings fewer)");
  });

  it("names rules that are too long to be counted, and asks nothing for them", async () => {
    const long = { value: "x".repeat(513), tag: "long" };
    const { asked, estimate } = setUp({ cats: 10 });
    const result = await estimate(long, CATS);
    expect(asked).toEqual(["cats"]);
    expect(result.rules[0]).toEqual({
      ...long,
      notCounted: "has 513 characters, and counts take 512; --full-archive counts up to 1,024.",
    });
    expect(result.requestUsd).toBe(0.005);
    const text = describeRules(result);
    expect(text).toMatch(/^ {2}long {2}not counted: has 513 characters/m);
    expect(text).toContain("without 1 rule that could not be counted");
  });

  it("counts rules of 1,024 characters in the full archive", async () => {
    const value = "x".repeat(1_024);
    const { asked, estimate } = setUp({ [value]: 1 }, "all");
    await estimate({ value, tag: "long" });
    expect(asked).toEqual([value]);
  });

  it("goes on after a rule that X does not take as a search", async () => {
    const { estimate } = setUp({ cats: refusal("invalid_request"), dogs: 2 });
    const { rules, requestUsd } = await estimate(CATS, DOGS);
    expect(rules).toMatchObject([{ notCounted: "refused: invalid_request" }, { posts: 2 }]);
    expect(requestUsd).toBe(0.005);
  });

  it("shows what it has counted when a limit ends it", async () => {
    const { asked, estimate } = setUp({
      cats: 10,
      dogs: new IngesterError("MONTHLY_USD_LIMIT forbids"),
      emus: 1,
    });
    const { rules } = await estimate(CATS, DOGS, { value: "emus", tag: "birds" });
    expect(asked).toEqual(["cats", "dogs"]);
    expect(rules.slice(1)).toMatchObject([
      { notCounted: "MONTHLY_USD_LIMIT forbids" },
      { notCounted: "MONTHLY_USD_LIMIT forbids" },
    ]);
  });

  it("fails when nothing could be counted", async () => {
    await expect(setUp({ cats: refusal("window_limit") }).estimate(CATS)).rejects.toThrow(
      "refused: window_limit",
    );
  });

  it("states the overlap, how rules and search differ, the lever and its own price", async () => {
    const text = describeRules(await setUp({ cats: 10, dogs: 2 }).estimate(CATS, DOGS));
    expect(text).toMatch(/^ {2}pets +7,200 posts +\$36\.00 {2}cats$/m);
    expect(text).toMatch(
      /Together at most 8,640 posts and \$43\.20 a month: that is the sum, and a post that several\s+rules match comes, and is billed, once\. At least 7,200 posts and \$36\.00/,
    );
    expect(text).toContain("which matches differently");
    expect(text).toContain("sample:");
    expect(text).toContain("This estimate cost $0.01.");
  });
});
