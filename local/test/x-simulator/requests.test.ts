import { firstIdAt } from "../../x-simulator/snowflake";
import { XSimulator } from "../../x-simulator/x-simulator";
import { ask, type Parameters, searchRecent } from "../helpers/x-client";

const simulator = new XSimulator({ posts: 600, rateLimits: "off" });
let url = "";

beforeAll(async () => {
  ({ url } = await simulator.listen());
});
afterAll(() => simulator.close());

const search = (endpoint: string, parameters: Parameters) =>
  ask(url, `/2/tweets/search/${endpoint}`, { query: "trains", ...parameters });
const recentId = (): string => String(firstIdAt(Date.now() - 3_600_000));
const soon = (): string => new Date(Date.now() - 5_000).toISOString();

describe("search parameters", () => {
  it.each<[string, string, Parameters]>([
    ["the fewest results", "recent", { max_results: 10 }],
    ["the most results of recent search", "recent", { max_results: 100 }],
    ["the most results of full-archive search", "all", { max_results: 500 }],
    ["the longest query of recent search", "recent", { query: "é".repeat(512) }],
    ["the longest query of full-archive search", "all", { query: "q".repeat(1024) }],
    ["an id of 19 digits", "recent", { until_id: "9223372036854775807" }],
    ["fields in either vocabulary", "recent", { "post.fields": "note_post,public_metrics" }],
    ["fields in the older vocabulary", "recent", { "tweet.fields": "note_tweet,referenced_tweets" }],
    ["an old since_id in the full archive", "all", { since_id: "20" }],
    ["quoted parentheses", "recent", { query: '"a (b" OR (c d)' }],
  ])("accept %s", async (_, endpoint, parameters) => {
    expect((await search(endpoint, parameters)).status).toBe(200);
  });

  it.each<[string, string, () => Parameters, string]>([
    ["one result too few", "recent", () => ({ max_results: 9 }), "max_results"],
    ["one result too many in recent search", "recent", () => ({ max_results: 101 }), "max_results"],
    ["one result too many in the full archive", "all", () => ({ max_results: 501 }), "max_results"],
    ["a number with words", "recent", () => ({ max_results: "ten" }), "max_results"],
    ["an empty query", "recent", () => ({ query: "" }), "query"],
    ["one character too many in recent search", "recent", () => ({ query: "é".repeat(513) }), "query"],
    ["one character too many in the full archive", "all", () => ({ query: "q".repeat(1025) }), "query"],
    ["an open parenthesis", "recent", () => ({ query: "(trains" }), "query"],
    ["an open quotation", "recent", () => ({ query: 'say "trains' }), "query"],
    ["an id of 20 digits", "recent", () => ({ until_id: "12345678901234567890" }), "until_id"],
    ["an id with letters", "recent", () => ({ since_id: "12a" }), "since_id"],
    ["an unknown parameter", "recent", () => ({ page: 2 }), "page"],
    ["an unknown field", "recent", () => ({ "post.fields": "id,colour" }), "post.fields"],
    ["an unknown expansion", "recent", () => ({ expansions: "everything" }), "expansions"],
    ["an unknown order", "recent", () => ({ sort_order: "random" }), "sort_order"],
    ["a malformed time", "recent", () => ({ start_time: "yesterday" }), "start_time"],
    ["an end a moment ago", "recent", () => ({ end_time: soon() }), "end_time"],
    ["a start beyond seven days", "recent", () => ({ start_time: "2020-01-01T00:00:00Z" }), "start_time"],
    ["since_id with start_time", "recent", () => ({ since_id: recentId(), start_time: soon() }), "since_id"],
    ["until_id with end_time", "recent", () => ({ until_id: recentId(), end_time: soon() }), "until_id"],
    ["since_id with end_time", "recent", () => ({ since_id: recentId(), end_time: soon() }), "since_id"],
  ])("refuse %s, naming the parameter", async (_, endpoint, parameters, named) => {
    const { status, body } = await search(endpoint, parameters());
    expect(status).toBe(400);
    expect(body).toMatchObject({
      title: "Invalid Request",
      type: "https://api.twitter.com/2/problems/invalid-request",
    });
    expect(body.errors?.flatMap(({ parameters: named }) => Object.keys(named ?? {}))).toContain(named);
  });

  it("are all reported together", async () => {
    const { body } = await searchRecent(url, { max_results: 1, since_id: "x", colour: "red" });
    const named = body.errors?.flatMap(({ parameters }) => Object.keys(parameters ?? {}));
    expect(named?.sort()).toEqual(["colour", "max_results", "since_id"]);
  });

  it("are refused when since_id is older than seven days, with the id to use instead", async () => {
    const { status, body } = await searchRecent(url, { since_id: "1000" });
    const message = body.errors?.[0]?.message ?? "";
    const [, named = "0"] = /larger than (\d+)$/.exec(message) ?? [];
    expect(status).toBe(400);
    expect(body.errors?.[0]?.parameters).toEqual({ since_id: ["1000"] });
    expect(message).toMatch(/^'since_id' must be a tweet id created after \d{4}-\d\d-\d\dT\d\d:\d\dZ\./);
    expect((await searchRecent(url, { since_id: String(BigInt(named) + 2n ** 32n) })).status).toBe(200);
  });
});

