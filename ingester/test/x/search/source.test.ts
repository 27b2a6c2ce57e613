import type { SourceError } from "../../src/errors";
import { laterId, type Position, START } from "../../src/window";
import { type XAnswer, XResponseError } from "../../src/x/client";
import { SearchSource, type SearchSourceOptions } from "../../src/x/search-source";
import { FakeClock } from "../helpers/fake-clock";

type Params = Readonly<Record<string, string>>;
type Reply = Partial<XAnswer> | Error;

/** X as a script of replies, which remembers what it was asked. */
class FakeX {
  readonly asked: Params[] = [];
  constructor(private readonly replies: Reply[]) {}

  async get(_path: string, params: Params): Promise<XAnswer> {
    this.asked.push(params);
    const reply = this.replies.shift() ?? new Error("the script is over");
    if (reply instanceof Error) throw reply;
    return { body: {}, headers: {}, receivedAtMs: 0, ...reply };
  }
}

function answer(ids: readonly string[], next?: string, headers: XAnswer["headers"] = {}): Reply {
  const meta = { result_count: ids.length, ...(next === undefined ? {} : { next_token: next }) };
  return {
    headers,
    body: { ...(ids.length > 0 ? { data: ids.map((id) => ({ id, text: id })) } : {}), meta },
  };
}

function refused(status: number, parameter: string, message = "no"): Error {
  const body = { title: "Invalid Request", errors: [{ parameters: { [parameter]: ["x"] }, message }] };
  return new XResponseError({ status, body, headers: {}, path: "tweets/search/recent" });
}

function setUp(replies: Reply[], options: Partial<SearchSourceOptions> = {}) {
  const client = new FakeX(replies);
  const clock = new FakeClock();
  const search = { query: "from:nasa", postFields: undefined, expansions: [] };
  return {
    client,
    clock,
    source: new SearchSource({ client, clock, search, endpoint: "recent", ...options }),
  };
}

/** Reads until X says it has nothing newer, as the loop does. */
async function readAll(source: SearchSource, start: Position, maxPosts = 100) {
  const ids: string[] = [];
  let position = start;
  for (let reads = 0; reads < 50; reads += 1) {
    const page = await source.read(position, maxPosts);
    ids.push(...page.posts.map((post) => post.id));
    position = page.position;
    if (page.caughtUp) return { ids, position, reads: reads + 1 };
  }
  throw new Error("never caught up");
}

describe("paging through a window", () => {
  it("follows tokens to the end, keeping since_id, and takes the newest id of page 1 as the next one", async () => {
    const { client, source } = setUp([answer(["9", "8"], "t1"), answer(["7"], "t2"), answer(["6"])]);
    const { ids, position } = await readAll(source, { sinceId: "5", gaps: [] });
    expect(ids).toEqual(["9", "8", "7", "6"]);
    expect(client.asked.map(({ since_id, next_token }) => [since_id, next_token])).toEqual([
      ["5", undefined],
      ["5", "t1"],
      ["5", "t2"],
    ]);
    expect(position).toMatchObject({ sinceId: "9" });
    expect(position.window).toBeUndefined();
  });

  it("does not take an empty page for the end", async () => {
    const { source } = setUp([answer(["9"], "t1"), answer([], "t2"), answer(["4"])]);
    expect((await readAll(source, START)).ids).toEqual(["9", "4"]);
  });

  it("resumes below the oldest delivered id, repeats until_id with every token, then asks for what is newer", async () => {
    const { client, source } = setUp([answer(["6"], "t1"), answer(["5"]), answer(["12", "11"])]);
    const resumed = { sinceId: "1", window: { newestId: "10", oldestDeliveredId: "7" }, gaps: [] };
    const { ids } = await readAll(source, resumed);
    expect(ids).toEqual(["6", "5", "12", "11"]);
    expect(
      client.asked.map(({ since_id, until_id, next_token }) => [since_id, until_id, next_token]),
    ).toEqual([
      ["1", "7", undefined],
      ["1", "7", "t1"],
      ["10", undefined, undefined],
    ]);
  });

  it("is caught up at the end of a resumed window only when that is all it was asked for", async () => {
    const { source } = setUp([answer(["6"])], { singleWindow: true });
    const resumed = { sinceId: "1", window: { newestId: "10", oldestDeliveredId: "7" }, gaps: [] };
    expect((await readAll(source, resumed)).reads).toBe(1);
  });

  it("continues with until_id instead of a token when the page size changes", async () => {
    const { client, source } = setUp([answer(["9"], "t1"), answer(["8"])]);
    const first = await source.read(START, 100);
    await source.read(first.position, 40);
    expect(client.asked[1]).toMatchObject({ max_results: "40", until_id: "9" });
    expect(client.asked[1]).not.toHaveProperty("next_token");
  });

  it("continues with until_id when a token has expired", async () => {
    const { client, source } = setUp([answer(["9"], "t1"), refused(400, "next_token"), answer(["8"])]);
    expect((await readAll(source, START)).ids).toEqual(["9", "8"]);
    expect(client.asked[2]).toMatchObject({ until_id: "9" });
  });

  it("continues with until_id after a passing failure", async () => {
    const gone = new XResponseError({ status: 503, body: "", headers: {}, path: "tweets/search/recent" });
    const { client, source } = setUp([answer(["9"], "t1"), gone, answer(["8"])]);
    const { position } = await source.read(START, 100);
    await expect(source.read(position, 100)).rejects.toMatchObject({ kind: "transient", mayBeBilled: false });
    expect((await source.read(position, 100)).posts).toMatchObject([{ id: "8" }]);
    expect(client.asked[2]).toMatchObject({ until_id: "9" });
  });
});

