import { PostGenerator } from "../../x-simulator/posts/post-generator";
import { Matching, type MatchingOption } from "../../x-simulator/query/matching";
import { QueryProblem } from "../../x-simulator/query/parse";
import { Timeline } from "../../x-simulator/timeline";
import { XSimulator } from "../../x-simulator/x-simulator";
import { ask, readAllPages } from "../helpers/x-client";

const COUNT = 2000;
const TO_MS = Date.parse("2026-11-23T08:00:00Z");
const timeline = new Timeline(3, [{ count: COUNT, fromMs: TO_MS - 86_400_000, toMs: TO_MS }]);
const generator = new PostGenerator(3, timeline, 0.2);
const fields = [
  "author_id",
  "lang",
  "entities",
  "note_post",
  "referenced_posts",
  "attachments",
  "public_metrics",
  "geo",
];

interface Post {
  readonly id: string;
  readonly text: string;
  readonly lang: string;
  readonly author_id: string;
  readonly note_post?: { readonly text: string };
  readonly entities?: Readonly<Record<string, readonly Record<string, string>[]>>;
  readonly referenced_posts?: readonly { readonly type: string; readonly id: string }[];
  readonly attachments?: object;
  readonly geo?: object;
  readonly public_metrics: { readonly like_count: number };
}

const posts = Array.from(
  { length: COUNT },
  (_, index) => JSON.parse(generator.write(index, { fields: new Set(fields), vocabulary: "post" })) as Post,
);
const isRepost = ({ referenced_posts: [reference] = [] }: Post) => reference?.type === "retweeted";
const byId = new Map(posts.map((post) => [post.id, post]));
const textOf = (post: Post): string => {
  const original = isRepost(post) ? (byId.get(post.referenced_posts?.[0]?.id ?? "") ?? post) : post;
  return (original.note_post?.text ?? original.text).toLowerCase();
};

function found(query: string, option: MatchingOption = "query", dialect: "rule" | "search" = "rule"): Post[] {
  const test = new Matching(option, generator).testOf(query, dialect);
  return posts.filter((_, index) => test(index));
}

const hasWord = (word: string) => (post: Post) =>
  new RegExp(`(^|[^\\p{L}\\p{N}\\p{M}_])${word}($|[^\\p{L}\\p{N}\\p{M}_])`, "u").test(textOf(post));

/** A term that stands alone and finds every post: each has some letter, or an emoji. */
const everyone = `(${Array.from({ length: 10 }, (_, at) => `"${at}"`).join(" OR ")} OR "." OR " " OR "😂" OR "👩" OR "🇯" OR "❤" OR "。" OR "שלום")`;

