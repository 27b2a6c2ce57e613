import type { RunCaps } from "../../src/config/budget";
import { BUYING, configOf, problemsOf } from "./helpers/environment";

const NO_LIMIT = { MONTHLY_USD_LIMIT: undefined };
const NO_CAPS: RunCaps = { maxPosts: undefined, maxUsd: undefined };

const limitsOf = (changes: Record<string, string | undefined>, options = BUYING) =>
  configOf(changes, options).budget.terms.limits;

describe("a limit", () => {
  it("must be stated by a command that buys posts", () => {
    const problems = problemsOf(NO_LIMIT);
    expect(problems).toEqual([
      expect.stringMatching(
        /^MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT must be set, or --max-usd or --max-posts/,
      ),
    ]);
    expect(problems[0]).toContain("MONTHLY_USD_LIMIT=none collects without a limit");
  });

  it("need not be stated by a command that buys none", () => {
    expect(limitsOf(NO_LIMIT, {})).toEqual({});
  });

  it.each([
    ["MONTHLY_POST_LIMIT", { MONTHLY_POST_LIMIT: "1000" }, {}, { monthlyPosts: 1_000 }],
    ["MONTHLY_USD_LIMIT", { MONTHLY_USD_LIMIT: "2.50" }, {}, { monthlyUsd: 2.5 }],
    ["--max-posts", {}, { maxPosts: 50 }, { maxPosts: 50 }],
    ["--max-usd", {}, { maxUsd: 1.25 }, { maxUsd: 1.25 }],
    [
      "all four",
      { MONTHLY_POST_LIMIT: "1000", MONTHLY_USD_LIMIT: "5" },
      { maxPosts: 50, maxUsd: 1 },
      { monthlyPosts: 1_000, monthlyUsd: 5, maxPosts: 50, maxUsd: 1 },
    ],
  ])("is any of the four: %s", (_name, changes, caps, limits) => {
    expect(limitsOf({ ...NO_LIMIT, ...changes }, { caps: { ...NO_CAPS, ...caps } })).toEqual(limits);
  });

  it.each([
    ["MONTHLY_USD_LIMIT", "none"],
    ["MONTHLY_USD_LIMIT", "None"],
    ["MONTHLY_POST_LIMIT", "NONE"],
  ])("may be absent on purpose: %s=%s", (name, value) => {
    expect(limitsOf({ ...NO_LIMIT, [name]: value })).toEqual({});
  });

  it.each([
    ["MONTHLY_POST_LIMIT", "1e3", "a whole number from 0 to 1000000000000, or none"],
    ["MONTHLY_POST_LIMIT", "100.5", "a whole number"],
    ["MONTHLY_POST_LIMIT", "1000000000001", "from 0 to 1000000000000"],
    ["MONTHLY_USD_LIMIT", "-1", "a number from 0 to 1000000000, or none"],
    ["MONTHLY_USD_LIMIT", "$20", "a number"],
    ["MONTHLY_USD_LIMIT", "nothing", "or none"],
  ])("is refused as %s=%s", (name, value, expected) => {
    const problems = problemsOf({ MONTHLY_POST_LIMIT: "1000", [name]: value });
    expect(problems).toEqual([expect.stringContaining(`${name} must be `)]);
    expect(problems[0]).toContain(expected);
  });
});

/** X's smallest page of 10 posts, with everything that the expansions can bring: 20 posts, 10 users. */
const EXPANDED = { EXPANSIONS: "author_id,referenced_posts" };

