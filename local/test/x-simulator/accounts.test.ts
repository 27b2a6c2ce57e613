import Ajv from "ajv";
import { SimulatedClock } from "../../support/simulated-clock";
import { Ledger } from "../../x-simulator/ledger";
import { RateLimiter, X_RATE_LIMITS } from "../../x-simulator/rate-limit";
import { XProblem } from "../../x-simulator/x-problem";
import { XSimulator } from "../../x-simulator/x-simulator";
import xSchema from "../fixtures/x-api.schema.json";
import { allIds, ask, readAllPages, searchRecent } from "../helpers/x-client";

const MINUTE_MS = 60_000;
const ajv = new Ajv({ strict: false, formats: { "date-time": true } });
ajv.addSchema(xSchema, "x");
const isUser = ajv.compile({ $ref: "x#/definitions/User" });
const isUsage = ajv.compile({ $ref: "x#/definitions/Usage" });

async function withSimulator<Result>(
  options: ConstructorParameters<typeof XSimulator>[0],
  use: (simulator: XSimulator, url: string) => Promise<Result>,
): Promise<Result> {
  const simulator = new XSimulator(options);
  const { url } = await simulator.listen();
  try {
    return await use(simulator, url);
  } finally {
    await simulator.close();
  }
}

describe("RateLimiter", () => {
  it.each(Object.entries(X_RATE_LIMITS).filter(([name]) => name !== "search/all"))(
    "admits %s %i times in 15 minutes, and again afterwards",
    (name, limit) => {
      const limiter = new RateLimiter();
      const endpoint = name as keyof typeof X_RATE_LIMITS;
      const left = Array.from(
        { length: limit },
        () => limiter.admit(endpoint, 1000)["x-rate-limit-remaining"],
      );
      expect(left).toEqual(left.map((_, count) => String(limit - 1 - count)));
      expect(() => limiter.admit(endpoint, 1000 + 15 * MINUTE_MS - 1)).toThrow(XProblem);
      expect(limiter.admit(endpoint, 1000 + 15 * MINUTE_MS)["x-rate-limit-remaining"]).toBe(
        String(limit - 1),
      );
    },
  );

  it("admits the full archive once a second, with requests remaining", () => {
    const limiter = new RateLimiter();
    limiter.admit("search/all", 0);
    expect(() => limiter.admit("search/all", 999)).toThrow(
      expect.objectContaining({
        status: 429,
        headers: expect.objectContaining({ "x-rate-limit-remaining": "299" }),
      }),
    );
    expect(limiter.admit("search/all", 1000)["x-rate-limit-remaining"]).toBe("298");
  });

  it("says in whole seconds when the window renews", () => {
    const headers = new RateLimiter().admit("search/recent", 1500);
    expect(headers["x-rate-limit-reset"]).toBe("902");
    expect(headers["x-rate-limit-limit"]).toBe("450");
  });

  it("takes other limits, or none", () => {
    const strict = new RateLimiter({ "search/recent": 1 });
    strict.admit("search/recent", 0);
    expect(() => strict.admit("search/recent", 0)).toThrow(XProblem);
    const off = new RateLimiter("off");
    for (let count = 0; count < 1000; count += 1) off.admit("search/all", 0);
  });
});

