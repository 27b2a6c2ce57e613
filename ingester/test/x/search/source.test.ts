import type { Interval } from "../../../src/ledger/intervals";
import type { CollectEvent } from "../../../src/loop/events";
import { firstIdAt, type Id, MAX_ID, nextId, previousId, timeOfId } from "../../../src/posts/ids";
import type { XAnswer } from "../../../src/x/client";
import { XResponseError } from "../../../src/x/errors";
import { MIN_POSTS, SearchSource, type SearchSourceOptions } from "../../../src/x/search/source";

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

/** A page of one post with what every post has. */
function complete(id: string, next: string): Reply {
  const post = { id, text: id, created_at: "2026-11-23T11:58:00Z", author_id: "7" };
  return { body: { data: [post], meta: { next_token: next } } };
}

function refused(status: number, parameter: string, message = "no"): Error {
  const body = { title: "Invalid Request", errors: [{ parameters: { [parameter]: ["x"] }, message }] };
  return new XResponseError({ status, body, headers: {}, path: "tweets/search/recent" });
}

/** A number that depends on both, for orders that are none. */
function hash(id: string, seed: number): number {
  return [...id, ...String(seed)].reduce(
    (sum, digit, index) => (sum * 31 + Number(digit) * (index + seed)) % 10_007,
    7,
  );
}

const unavailable = (path = "tweets/search/recent") =>
  new XResponseError({ status: 503, body: "", headers: {}, path });