describe("a query or rule", () => {
  it.each<[string, (post: Post) => boolean]>([
    ["tomatoes", hasWord("tomatoes")],
    ["TOMATOES", hasWord("tomatoes")],
    ['"crooked shelf" OR "shelf is crooked"', (post) => textOf(post).includes("shelf is crooked")],
    ["bakery -tomatoes", (post) => hasWord("bakery")(post) && !hasWord("tomatoes")(post)],
    ["bakery tomatoes", (post) => hasWord("bakery")(post) && hasWord("tomatoes")(post)],
    [
      "(bakery OR harbour) -(tomatoes OR queues)",
      (post) =>
        (hasWord("bakery")(post) || hasWord("harbour")(post)) &&
        !hasWord("tomatoes")(post) &&
        !hasWord("queues")(post),
    ],
    [
      "bakery OR harbour tomatoes",
      (post) => hasWord("bakery")(post) || (hasWord("harbour")(post) && hasWord("tomatoes")(post)),
    ],
    ["電車", (post) => textOf(post).includes("電車")],
    ["😂", (post) => textOf(post).includes("😂")],
    ["tomatoes -is:retweet", (post) => hasWord("tomatoes")(post) && !isRepost(post)],
    ["tomatoes is:retweet", (post) => hasWord("tomatoes")(post) && isRepost(post)],
    ["bakery is:quote", (post) => hasWord("bakery")(post) && post.referenced_posts?.[0]?.type === "quoted"],
  ])("%j finds the posts it should", (query, expected) => {
    const wanted = posts.filter(expected);
    expect(wanted.length).toBeGreaterThan(0);
    expect(found(query).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
  });

  it.each<[string, (post: Post) => boolean]>([
    ["lang:de", ({ lang }) => lang === "de"],
    ["has:media", ({ attachments }) => attachments !== undefined],
    ["has:geo", ({ geo }) => geo !== undefined],
    ["min_likes:500", (post) => post.public_metrics.like_count >= 500],
    ["#trains", ({ entities }) => entities?.hashtags?.some(({ tag }) => tag === "trains") ?? false],
    ["has:links", ({ entities }) => entities?.urls !== undefined],
  ])("%j selects among posts of their own", (query, expected) => {
    const own = posts.filter((post) => !isRepost(post) && post.note_post === undefined);
    const wanted = own.filter(expected).map(({ id }) => id);
    const ids = new Set(found(`${everyone} ${query}`).map(({ id }) => id));
    expect(wanted.length).toBeGreaterThan(0);
    expect(own.filter(({ id }) => ids.has(id)).map(({ id }) => id)).toEqual(wanted);
  });

  it("selects by author, id or name", () => {
    const [post] = posts;
    const mine = posts.filter(({ author_id }) => author_id === post?.author_id);
    expect(found(`from:${post?.author_id}`)).toEqual(mine);
  });

  it("samples the share it says, the same posts each time", () => {
    const sample = found(`${everyone} sample:10`);
    expect(sample.length).toBeGreaterThan(COUNT / 20);
    expect(sample.length).toBeLessThan(COUNT / 5);
    expect(found(`${everyone} sample:10`)).toEqual(sample);
  });

  it("that X could not read is refused", () => {
    expect(() => found("cats (")).toThrow(QueryProblem);
    expect(found("cats (", "all")).toHaveLength(COUNT);
  });
});

describe("matching like X", () => {
  it("ignores sample: in search", () => {
    expect(found(`${everyone} sample:1`, "x", "search")).toEqual(found(everyone, "x", "search"));
    expect(found(`${everyone} sample:1`, "x", "rule").length).toBeLessThan(COUNT / 10);
  });

  it("compares accents in rules only", () => {
    expect(found("Koln", "x", "rule")).toEqual([]);
    expect(found("Koln", "x", "search").length).toBeGreaterThan(0);
    expect(found("Koln", "query")).toEqual([]);
  });

  it("reads the text of quoted posts in rules only", () => {
    const rule = found("bakery", "x", "rule");
    const search = found("bakery", "x", "search");
    const more = rule.filter((post) => !search.includes(post));
    expect(more.length).toBeGreaterThan(0);
    expect(more.every(({ referenced_posts: [reference] = [] }) => reference?.type === "quoted")).toBe(true);
  });
});

describe("a simulator that matches", () => {
  it("finds the same posts by search, by counts and by rule, over all pages", async () => {
    const simulator = new XSimulator({ posts: 2000, matching: "query", rateLimits: "off" });
    const { url } = await simulator.listen();
    const query = "(bakery OR trains OR #typescript) -has:geo";
    const pages = await readAllPages(url, { query, max_results: 50 });
    const counts = await ask(url, "/2/tweets/counts/recent", { query });
    const rules = simulator.stream.rules.add([{ value: query, tag: "t" }]).created;
    const ids = Array.from({ length: 2000 }, (_, index) => index)
      .filter((index) => simulator.stream.rules.matching(index, Date.now()).length === rules.length)
      .map((index) => simulator.timeline.idAt(index).toString());
    expect(ids.length).toBeGreaterThan(50);
    expect(ids.length).toBeLessThan(1000);
    expect(pages.flat()).toEqual([...ids].reverse());
    expect(counts.body.meta).toMatchObject({ total_post_count: ids.length });
    expect([...simulator.billedIds()].map(String)).toEqual(ids);
    expect((await ask(url, "/2/tweets/search/recent", { query: "moon_phase:full" })).status).toBe(400);
    await simulator.close();
  });
});
