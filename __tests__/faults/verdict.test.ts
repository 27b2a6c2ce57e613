import { judge, type Measures } from "./verdict";

const CLEAN: Measures = {
  lost: 0,
  unexplained: 0,
  damagedLines: 0,
  reRead: 0,
  duplicates: 0,
  unacknowledgedLines: 0,
  unreceivedPosts: 0,
  crashes: 0,
  pageSize: 100,
};
const LIMIT = { unit: "posts", limit: 1_000, billed: 1_000, unusedAllowed: 9 } as const;

function violationsOf(measures: Partial<Measures>): readonly string[] {
  return judge("name", { ...CLEAN, ...measures }, []).violations;
}

describe("the judgement of a scenario", () => {
  it("finds nothing wrong where nothing is", () => {
    expect(judge("kill -9, seed 017", { ...CLEAN, crashes: 1, reRead: 41, budget: LIMIT }, [])).toEqual({
      line: expect.stringMatching(
        /^ok +kill -9, seed 017 +lost 0 +re-read 41 \(<= 100\) +duplicates 0 \(<= 100\) +budget 1,000\/1,000$/,
      ),
      violations: [],
    });
  });

  it("passes on what the scenario itself has found", () => {
    const { line, violations } = judge("name", CLEAN, ["exit code 1"]);
    expect(violations).toEqual(["exit code 1"]);
    expect(line).toMatch(/^BROKEN/);
  });

  it.each<[string, Partial<Measures>]>([
    ["a lost post", { lost: 1 }],
    ["a post that is nowhere", { unexplained: 1 }],
    ["a damaged line", { damagedLines: 1 }],
    ["one re-read without a crash", { reRead: 1 }],
    ["a page and a post re-read after a crash", { crashes: 1, reRead: 101 }],
    ["more re-read than was cut", { unreceivedPosts: 100, reRead: 101 }],
    ["a duplicate of unknown origin", { duplicates: 1 }],
    ["more duplicates than unknown outcomes", { unacknowledgedLines: 100, duplicates: 101 }],
    ["one post above the limit", { budget: { ...LIMIT, billed: 1_001 } }],
    ["a cent above the limit", { budget: { ...LIMIT, unit: "usd", limit: 5, billed: 5.01 } }],
    ["a limit that is not used up for no reason", { budget: { ...LIMIT, billed: 990 } }],
  ])("condemns %s", (_, measures) => {
    expect(violationsOf(measures)).toHaveLength(1);
  });

  it.each<[string, Partial<Measures>]>([
    ["a page re-read after each crash", { crashes: 2, reRead: 200, duplicates: 200 }],
    ["answers that were cut", { unreceivedPosts: 130, reRead: 130 }],
    ["writes of unknown outcome", { unacknowledgedLines: 130, duplicates: 130 }],
    ["less than a page left of a limit", { budget: { ...LIMIT, billed: 991 } }],
  ])("excuses %s", (_, measures) => {
    expect(violationsOf(measures)).toEqual([]);
  });
});
