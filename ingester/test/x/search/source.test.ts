import type { Interval } from "../../../src/ledger/intervals";
import type { SourceError } from "../../../src/loop/errors";
import { compareIds, firstIdAt, type Id, MAX_ID, nextId, previousId, timeOfId } from "../../../src/posts/ids";
import type { XAnswer } from "../../../src/x/client";
import { XResponseError } from "../../../src/x/errors";
import { SearchSource, type SearchSourceOptions } from "../../../src/x/search/source";

type Params = Readonly<Record<string, string>>;
type Reply = Partial<XAnswer> | Error;

const NOW = Date.parse("2026-11-23T12:00:00Z");
const DAY_MS = 86_400_000;
const NEVER = new AbortController().signal;
/** The id of a post that was made so many minutes ago. */
const ago = (minutes: number): Id => firstIdAt(NOW - minutes * 60_000);
const EDGE: Interval = { after: ago(60), through: MAX_ID };

/** X as a script of replies, which remembers what it was asked. */
class FakeX {
  readonly asked: Params[] = [];
  nowMs = NOW;
  constructor(private readonly replies: Reply[]) {}

  readonly now = () => this.nowMs;

  async get(_path: string, params: Params): Promise<XAnswer> {
    this.asked.push(params);
    const reply = this.replies.shift() ?? new Error("the script is over");
    if (reply instanceof Error) throw reply;
    return { body: {}, headers: {}, receivedAtMs: NOW, ...reply };
  }
}

function answer(ids: readonly string[], next?: string): Reply {
  const meta = { result_count: ids.length, ...(next === undefined ? {} : { next_token: next }) };
  return { body: { ...(ids.length > 0 ? { data: ids.map((id) => ({ id, text: id })) } : {}), meta } };
}

function refused(status: number, parameter: string, message = "no"): Error {
  const body = { title: "Invalid Request", errors: [{ parameters: { [parameter]: ["x"] }, message }] };
  return new XResponseError({ status, body, headers: {}, path: "tweets/search/recent" });
}

const unavailable = (path = "tweets/search/recent") =>
  new XResponseError({ status: 503, body: "", headers: {}, path });

function setUp(replies: Reply[], options: Partial<SearchSourceOptions> = {}) {
  const client = new FakeX(replies);
  const own = { query: "from:nasa", postFields: undefined, expansions: [], endpoint: "recent" as const };
  const source = new SearchSource({ client, ...own, ...options });
  const read = (hole: Interval, maxPosts = 100) => source.read({ hole, maxPosts, signal: NEVER });
  return { client, source, read };
}

/** Fills a hole as the loop does: the next page is of what the last one has not covered. */
async function fill(source: SearchSource, hole: Interval, maxPosts = 100) {
  const ids: string[] = [];
  const lost: Interval[] = [];
  let rest = hole;
  for (let reads = 1; reads <= 50; reads += 1) {
    const page = await source.read({ hole: rest, maxPosts, signal: NEVER });
    ids.push(...page.posts.map((post) => post.id));
    if (page.lost !== undefined) lost.push(page.lost);
    if (page.filled) return { ids, lost, reads, covers: page.covers };
    rest = { after: rest.after, through: page.covers?.after ?? rest.through };
  }
  throw new Error("never filled");
}

