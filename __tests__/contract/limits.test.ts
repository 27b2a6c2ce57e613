import { DEFAULT_PRICES } from "../../ingester/src/ledger/prices";
import {
  BROUGHT as INGESTER_BROUGHT,
  EXPANSIONS as INGESTER_EXPANSIONS,
} from "../../ingester/src/x/expansions";
import { TWEET_EXPANSIONS, TWEET_NAMES } from "../../ingester/src/x/fields";
import { MIN_POSTS } from "../../ingester/src/x/search/source";
import {
  BROUGHT,
  EXPANSIONS,
  PRICES_USD,
  SMALLEST_PAGE_POSTS,
  smallestPage,
} from "../../stacks/constructs/checks/smallest-page";
import { OLDER_EXPANSIONS, OLDER_FIELDS } from "../../stacks/ingestion/rules/settings-rules";
import { ingesterProblems, synthProblems, type Unchecked } from "./both-sides";

const source = { mode: "search", query: "cats" };

const expansionSets: readonly (readonly string[])[] = [
  [],
  ...Object.keys(EXPANSIONS).map((expansion) => [expansion]),
  ["author_id", "referenced_posts", "entities.mentions.username"],
  ["author_id", "username"],
  ["referenced_posts", "referenced_tweets.id.author_id"],
  Object.keys(EXPANSIONS).filter((name) => !Object.values(TWEET_EXPANSIONS).includes(name)),
];

describe("the table of what a page can cost", () => {
  it("has the ingester's worst case of every expansion", () => {
    expect(EXPANSIONS).toEqual(INGESTER_EXPANSIONS);
    expect(BROUGHT).toEqual(INGESTER_BROUGHT);
  });

  it("knows the ingester's older names of expansions and fields", () => {
    expect(OLDER_EXPANSIONS).toEqual(TWEET_EXPANSIONS);
    expect(OLDER_FIELDS).toEqual(TWEET_NAMES);
  });

  it("has the ingester's default prices", () => {
    expect(DEFAULT_PRICES).toMatchObject(PRICES_USD);
  });

  it("has the smallest page that the ingester can ask for", () => {
    expect(SMALLEST_PAGE_POSTS).toBe(MIN_POSTS);
  });
});

describe.each(expansionSets.map((expansions) => ({ expansions })))(
  "a limit with $expansions",
  ({ expansions }) => {
    const { posts, usd } = smallestPage(expansions);
    const limits: readonly [limits: Unchecked, isAllowed: boolean][] = [
      [{ monthlyPostLimit: posts }, true],
      [{ monthlyPostLimit: posts - 1 }, false],
      [{ monthlyPostLimit: posts + 0.5 }, false],
      [{ monthlyPostLimit: 10 ** 12 }, true],
      [{ monthlyPostLimit: 10 ** 12 + 1 }, false],
      [{ monthlyPostLimit: 0 }, false],
      [{ monthlyPostLimit: -1 }, false],
      [{ monthlyPostLimit: "none" }, true],
      [{ monthlyPostLimit: "some" }, false],
      [{ monthlyUsdLimit: usd }, true],
      [{ monthlyUsdLimit: usd - 0.001 }, false],
      [{ monthlyUsdLimit: 10 ** 9 }, true],
      [{ monthlyUsdLimit: 10 ** 9 + 0.5 }, false],
      [{ monthlyUsdLimit: 0 }, false],
      [{ monthlyUsdLimit: -1 }, false],
      [{ monthlyUsdLimit: "none" }, true],
      [{ monthlyUsdLimit: "20 dollars" }, false],
      [{ monthlyPostLimit: posts, monthlyUsdLimit: usd }, true],
      [{ monthlyPostLimit: "none", monthlyUsdLimit: "none" }, true],
      [{ monthlyPostLimit: "none", monthlyUsdLimit: usd - 0.001 }, false],
      [{}, false],
    ];

    it.each(limits)("is judged alike by synth and by the ingester: %j", (given, isAllowed) => {
      const settings = { source, expansions, ...given };
      expect(synthProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
      expect(ingesterProblems(settings)).toHaveLength(isAllowed ? 0 : 1);
    });
  },
);

describe("a limit below the smallest page", () => {
  it("is refused with the minimum by both", () => {
    const settings = { source, expansions: ["referenced_posts"], monthlyPostLimit: 29, monthlyUsdLimit: 0.1 };
    expect(synthProblems(settings)).toEqual([
      expect.stringMatching(
        /^test.ts: ingester.monthlyPostLimit must be a whole number from 30 to \d+ posts, or "none", got 29\. /,
      ),
      expect.stringMatching(
        /^test.ts: ingester.monthlyUsdLimit must be a number from 0.15 to \d+ US dollars, or "none", got 0.1\. /,
      ),
    ]);
    expect(ingesterProblems(settings)).toEqual([
      expect.stringMatching(/^MONTHLY_POST_LIMIT .*30 posts/),
      expect.stringMatching(/^MONTHLY_USD_LIMIT .*\$0\.15/),
    ]);
  });
});