function setUp(replies: Reply[], options: Partial<SearchSourceOptions> = {}) {
  const client = new FakeX(replies);
  const own = { query: "from:nasa", postFields: undefined, expansions: [], endpoint: "recent" as const };
  const changes: string[] = [];
  const observe = (event: CollectEvent) => {
    if (event.type === "request_changed") changes.push(event.message);
  };
  const source = new SearchSource({ client, observe, ...own, ...options });
  const read = (hole: Interval, maxPosts = 100) => source.read({ hole, maxPosts, signal: NEVER });
  return { client, source, read, changes };
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
    const { read } = setUp([answer([ago(1), ago(2), ago(3)], "t1")]);
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

describe("pages that bring nothing new", () => {
  const newer = [ago(1), ago(2)];
  const inner = { after: ago(60), through: ago(30) };

  it("are repeated pages: their posts are not delivered again, and the token is dropped for until_id", async () => {
    const { client, source } = setUp([
      answer([ago(1), ago(2)], "t1"),
      answer([ago(1), ago(2)], "t1"),
      answer([ago(3)]),
    ]);
    const { reads } = await fill(source, EDGE);
    expect(reads).toBe(3);
    expect(client.asked[2]).toMatchObject({ until_id: ago(2) });
    expect(client.asked[2]).not.toHaveProperty("next_token");
  });

  it("show that tokens lead nowhere: no further page is bought with one", async () => {
    const { client, source } = setUp([
      answer([ago(1)], "t1"),
      answer([ago(1)], "t2"),
      answer([ago(2)], "t3"),
      answer([ago(3)], "t4"),
      answer([]),
    ]);
    await fill(source, EDGE);
    expect(client.asked.map(({ next_token }) => next_token)).toEqual([
      undefined,
      "t1",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("cover nothing, say so, and let as little as possible be bought until something new comes", async () => {
    const { source, read } = setUp([
      answer(newer, "t1"),
      answer(newer, "t2"),
      answer(newer),
      answer([ago(31)]),
    ]);
    await read(inner);
    await read(inner);
    expect(await read(inner)).toMatchObject({
      ...{ covers: undefined, filled: false, fresh: [] },
      stalled: expect.stringMatching(/bring nothing new/),
    });
    expect(source.readLimits.maxPosts).toBe(MIN_POSTS);
    expect((await read(inner, MIN_POSTS)).stalled).toBeUndefined();
    expect(source.readLimits.maxPosts).toBe(100);
  });

  it("are no end although X names no further page, when all their posts lie above the bound", async () => {
    const { read } = setUp([answer(newer)]);
    expect(await read(inner)).toMatchObject({ covers: undefined, filled: false, fresh: [{}, {}] });
  });

  it("are the end when X repeats the post at the bound", async () => {
    const { read } = setUp([answer([nextId(ago(30))])]);
    expect(await read(inner)).toMatchObject({ covers: inner, filled: true });
  });

  it("are bought again more slowly even when the hole is closed by them", async () => {
    const old = Array.from({ length: 10 }, (_, n) => ago(61 + n));
    const { read } = setUp([answer(old, "t1"), answer(old, "t2")]);
    expect((await read(EDGE)).stalled).toBeUndefined();
    expect(await read(EDGE)).toMatchObject({ filled: true, fresh: [], stalled: expect.any(String) });
  });

  it("are pages of posts without ids that repeat, and not those that go on", async () => {
    const without = (text: string, next: string): Reply => ({
      body: { data: [{ text }], meta: { next_token: next } },
    });
    const { client, read } = setUp([
      without("a", "t1"),
      without("b", "t2"),
      without("b", "t3"),
      without("b", "t4"),
    ]);
    const pages = [await read(EDGE), await read(EDGE), await read(EDGE), await read(EDGE)];
    expect(client.asked.map(({ next_token }) => next_token)).toEqual([undefined, "t1", "t2", undefined]);
    expect(pages.map(({ posts, fresh, stalled }) => [posts, fresh.length, stalled !== undefined])).toEqual([
      [[], 1, false],
      [[], 1, false],
      [[], 0, false],
      [[], 0, true],
    ]);
  });

  it("end although each names another token", async () => {
    const { client, read } = setUp(Array.from({ length: 110 }, (_, n) => answer([], `t${n}`)));
    for (let n = 0; n < 101; n += 1) await read(EDGE);
    await read(EDGE);
    expect((await read(EDGE)).stalled).toBeDefined();
    expect(client.asked.at(-1)).not.toHaveProperty("next_token");
  });
});

describe("pages in no order", () => {
  it("are owned only as a whole, when X says that there is nothing more", async () => {
    const { read } = setUp([answer([ago(2), ago(9), ago(5)], "t1"), answer([ago(7), ago(1)])]);
    expect(await read(EDGE)).toMatchObject({ covers: undefined, filled: false });
    expect(await read(EDGE)).toMatchObject({ covers: EDGE, filled: true });
  });

  it("are owned once a page in order lies below all of them", async () => {
    const { read } = setUp([answer([ago(2), ago(1)], "t1"), answer([ago(3), ago(4)], "t2")]);
    await read(EDGE);
    expect((await read(EDGE)).covers).toEqual({ after: previousId(ago(4)), through: MAX_ID });
  });

  it("are not owned when the next page overlaps them", async () => {
    const { read } = setUp([answer([ago(2), ago(9)], "t1"), answer([ago(5), ago(12)], "t2")]);
    await read(EDGE);
    expect(await read({ after: EDGE.after, through: previousId(ago(9)) })).toMatchObject({
      covers: undefined,
    });
  });

  it("hold a post twice without harm", async () => {
    const { read } = setUp([answer([ago(1), ago(1), ago(2)], "t1")]);
    expect(await read(EDGE)).toMatchObject({
      covers: { after: previousId(ago(2)), through: MAX_ID },
      fresh: [{ id: ago(1) }, { id: ago(2) }],
    });
  });

  it("end all the same: what X repeats without an end is bought about twice", async () => {
    const ids = Array.from({ length: 129 }, (_, n) => ago(1 + n * 0.4));
    const shuffled = (seed: number) => ids.toSorted((a, b) => hash(a, seed) - hash(b, seed)).slice(0, 100);
    const { client, read } = setUp(Array.from({ length: 20 }, (_, n) => answer(shuffled(n), `t${n}`)));
    const distinct = new Set<string>();
    let bought = 0;
    for (let stalls = 0; stalls < 3; ) {
      const page = await read(EDGE);
      bought += page.posts.length;
      for (const { id } of page.fresh) distinct.add(id);
      if (page.stalled !== undefined) stalls += 1;
    }
    expect(distinct.size).toBeGreaterThan(120);
    expect(client.asked.length).toBeLessThan(15);
    expect(bought).toBeLessThan(1_500);
  });
});

describe("posts outside the hole", () => {
  const strangers = [ago(70), ago(80)];

  it("never move a bound outwards", async () => {
    const { read } = setUp([answer([ago(1), ...strangers], "t1")]);
    expect((await read(EDGE)).covers).toEqual(EDGE);
  });

  it("are delivered when they are new", async () => {
    const { read } = setUp([answer([ago(1), ago(70)], "t1"), answer([ago(70)])]);
    expect((await read(EDGE)).fresh).toHaveLength(2);
    expect((await read(EDGE)).fresh).toEqual([]);
  });

  it("close the hole when they lie below it and nothing is left inside", async () => {
    const { read } = setUp([answer(strangers, "t1")]);
    expect(await read(EDGE)).toMatchObject({ covers: EDGE, filled: true });
  });
});

describe("bounds in X's future", () => {
  it("leave nothing to ask for while the hole has not begun by X's clock", async () => {
    const ahead = { after: firstIdAt(NOW + 30 * 60_000), through: MAX_ID };
    const { client, read } = setUp([refused(400, "since_id", "must be before now")]);
    expect(await read(ahead)).toMatchObject({ filled: true, covers: undefined, lost: undefined, posts: [] });
    expect(client.asked).toHaveLength(1);
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
    const { client, source } = setUp([refused(400, "post.fields"), complete(ago(1), "t"), answer([])]);
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

  it("does without a field of its own list that X no longer knows, and says so once", async () => {
    const unknown = "The `post.fields` query parameter value [article_title,scopes] is not one of [id,text]";
    const { client, source, changes } = setUp([
      refused(400, "post.fields", unknown),
      answer([ago(1)], "t"),
      answer([]),
    ]);
    await fill(source, EDGE);
    const lists = client.asked.map((params) => params["post.fields"] ?? params["tweet.fields"] ?? "");
    expect(lists[0]).toMatch(/article_title.*scopes/);
    expect(lists[1]).not.toMatch(/article_title|scopes/);
    expect(lists[1]).toContain("author_id");
    expect(changes.slice(0, 2)).toEqual([
      "X does not know article_title in post.fields any more: it is not asked for.",
      "X does not know scopes in post.fields any more: it is not asked for.",
    ]);
  });

  it("does without many of them, one refusal each", async () => {
    const names = [
      "article",
      "card_uri",
      "community_id",
      "geo",
      "lang",
      "scopes",
      "source",
      "withheld",
      "note_post",
      "entities",
    ];
    const { client, read } = setUp([
      ...names.map((name) =>
        refused(400, "post.fields", `The \`post.fields\` query parameter value [${name}] is not one of [id]`),
      ),
      answer([ago(1)]),
    ]);
    await read(EDGE);
    expect(client.asked.at(-1)?.["post.fields"]).not.toMatch(new RegExp(`\\b(${names.join("|")})\\b`));
  });

  it("does without a field of an included object", async () => {
    const unknown = "The `user.fields` query parameter value [parody] is not one of [id,name]";
    const { client, read } = setUp([refused(400, "user.fields", unknown), answer([])], {
      expansions: ["author_id"],
    });
    await read(EDGE);
    expect(client.asked[1]?.["user.fields"]).not.toContain("parody");
    expect(client.asked[1]?.expansions).toBe("author_id");
  });

  it.each([
    ["POST_FIELDS", "post.fields", { postFields: ["lang", "mood"] }, "mood"],
    ["EXPANSIONS", "expansions", { expansions: ["author_id"] }, "author_id"],
  ])(
    "never drops what was asked for with %s: the error names the variable",
    async (variable, parameter, options, value) => {
      const unknown = (name: string) => `The \`${name}\` query parameter value [${value}] is not one of [id]`;
      const { read } = setUp(
        [parameter, parameter.replace("post.", "tweet."), parameter].map((name) =>
          refused(400, name, unknown(name)),
        ),
        options,
      );
      const error = await read(EDGE).catch((cause: Error) => cause);
      expect(error).toMatchObject({
        kind: "invalid_request",
        message: expect.stringContaining(`${value} (${variable})`),
      });
    },
  );

  it.each([
    ["a field that was asked for", "article", { postFields: ["lang", "article"] }, "article (POST_FIELDS)"],
    ["its fields at all", "x", {}, "refused"],
  ])("stops asking when X no longer takes %s", async (_, value, options, words) => {
    const unknown = (name: string) => `The \`${name}\` query parameter value [${value}] is not one of [id]`;
    const refusals = Array.from({ length: 10 }, () => [
      refused(400, "post.fields", unknown("post.fields")),
      refused(400, "tweet.fields", unknown("tweet.fields")),
    ]);
    const { client, source } = setUp([complete(ago(1), "t"), ...refusals.flat()], options);
    await expect(fill(source, EDGE)).rejects.toMatchObject({
      kind: "invalid_request",
      message: expect.stringContaining(words),
    });
    expect(client.asked.length).toBeLessThanOrEqual(4);
  });

  it("asks in other words when every post of the first page lacks what every post has", async () => {
    const { client, source, changes } = setUp([answer([ago(1)], "t"), complete(ago(2), "t2"), answer([])]);
    await fill(source, EDGE);
    expect(client.asked.map((params) => "tweet.fields" in params)).toEqual([false, true, true]);
    expect(changes[0]).toMatch(/X left out created_at and author_id/);
  });

  it("goes back to the words that X took when it refuses the others", async () => {
    const { client, source } = setUp([
      answer([ago(1)], "t1"),
      refused(400, "tweet.fields"),
      refused(400, "post.fields"),
      answer([ago(2)], "t2"),
      answer([]),
    ]);
    await fill(source, EDGE);
    expect(client.asked.at(-1)?.["post.fields"]).toContain("author_id");
    expect(client.asked).toHaveLength(5);
  });

  it("asks full-archive search for 100 posts a page while context_annotations are asked for", () => {
    const { source } = setUp([], { endpoint: "all" });
    expect(source.readLimits.maxPosts).toBe(100);
    expect(setUp([], { endpoint: "all", postFields: ["lang"] }).source.readLimits.maxPosts).toBe(500);
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
      { endpoint: "all", postFields: ["created_at"] },
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