describe("authorization", () => {
  it.each([
    ["no token", {}],
    ["a token that X does not know", { authorization: "Bearer invalid" }],
    ["another scheme", { authorization: "Basic dXNlcg==" }],
  ])("fails with %s", async (_, headers) => {
    const response = await fetch(`${url}/2/tweets/search/recent?query=a`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      title: "Unauthorized",
      detail: "Unauthorized",
      type: "about:blank",
      status: 401,
    });
  });
});

describe("vocabulary", () => {
  it.each(["post", "tweet"] as const)("%s alone refuses the other words by name", async (vocabulary) => {
    const speaking = new XSimulator({ vocabulary, rateLimits: "off" });
    const { url: speakingUrl } = await speaking.listen();
    const other = vocabulary === "post" ? "tweet" : "post";
    const accepted = await searchRecent(speakingUrl, { [`${vocabulary}.fields`]: `note_${vocabulary}` });
    const refused = await searchRecent(speakingUrl, { [`${other}.fields`]: "lang" });
    const mixed = await searchRecent(speakingUrl, { [`${vocabulary}.fields`]: `note_${other}` });
    expect(accepted.status).toBe(200);
    expect(accepted.body.data?.[0]).toHaveProperty(`edit_history_${vocabulary}_ids`);
    expect(refused.status).toBe(400);
    expect(refused.body.errors?.[0]?.parameters).toEqual({ [`${other}.fields`]: ["lang"] });
    expect(mixed.body.errors?.[0]?.parameters).toEqual({ [`${vocabulary}.fields`]: [`note_${other}`] });
    await speaking.close();
  });

  it("both answers in the words of the request", async () => {
    const older = await searchRecent(url, { "tweet.fields": "lang" });
    const current = await searchRecent(url, { "post.fields": "lang" });
    expect(older.body.data?.[0]).toHaveProperty("edit_history_tweet_ids");
    expect(current.body.data?.[0]).toHaveProperty("edit_history_post_ids");
  });
});

describe("the words of an answer", () => {
  it.each<[Parameters, string]>([
    [{}, "edit_history_post_ids"],
    [{ "post.fields": "lang" }, "edit_history_post_ids"],
    [{ expansions: "attachments.media_source_tweet" }, "edit_history_post_ids"],
    [{ "tweet.fields": "lang" }, "edit_history_tweet_ids"],
    [{ expansions: "referenced_tweets.id" }, "edit_history_tweet_ids"],
  ])("to %j are those of the request", async (parameters, name) => {
    const { body } = await search("recent", parameters);
    expect(body.data?.[0]).toHaveProperty(name);
  });
});