describe("ids that X no longer takes", () => {
  const oldest = "2089996193672200192";
  const stale = () => refused(400, "since_id", `Please use a 'since_id' that is larger than ${oldest}`);

  it("clamps a stale since_id to the one X names, and records the gap", async () => {
    const { client, source } = setUp([stale(), answer([])]);
    const { position } = await readAll(source, { sinceId: "5", gaps: [] });
    expect(client.asked[1]).toMatchObject({ since_id: oldest });
    expect(position.gaps).toMatchObject([{ afterId: "5", beforeId: oldest }]);
  });

  it("records no gap when X had nothing newer at a time that since_id did not reach", async () => {
    const { source, clock } = setUp([stale(), answer([])]);
    const { position } = await readAll(source, { sinceId: "5", gaps: [], caughtUpAtMs: clock.now() });
    expect(position).toMatchObject({ sinceId: oldest, gaps: [] });
  });

  it("keeps more distance with each refusal, since X's oldest id moves on", async () => {
    const { client, source } = setUp([stale(), stale(), stale(), answer([])]);
    const { position } = await readAll(source, { sinceId: "5", gaps: [] });
    expect(client.asked.slice(1).map(({ since_id }) => since_id)).toEqual([
      oldest,
      laterId(oldest, 1_000),
      laterId(oldest, 2_000),
    ]);
    expect(position.gaps.at(-1)).toMatchObject({ beforeId: laterId(oldest, 2_000) });
  });

  it("never goes back to an older since_id, which would buy posts again", async () => {
    const newer = laterId(oldest, 60_000);
    const { client, source } = setUp([stale(), stale(), answer([])]);
    const { position } = await readAll(source, { sinceId: newer, gaps: [] });
    expect(client.asked.map(({ since_id }) => since_id)).toEqual([newer, newer, newer]);
    expect(position.gaps).toEqual([]);
  });

  it("closes a window whose rest is too old, and records the rest as a gap", async () => {
    const tooOld = refused(400, "until_id", "'until_id' must be a tweet id created after 2026-08-19T08:41Z");
    const { source } = setUp([tooOld, answer([])]);
    const { position } = await readAll(source, {
      sinceId: "1",
      window: { newestId: "10", oldestDeliveredId: "7" },
      gaps: [],
    });
    expect(position).toMatchObject({ sinceId: "10", gaps: [{ afterId: "1", beforeId: "7" }] });
  });
});