describe("Ledger", () => {
  const NOON = Date.parse("2026-11-23T12:00:00Z");
  const page = {
    source: "search",
    maxResults: 100,
    includedPosts: [],
    includedUsers: [],
    cut: false,
  } as const;
  const range = (from: number, to: number) => ({
    posts: Array.from({ length: to - from }, (_, at) => from + at),
  });

  it("counts every return, and knows which posts came more than once", () => {
    const ledger = new Ledger();
    ledger.bill({ ...page, ...range(0, 100) }, NOON);
    ledger.bill(
      { ...page, ...range(90, 190), includedPosts: [500, 501, 50], includedUsers: [1, 2, 3, 4] },
      NOON,
    );
    ledger.bill({ ...page, ...range(95, 96), maxResults: 10 }, NOON);
    expect(ledger.report()).toMatchObject({
      posts: 201,
      distinctPosts: 190,
      repeatedPosts: 10,
      includedPosts: 3,
      billedIncludedPosts: 2,
      includedUsers: 4,
      billedIncludedUsers: 4,
      postsAskedFor: 210,
      maxResultsAsked: 100,
    });
    expect([0, 90, 95, 189, 190].map((index) => ledger.timesReturned(index))).toEqual([1, 2, 3, 1, 0]);
  });

  it("bills a post once per UTC day, however often it is read", () => {
    const ledger = new Ledger();
    ledger.bill({ ...page, ...range(0, 100) }, NOON);
    ledger.bill({ ...page, ...range(50, 150) }, NOON + 11 * 3_600_000);
    expect(ledger.report()).toMatchObject({ posts: 200, billedPosts: 150, distinctPosts: 150 });
    ledger.bill({ ...page, ...range(50, 150) }, NOON + 12 * 3_600_000);
    expect(ledger.report()).toMatchObject({ posts: 300, billedPosts: 250, distinctPosts: 150 });
  });

  it("keeps count of a million posts in little memory", () => {
    const ledger = new Ledger();
    ledger.bill({ ...page, ...range(0, 1_000_000) }, NOON);
    let count = 0;
    for (const index of ledger.returnedIndexes()) if (index >= 0) count += 1;
    expect(count).toBe(1_000_000);
    expect(ledger.repeated().size).toBe(0);
  });
});

describe("the simulator's accounts", () => {
  it("list exactly the ids returned, in process and over HTTP", () =>
    withSimulator({ posts: 120 }, async (simulator, url) => {
      const { body } = await searchRecent(url, { max_results: 40 });
      const returned = body.data?.map(({ id }) => id).reverse();
      const listed = await (await fetch(`${url}/__simulator/ledger/ids`)).text();
      expect([...simulator.billedIds()].map(String)).toEqual(returned);
      expect(listed.trim().split("\n")).toEqual(returned);
    }));

  it("show what was bought again and how requests ended", () =>
    withSimulator({ posts: 30 }, async (simulator, url) => {
      await searchRecent(url, { max_results: 10 });
      await searchRecent(url, { max_results: 10 });
      await searchRecent(url, { max_results: 7 });
      const ledger = await (await fetch(`${url}/__simulator/ledger`)).json();
      expect(ledger).toMatchObject({
        posts: 20,
        distinctPosts: 10,
        repeatedPosts: 10,
        timelinePosts: 30,
        requests: { "search/recent 200": 2, "search/recent 400": 1 },
      });
      const { repeated } = ledger as { repeated: readonly { id: string; times: number }[] };
      expect(repeated.every(({ times }) => times === 2)).toBe(true);
      expect(repeated.map(({ id }) => id).sort()).toEqual(allIds(simulator).slice(0, 10).sort());
    }));

  it("meter included posts and users apart from the posts", () =>
    withSimulator({ posts: 500 }, async (simulator, url) => {
      const { body } = await searchRecent(url, {
        max_results: 100,
        expansions: "author_id,referenced_posts",
        "user.fields": "public_metrics",
      });
      const { users = [], posts = [] } = body.includes ?? {};
      const referred = (body.data ?? []).flatMap((post) => (post.referenced_posts ?? []) as { id: string }[]);
      expect(new Set(posts.map(({ id }) => id))).toEqual(new Set(referred.map(({ id }) => id)));
      expect(new Set(users.map(({ id }) => id))).toEqual(new Set(body.data?.map((post) => post.author_id)));
      expect(users.every((user) => isUser(user))).toBe(true);
      expect(posts.length).toBeGreaterThan(5);
      expect(simulator.ledger.report()).toMatchObject({
        posts: 100,
        includedPosts: posts.length,
        includedUsers: users.length,
      });
    }));

  it("end searches at the project's cap", () =>
    withSimulator({ posts: 100, projectCap: 50, priorUsage: 30 }, async (_, url) => {
      expect((await searchRecent(url, { max_results: 20 })).status).toBe(200);
      expect((await searchRecent(url, { max_results: 10 })).body).toMatchObject({
        title: "UsageCapExceeded",
      });
    }));
});

