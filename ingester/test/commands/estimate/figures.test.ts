import { type Counted, estimateFrom, lastingOf, withTerm } from "../../../src/commands/estimate/figures";
import {
  describeCost,
  describe as describeEstimate,
  describeLasting,
  describeTotal,
} from "../../../src/commands/estimate/words";
import { DEFAULT_PRICES } from "../../../src/ledger/prices";

const PRICES = { prices: DEFAULT_PRICES, requestUsd: 0.005, metered: true };
const bucket = (start: string, end: string, posts: number) => ({ start, end, posts });

const of = (buckets: Counted["buckets"], variants: Counted["variants"] = []): Counted => ({
  name: "cats",
  query: "cats",
  buckets,
  variants,
});

describe("an estimate", () => {
  const buckets = [
    bucket("2026-11-22T22:00:00Z", "2026-11-22T23:00:00Z", 10),
    bucket("2026-11-22T23:00:00Z", "2026-11-23T00:00:00Z", 30),
    bucket("2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z", 20),
  ];

  it("averages over the hours that were counted", () => {
    const estimate = estimateFrom(of(buckets), PRICES);
    expect(estimate).toMatchObject({ hours: 3, posts: 60, perHour: { posts: 20 }, perDay: { posts: 480 } });
    expect(estimate.perMonth.posts).toBe(14_400);
    expect(estimate.perMonth.usd).toBeCloseTo(72);
  });

  it("counts an hour that X has cut short for what it is", () => {
    const half = [bucket("2026-11-22T22:30:00Z", "2026-11-22T23:00:00Z", 10)];
    expect(estimateFrom(of(half), PRICES).perHour.posts).toBe(20);
  });

  it("adds hours up to days", () => {
    expect(estimateFrom(of(buckets), PRICES).days).toEqual([
      { date: "2026-11-22", posts: 40, hours: 2 },
      { date: "2026-11-23", posts: 20, hours: 1 },
    ]);
  });

  it("is nothing for a query without posts", () => {
    expect(estimateFrom(of([]), PRICES)).toMatchObject({ posts: 0, perMonth: { posts: 0, usd: 0 } });
  });

  it("states its own price", () => {
    const estimate = estimateFrom(of(buckets), PRICES);
    expect(describeCost([estimate])).toBe("This estimate cost $0.005.\n");
    expect(describeCost([estimate, estimate])).toBe("This estimate cost $0.01.\n");
  });

  it("says that no budget counts it where there is no ledger", () => {
    const text = describeCost([estimateFrom(of(buckets), { ...PRICES, metered: false })]);
    expect(text).toContain("cost $0.005. It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE");
  });

  it("draws parts of days apart from whole ones, within the terminal", () => {
    const day = Array.from({ length: 24 }, (_, hour) => {
      const start = Date.parse("2026-11-23T00:00:00Z") + hour * 3_600_000;
      return bucket(new Date(start).toISOString(), new Date(start + 3_600_000).toISOString(), 5);
    });
    const text = describeEstimate(estimateFrom(of([...buckets.slice(0, 2), ...day]), PRICES), 30);
    expect(text).toContain("  2026-11-22  ▒▒▒          40");
    expect(text).toContain("  2026-11-23  ██████████  120");
    const chart = text.split("\n").filter((line) => line.startsWith("  2026"));
    expect(Math.max(...chart.map(({ length }) => length))).toBeLessThan(30);
  });

  it("prices variants beside the query", () => {
    const half = [bucket("2026-11-22T22:00:00Z", "2026-11-23T01:00:00Z", 30)];
    const variants = [{ term: "lang:en", query: "cats lang:en", buckets: half }];
    const estimate = estimateFrom(of(buckets, variants), PRICES);
    expect(estimate.variants).toMatchObject([{ term: "lang:en", percent: 50, perMonth: { posts: 7_200 } }]);
    expect(describeEstimate(estimate, 80)).toMatch(/^ {2}lang:en +7,200 posts +\$36\.00 +50 %$/m);
  });

  it("adds several queries up", () => {
    const estimate = estimateFrom(of(buckets), PRICES);
    expect(describeTotal([estimate])).toBe("");
    expect(describeTotal([estimate, estimate])).toMatch(
      /2 queries together:\n.*\n {2}per month +28,800 posts +\$144\.00/,
    );
  });
});

describe("how long a limit lasts", () => {
  const limit = { limit: "MONTHLY_USD_LIMIT", unit: "usd", allowed: 24, used: 12, left: 12 } as const;
  const hourly = [bucket("2026-11-22T22:00:00Z", "2026-11-22T23:00:00Z", 100)];

  it("is said of the whole limit, and of what is left", () => {
    const lasting = lastingOf([estimateFrom(of(hourly), PRICES)], [limit]);
    expect(describeLasting(lasting)).toBe(
      "MONTHLY_USD_LIMIT of $24.00 lasts 2 days at this rate; what is left of it, $12.00, lasts 24 h.\n",
    );
  });

  it("goes by all queries together, in the limit's own unit", () => {
    const two = [estimateFrom(of(hourly), PRICES), estimateFrom(of(hourly), PRICES)];
    const posts = {
      limit: "MONTHLY_POST_LIMIT",
      unit: "posts",
      allowed: 1_000,
      used: 0,
      left: 1_000,
    } as const;
    expect(describeLasting(lastingOf(two, [posts]))).toBe(
      "MONTHLY_POST_LIMIT of 1,000 posts lasts 5 h at this rate.\n",
    );
  });

  it("is no question without posts, or without a limit", () => {
    expect(describeLasting(lastingOf([estimateFrom(of([]), PRICES)], [limit]))).toContain("not touched");
    expect(describeLasting([])).toContain("No limit is set");
  });
});

describe("a variant", () => {
  it.each([
    ["cats", "lang:en", "cats lang:en"],
    ["cats OR dogs", "-is:reply", "(cats OR dogs) -is:reply"],
    ["cats", "lang:en OR lang:de", "cats (lang:en OR lang:de)"],
  ])("of %s with %s is %s", (query, term, expected) => expect(withTerm(query, term)).toBe(expected));
});