describe("filling a hole", () => {
  it("follows tokens to the end, repeating since_id, and covers the hole from its top", async () => {
    const { client, source } = setUp([
      answer([ago(1), ago(2)], "t1"),
      answer([ago(3)], "t2"),
      answer([ago(4)]),
    ]);
    const { ids, covers } = await fill(source, EDGE);
    expect(ids).toEqual([ago(1), ago(2), ago(3), ago(4)]);
    expect(
      client.asked.map(({ since_id, until_id, next_token }) => [since_id, until_id, next_token]),
    ).toEqual([
      [EDGE.after, undefined, undefined],
      [EDGE.after, undefined, "t1"],
      [EDGE.after, undefined, "t2"],
    ]);
    expect(covers).toEqual({ after: EDGE.after, through: previousId(ago(3)) });
  });

  it("covers what a page has brought, down to its oldest post", async () => {
    const { read } = setUp([answer([ago(1), ago(3), ago(2)], "t1")]);
    expect(await read(EDGE)).toMatchObject({
      covers: { after: previousId(ago(3)), through: MAX_ID },
      filled: false,
      provenance: { source: "search/recent", query: "from:nasa" },
    });
  });

  it("does not take an empty page for the end", async () => {
    const { source } = setUp([answer([ago(1)], "t1"), answer([], "t2"), answer([ago(4)])]);
    expect((await fill(source, EDGE)).ids).toEqual([ago(1), ago(4)]);
  });

  it("does not take an answer without meta for the end", async () => {
    const { source, client } = setUp([{ body: { data: [{ id: ago(1) }] } }, answer([ago(2)])]);
    expect((await fill(source, EDGE)).ids).toEqual([ago(1), ago(2)]);
    expect(client.asked[1]).toMatchObject({ until_id: ago(1) });
  });

  it("asks for an inner hole by until_id, and repeats that with every token", async () => {
    const hole = { after: ago(60), through: ago(30) };
    const { client, source } = setUp([answer([ago(31)], "t1"), answer([ago(40)])]);
    await fill(source, hole);
    expect(
      client.asked.map(({ since_id, until_id, next_token }) => [since_id, until_id, next_token]),
    ).toEqual([
      [ago(60), nextId(ago(30)), undefined],
      [ago(60), nextId(ago(30)), "t1"],
    ]);
  });

  it("asks again without a bound that X refuses because its clock has not reached it", async () => {
    const ahead = { after: ago(60), through: firstIdAt(NOW + 60_000) };
    const { client, read } = setUp([
      refused(400, "until_id", "must be before now"),
      answer([ago(1)]),
      answer([]),
    ]);
    expect(await read(ahead)).toMatchObject({ filled: true, covers: ahead });
    await read(ahead);
    expect(client.asked.map(({ until_id }) => until_id !== undefined)).toEqual([true, false, false]);
  });

  it("takes the refusal of a bound that cannot lie in X's future as final", async () => {
    const { read } = setUp([refused(400, "until_id", "must be before now")]);
    await expect(read({ after: ago(60), through: ago(30) })).rejects.toMatchObject({
      kind: "invalid_request",
    });
  });

  it("continues with until_id instead of a token when the page size or the hole changes", async () => {
    const { client, read } = setUp([answer([ago(1)], "t1"), answer([ago(2)], "t2"), answer([])]);
    await read(EDGE, 100);
    await read({ after: EDGE.after, through: previousId(ago(1)) }, 40);
    await read({ after: EDGE.after, through: ago(20) }, 40);
    expect(client.asked.slice(1)).toMatchObject([
      { max_results: "40", until_id: ago(1) },
      { until_id: nextId(ago(20)) },
    ]);
    for (const asked of client.asked) expect(asked).not.toHaveProperty("next_token");
  });

  it("does not use a token for a hole that has grown downwards, whose since_id would be another", async () => {
    const { client, read } = setUp([answer([ago(1)], "t1"), answer([])]);
    await read(EDGE);
    const grown = { after: ago(90), through: previousId(ago(1)) };
    expect(await read(grown)).toMatchObject({ filled: true, covers: grown });
    expect(client.asked[1]).toMatchObject({ since_id: ago(90), until_id: ago(1) });
    expect(client.asked[1]).not.toHaveProperty("next_token");
  });

  it("continues with until_id when a token has expired, without another page through the loop", async () => {
    const { client, source } = setUp([answer([ago(1)], "t1"), refused(400, "next_token"), answer([ago(2)])]);
    expect(await fill(source, EDGE)).toMatchObject({ ids: [ago(1), ago(2)], reads: 2 });
    expect(client.asked[2]).toMatchObject({ until_id: ago(1) });
  });

  it("continues with until_id after a passing failure", async () => {
    const { client, read } = setUp([answer([ago(1)], "t1"), unavailable(), answer([ago(2)])]);
    await read(EDGE);
    const rest = { after: EDGE.after, through: previousId(ago(1)) };
    await expect(read(rest)).rejects.toMatchObject({ kind: "transient", mayBeBilled: false });
    expect((await read(rest)).posts).toMatchObject([{ id: ago(2) }]);
    expect(client.asked[2]).toMatchObject({ until_id: ago(1) });
  });
});