describe("GET /2/usage/tweets", () => {
  it("reports usage in X's shape", () =>
    withSimulator({ posts: 50, priorUsage: 7, capResetDay: 19 }, async (_, url) => {
      await searchRecent(url, { max_results: 10 });
      const fields =
        "cap_reset_day,daily_client_app_usage,daily_project_usage,project_cap,project_id,project_usage";
      const { status, body } = await ask(url, "/2/usage/tweets", { "usage.fields": fields });
      expect(status).toBe(200);
      expect(isUsage(body.data)).toBe(true);
      expect(body.data).toMatchObject({ project_usage: "17", project_cap: "3000000", cap_reset_day: 19 });
    }));

  it("refuses days it has not", () =>
    withSimulator({ posts: 10 }, async (_, url) => {
      expect((await ask(url, "/2/usage/tweets", { days: 90 })).status).toBe(200);
      expect((await ask(url, "/2/usage/tweets", { days: 91 })).status).toBe(400);
    }));
});

describe("GET /2/tweets/counts", () => {
  interface Counts {
    readonly data: readonly { readonly start: string; readonly end: string; readonly post_count: number }[];
    readonly meta: { readonly total_post_count: number; readonly next_token?: string };
  }
  const clock = new SimulatedClock(Date.parse("2026-11-23T08:10:00Z"));
  const spread = {
    segments: [{ count: 900, fromMs: clock.now() - 3 * 86_400_000, toMs: clock.now() }],
    clock,
  };
  const counts = async (url: string, path: string, parameters = {}): Promise<Counts> =>
    (await ask(url, `/2/tweets/counts/${path}`, { query: "trains", ...parameters }))
      .body as unknown as Counts;

  it.each([
    ["minute", 7 * 24 * 60 + 1],
    ["hour", 7 * 24 + 1],
    ["day", 8],
  ])("covers seven days by the %s, adding up to what search finds", (granularity, buckets) =>
    withSimulator(spread, async (simulator, url) => {
      const { data, meta } = await counts(url, "recent", { granularity });
      const found = (await readAllPages(url, { max_results: 100 })).flat();
      expect(meta.total_post_count).toBe(found.length);
      expect(data.reduce((sum, { post_count }) => sum + post_count, 0)).toBe(found.length);
      expect(data.length).toBeGreaterThanOrEqual(buckets - 1);
      expect(data.length).toBeLessThanOrEqual(buckets);
      for (const [place, { start }] of data.entries())
        if (place > 0) expect(start).toBe(data[place - 1]?.end);
      expect(simulator.ledger.report()).toMatchObject({ countsRequests: 1 });
    }),
  );

  it("pages through the full archive by 31 days", () =>
    withSimulator(spread, async (_, url) => {
      const start_time = "2026-09-01T00:00:00Z";
      const parameters = { start_time, granularity: "day" };
      const first = await counts(url, "all", parameters);
      const second = await counts(url, "all", { ...parameters, next_token: first.meta.next_token });
      const third = await counts(url, "all", { ...parameters, next_token: second.meta.next_token });
      expect(first.data[0]?.start).toBe(second.data.at(-1)?.end);
      expect(third.data[0]?.start).toBe("2026-09-01T00:00:00.000Z");
      expect(third.meta.next_token).toBeUndefined();
      expect(first.meta.total_post_count).toBe(900);
    }));

  it("says the same in the older words", () =>
    withSimulator({ ...spread, vocabulary: "tweet" }, async (_, url) => {
      const { body } = await ask(url, "/2/tweets/counts/recent", { query: "trains" });
      expect(body.meta).toEqual({ total_tweet_count: 900 });
    }));

  it("refuses a granularity of years", () =>
    withSimulator(spread, async (_, url) => {
      const { status, body } = await ask(url, "/2/tweets/counts/recent", { query: "a", granularity: "year" });
      expect(status).toBe(400);
      expect(body.errors?.[0]?.parameters).toEqual({ granularity: ["year"] });
    }));
});

describe("other addresses", () => {
  it("are not found", () =>
    withSimulator({ posts: 10 }, async (_, url) => {
      expect((await ask(url, "/2/tweets/search/everything")).status).toBe(404);
      expect((await fetch(`${url}/__simulator/nothing`)).status).toBe(404);
    }));

  it("write newer posts on demand", () =>
    withSimulator({ posts: 10 }, async (simulator, url) => {
      const before = allIds(simulator);
      const add = (body: string) => fetch(`${url}/__simulator/posts`, { method: "POST", body });
      expect(await (await add('{"count":5}')).json()).toEqual({ posts: 15 });
      expect((await add('{"count":0}')).status).toBe(400);
      expect(allIds(simulator).slice(5)).toEqual(before);
      expect((await readAllPages(url)).flat()).toHaveLength(15);
    }));
});