describe("a limit below X's smallest page", () => {
  const monthly = (name: string, value: number) => problemsOf({ ...NO_LIMIT, [name]: String(value) });
  const expanded = (name: string, value: number) =>
    problemsOf({ ...NO_LIMIT, ...EXPANDED, [name]: String(value) });
  const cap = (changes: object) => (name: string, value: number) => {
    const option = name === "--max-posts" ? { maxPosts: value } : { maxUsd: value };
    return problemsOf({ ...NO_LIMIT, ...changes }, { caps: { ...NO_CAPS, ...option } });
  };

  it.each([
    ["MONTHLY_POST_LIMIT", 10, 9, "10 posts, got 9 posts", monthly],
    ["MONTHLY_USD_LIMIT", 0.05, 0.0499, "$0.05, got $0.0499", monthly],
    ["--max-posts", 10, 9, "10 posts, got 9 posts", cap({})],
    ["--max-usd", 0.05, 0.0499, "$0.05, got $0.0499", cap({})],
    ["MONTHLY_POST_LIMIT", 30, 29, "30 posts, got 29 posts", expanded],
    ["MONTHLY_USD_LIMIT", 0.25, 0.2499, "$0.25, got $0.2499", expanded],
    ["--max-posts", 30, 29, "30 posts, got 29 posts", cap(EXPANDED)],
    ["--max-usd", 0.25, 0.2499, "$0.25, got $0.2499", cap(EXPANDED)],
  ])("is refused with the minimum: %s from %d on, not %d (%s)", (name, least, less, sizes, problemsWith) => {
    expect(problemsWith(name, least)).toEqual([]);
    expect(problemsWith(name, less)).toEqual([
      `${name} must allow at least ${sizes}: that is X's smallest page, with everything that EXPANSIONS can bring.`,
    ]);
  });

  it("is refused at 0, which would buy nothing", () => {
    expect(monthly("MONTHLY_POST_LIMIT", 0)).toHaveLength(1);
    expect(cap({})("--max-usd", 0)).toHaveLength(1);
  });

  it("is refused for a command that buys nothing, too, so that a wrong limit is found early", () => {
    expect(problemsOf({ MONTHLY_POST_LIMIT: "9" }, {})).toHaveLength(1);
  });

  it("depends on the prices", () => {
    const dearer = { ...NO_LIMIT, PRICE_POST_USD: "0.01" };
    expect(problemsOf({ ...dearer, MONTHLY_USD_LIMIT: "0.10" })).toEqual([]);
    expect(problemsOf({ ...dearer, MONTHLY_USD_LIMIT: "0.0999" })).toEqual([
      expect.stringContaining("at least $0.1, got $0.0999"),
    ]);
  });
});

describe("the terms of the budget", () => {
  it.each([
    ["project", "project"],
    ["own", "own"],
    ["OWN", "own"],
  ])("count X's figure as LIMIT_SCOPE=%s says", (value, scope) => {
    expect(configOf({ LIMIT_SCOPE: value }).budget.terms.scope).toBe(scope);
  });

  it.each([
    ["true", true],
    ["false", false],
    ["False", false],
  ])("trust X's billing once a day as X_DEDUPLICATES=%s says", (value, deduplicates) => {
    expect(configOf({ X_DEDUPLICATES: value }).budget.terms.deduplicates).toBe(deduplicates);
  });

  it("take prices and the day on which the cycle turns", () => {
    const { budget } = configOf({
      PRICE_POST_USD: "0.01",
      PRICE_INCLUDED_POST_USD: "0",
      PRICE_INCLUDED_USER_USD: "0.02",
      BILLING_CYCLE_DAY: "31",
    });
    expect(budget.terms.prices).toMatchObject({ posts: 0.01, includedPosts: 0, includedUsers: 0.02 });
    expect(budget.cycleDay).toBe(31);
  });

  it.each([
    ["LIMIT_SCOPE", "team", "one of project, own"],
    ["X_DEDUPLICATES", "mostly", "one of true, false"],
    ["BILLING_CYCLE_DAY", "0", "from 1 to 31"],
    ["BILLING_CYCLE_DAY", "32", "from 1 to 31"],
    ["BILLING_CYCLE_DAY", "1.5", "a whole number"],
    ["PRICE_POST_USD", "-0.005", "from 0 to 1000"],
  ])("refuse %s=%s", (name, value, expected) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(expected)]);
  });
});