describe("what X no longer returns", () => {
  const oldest = firstIdAt(NOW - 7 * DAY_MS + 3_600_000);
  const stale = (id = oldest) =>
    refused(400, "since_id", `Please use a 'since_id' that is larger than ${id}`);
  const later = (id: Id, ms: number) => firstIdAt(timeOfId(id) + ms);
  const HOLE: Interval = { after: firstIdAt(NOW - 6.99 * DAY_MS), through: ago(30) };

  it("is not asked for: without since_id X returns its whole window", async () => {
    const { client, read } = setUp([answer([])]);
    const page = await read({ after: firstIdAt(NOW - 7 * DAY_MS - 1_000), through: MAX_ID });
    expect(client.asked[0]).not.toHaveProperty("since_id");
    expect(page).toMatchObject({ lost: undefined, covers: { through: MAX_ID } });
  });

  it("is lost from the hole's bottom to the id that X names", async () => {
    const { client, source } = setUp([stale(), answer([ago(60)])]);
    const { lost, covers, reads } = await fill(source, HOLE);
    expect(client.asked[1]).toMatchObject({ since_id: oldest });
    expect({ lost, covers, reads }).toEqual({
      lost: [{ after: HOLE.after, through: oldest }],
      covers: { after: oldest, through: HOLE.through },
      reads: 1,
    });
  });

  it("is asked for with more distance after each refusal, since X's oldest id moves on", async () => {
    const { client, source } = setUp([stale(), stale(), stale(), answer([])]);
    const { lost } = await fill(source, HOLE);
    expect(client.asked.slice(1).map(({ since_id }) => since_id)).toEqual([
      oldest,
      later(oldest, 1_000),
      later(oldest, 2_000),
    ]);
    expect(lost).toEqual([{ after: HOLE.after, through: later(oldest, 2_000) }]);
  });

  it("is never asked for by an older since_id, which would buy posts again", async () => {
    const hole = { after: ago(60), through: MAX_ID };
    const { client, source } = setUp([stale(), stale(), answer([])]);
    const { lost } = await fill(source, hole);
    expect(client.asked.map(({ since_id }) => since_id)).toEqual([ago(60), ago(60), ago(60)]);
    expect(lost).toEqual([]);
  });

  it("is the whole rest of a hole whose top is too old, without another request", async () => {
    const tooOld = refused(400, "until_id", "'until_id' must be a tweet id created after 2026-08-19T08:41Z");
    const hole = { after: firstIdAt(NOW - 9 * DAY_MS), through: firstIdAt(NOW - 8 * DAY_MS) };
    const { source, client } = setUp([tooOld]);
    expect(await fill(source, hole)).toMatchObject({ ids: [], lost: [hole], covers: undefined });
    expect(client.asked).toHaveLength(1);
  });

  it("is known to be lost when filling took so long that X's window has moved past the bottom", async () => {
    const hole = { after: firstIdAt(NOW - 7 * DAY_MS), through: MAX_ID };
    const { client, read } = setUp([answer([])]);
    client.nowMs = NOW + 10 * 3_600_000;
    const { lost, covers } = await read(hole);
    const edge = firstIdAt(NOW - 7 * DAY_MS + 10 * 3_600_000);
    expect({ lost, covers }).toEqual({
      lost: { after: hole.after, through: edge },
      covers: { after: edge, through: MAX_ID },
    });
  });

  it("is not lost to full-archive search", async () => {
    const hole = { after: firstIdAt(NOW - 90 * DAY_MS), through: firstIdAt(NOW - 80 * DAY_MS) };
    const { client, source } = setUp([answer([])], { endpoint: "all" });
    expect(await fill(source, hole)).toMatchObject({ lost: [], covers: hole });
    expect(client.asked[0]).toMatchObject({ since_id: hole.after, until_id: nextId(hole.through) });
  });
});

describe("pages that bring nothing", () => {
  const strangers = [firstIdAt(NOW - 3 * DAY_MS), firstIdAt(NOW - 4 * DAY_MS)];

  it("cover nothing with posts that were not asked for, and drop the token", async () => {
    const { client, read } = setUp([answer(strangers, "t1"), answer([ago(1)])]);
    expect(await read(EDGE)).toMatchObject({ covers: undefined, filled: false, posts: [{}, {}] });
    await read(EDGE);
    expect(client.asked[1]).not.toHaveProperty("next_token");
  });

  it("are not bought again and again: X gets time after two of them", async () => {
    const { client, read } = setUp([answer(strangers, "t1"), answer(strangers, "t2"), answer([ago(1)])]);
    await read(EDGE);
    await read(EDGE);
    const error = (await read(EDGE).catch((cause: unknown) => cause)) as SourceError;
    expect(error).toMatchObject({ kind: "transient", mayBeBilled: false, retryAtMs: NOW + 60_000 });
    expect(client.asked).toHaveLength(2);
    expect((await read(EDGE)).posts).toMatchObject([{ id: ago(1) }]);
  });

  it("never move a bound outwards", async () => {
    const { read } = setUp([answer([ago(1), ...strangers], "t1")]);
    const { covers } = await read(EDGE);
    expect(compareIds(covers?.after ?? "0", EDGE.after)).toBeGreaterThan(0);
  });
});