describe("ways of asking", () => {
  it("asks for every public field in the current words", async () => {
    const { client, source } = setUp([answer([])]);
    await source.read(START, 100);
    const fields = client.asked[0]?.["post.fields"]?.split(",") ?? [];
    expect(fields).toEqual(
      expect.arrayContaining(["created_at", "note_post", "public_metrics", "author_id", "referenced_posts"]),
    );
    expect(fields.filter((field) => /non_public|organic|promoted/.test(field))).toEqual([]);
    expect(client.asked[0]).not.toHaveProperty("expansions");
  });

  it("falls back to the older words when X refuses the new ones, and stays with them", async () => {
    const { client, source } = setUp([refused(400, "post.fields"), answer(["9"], "t"), answer([])]);
    await readAll(source, START);
    expect(client.asked[1]?.["tweet.fields"]).toContain("note_tweet");
    expect(client.asked[2]).toHaveProperty(["tweet.fields"]);
  });

  it("falls back to the listed fields alone when both vocabularies are refused", async () => {
    const { client, source } = setUp([refused(400, "post.fields"), refused(400, "tweet.fields"), answer([])]);
    await readAll(source, START);
    expect(client.asked[2]?.["post.fields"]).not.toContain("author_id");
  });

  it("takes the refusal of every way of asking as final", async () => {
    const { source } = setUp([1, 2, 3, 4].map(() => refused(400, "post.fields", "not one of [created_at]")));
    await expect(readAll(source, START)).rejects.toMatchObject({ kind: "invalid_request" });
  });

  it("reads both vocabularies into one", async () => {
    const body = {
      meta: {},
      data: [{ id: "1", note_tweet: { text: "long" }, public_metrics: { retweet_count: 3 } }],
    };
    const { source } = setUp([{ body }]);
    const { posts } = await source.read(START, 100);
    expect(posts).toEqual([{ id: "1", note_post: { text: "long" }, public_metrics: { repost_count: 3 } }]);
  });
});

describe("money and limits", () => {
  it("meters posts, included posts and included users apart", async () => {
    const includes = {
      tweets: [{ id: "7" }],
      users: [{ id: "u1" }, { id: "u2" }],
      media: [{ media_key: "m" }],
    };
    const { source } = setUp([{ body: { meta: {}, data: [{ id: "9" }], includes } }]);
    expect((await source.read(START, 100)).billed).toEqual({ posts: 1, includedPosts: 1, includedUsers: 2 });
  });

  it("states the worst case that an expansion can cost", () => {
    const search = { query: "q", postFields: undefined, expansions: ["author_id", "referenced_posts"] };
    const { source } = setUp([], { search });
    expect(source.readLimits.worstCasePerPost).toEqual({ posts: 1, includedPosts: 2, includedUsers: 1 });
  });

  it("does not send a request that X would only refuse", async () => {
    const { clock, client, source } = setUp([]);
    const reset = String(clock.now() / 1_000 + 60);
    const used = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset };
    const set = setUp([answer(["9"], "t", used), answer([])]);
    const { position } = await set.source.read(START, 100);
    const error = (await set.source.read(position, 100).catch((cause: unknown) => cause)) as SourceError;
    expect(error).toMatchObject({ kind: "window_limit", retryAtMs: Number(reset) * 1_000 });
    expect([client.asked, source.readLimits.minPosts]).toEqual([[], 10]);
    expect(set.client.asked).toHaveLength(1);
  });

  it("keeps full-archive requests a second apart", async () => {
    const { clock, source } = setUp([answer(["9"], "t"), answer(["8"])], { endpoint: "all" });
    await readAll(source, START, 500);
    expect(clock.sleeps).toEqual([1_000]);
  });

  it("halves the page while full-archive search fails, and grows it again", async () => {
    const gone = new XResponseError({ status: 503, body: "", headers: {}, path: "tweets/search/all" });
    const { source } = setUp([gone, answer(["9"], "t"), answer(["8"])], { endpoint: "all" });
    await source.read(START, 500).catch(() => undefined);
    expect(source.readLimits.maxPosts).toBe(250);
    await source.read(START, 250);
    expect(source.readLimits.maxPosts).toBe(500);
  });

  it("counts problems beside the data, and keeps the data", async () => {
    const errors = [{ type: "https://api.x.com/2/problems/resource-not-found" }];
    const { source } = setUp([{ body: { data: [{ id: "9" }], errors, meta: {} } }]);
    expect(await source.read(START, 100)).toMatchObject({ partialErrors: 1, posts: [{ id: "9" }] });
  });

  it("treats JSON that is no search answer as an answer that got lost", async () => {
    const { source } = setUp([{ body: { status: "ok" } }]);
    await expect(source.read(START, 100)).rejects.toMatchObject({ kind: "transient", mayBeBilled: true });
  });
});