describe("ways of asking", () => {
  it("asks for every public field in the current words", async () => {
    const { client, read } = setUp([answer([])]);
    await read(EDGE);
    const fields = client.asked[0]?.["post.fields"]?.split(",") ?? [];
    expect(fields).toEqual(
      expect.arrayContaining(["created_at", "note_post", "public_metrics", "author_id", "referenced_posts"]),
    );
    expect(fields.filter((field) => /non_public|organic|promoted/.test(field))).toEqual([]);
    expect(client.asked[0]).not.toHaveProperty("expansions");
  });

  it("falls back to the older words when X refuses the new ones, and stays with them", async () => {
    const { client, source } = setUp([refused(400, "post.fields"), answer(["9"], "t"), answer([])]);
    await fill(source, EDGE);
    expect(client.asked[1]?.["tweet.fields"]).toContain("note_tweet");
    expect(client.asked[2]).toHaveProperty(["tweet.fields"]);
  });

  it("falls back to the listed fields alone when both vocabularies are refused", async () => {
    const { client, source } = setUp([refused(400, "post.fields"), refused(400, "tweet.fields"), answer([])]);
    await fill(source, EDGE);
    expect(client.asked[2]?.["post.fields"]).not.toContain("author_id");
  });

  it("takes the refusal of every way of asking as final", async () => {
    const { source } = setUp([1, 2, 3, 4].map(() => refused(400, "post.fields", "not one of [created_at]")));
    await expect(fill(source, EDGE)).rejects.toMatchObject({ kind: "invalid_request" });
  });

  it("reads both vocabularies into one", async () => {
    const body = {
      meta: {},
      data: [{ id: "1", note_tweet: { text: "long" }, public_metrics: { retweet_count: 3 } }],
    };
    const { read } = setUp([{ body }]);
    const { posts } = await read(EDGE);
    expect(posts).toEqual([{ id: "1", note_post: { text: "long" }, public_metrics: { repost_count: 3 } }]);
  });
});

describe("money", () => {
  it("meters posts, included posts and included users apart", async () => {
    const includes = {
      tweets: [{ id: "7" }],
      users: [{ id: "u1" }, { id: "u2" }],
      media: [{ media_key: "m" }],
    };
    const { read } = setUp([{ body: { meta: {}, data: [{ id: "9" }], includes } }]);
    expect((await read(EDGE)).billed).toEqual({ posts: 1, includedPosts: 1, includedUsers: 2 });
  });

  it("states the worst case that an expansion can cost", () => {
    const { source } = setUp([], { expansions: ["author_id", "referenced_posts"] });
    expect(source.readLimits.perPost).toEqual({ posts: 1, includedPosts: 2, includedUsers: 1 });
  });

  it("halves the page while full-archive search fails, and grows it again", async () => {
    const { source, read } = setUp(
      [unavailable("tweets/search/all"), answer([ago(9)], "t"), answer([ago(10)])],
      {
        endpoint: "all",
      },
    );
    await read(EDGE, 500).catch(() => undefined);
    expect(source.readLimits.maxPosts).toBe(250);
    await read(EDGE, 250);
    expect(source.readLimits.maxPosts).toBe(500);
  });

  it("puts less at risk while answers get lost", async () => {
    const { source, read } = setUp([{ body: { status: "ok" } }]);
    await expect(read(EDGE)).rejects.toMatchObject({ kind: "transient", mayBeBilled: true });
    expect(source.readLimits.maxPosts).toBe(50);
  });

  it("counts problems beside the data, and keeps the data", async () => {
    const errors = [{ type: "https://api.x.com/2/problems/resource-not-found" }];
    const { read } = setUp([{ body: { data: [{ id: "9" }], errors, meta: {} } }]);
    expect(await read(EDGE)).toMatchObject({ partialErrors: 1, posts: [{ id: "9" }] });
  });
});
