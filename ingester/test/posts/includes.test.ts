import openApi from "../../../local/test/fixtures/x-api.schema.json";
import { shareOut } from "../../src/posts/includes";
import type { Includes, Json, Post } from "../../src/posts/post";
import { REFERENCES } from "../../src/posts/references";
import { COMPLETE, INCLUDES, PLAIN } from "../helpers/posts";
import { pathsOf } from "./helpers/open-api";

/** What one post of a page gets. */
const shareOf = (post: Post, includes: Includes) => shareOut([post], includes).ofPosts[0];

describe("shareOut", () => {
  it("gives a post what it refers to, and what its referenced posts refer to", () => {
    const strangers: Includes = {
      posts: [...(INCLUDES.posts ?? []), { id: "99", author_id: "98" }],
      users: [...(INCLUDES.users ?? []), { id: "98" }],
      media: [...(INCLUDES.media ?? []), { media_key: "3_2" }, { media_key: "3_99" }],
      places: [...(INCLUDES.places ?? []), { id: "elsewhere" }],
      polls: [{ id: "5" }],
    };
    expect(shareOut([COMPLETE], strangers)).toEqual({
      ofPosts: [{ ...INCLUDES, media: [...(INCLUDES.media ?? []), { media_key: "3_2" }] }],
      unreferenced: {
        posts: [{ id: "99", author_id: "98" }],
        users: [{ id: "98" }],
        media: [{ media_key: "3_99" }],
        places: [{ id: "elsewhere" }],
        polls: [{ id: "5" }],
      },
    });
  });

  it("gives nothing to a post that refers to nothing", () => {
    expect(shareOut([{ id: "1" }], INCLUDES)).toEqual({ ofPosts: [{}], unreferenced: INCLUDES });
  });

  it("gives undefined where a page includes nothing", () => {
    expect(shareOut([PLAIN], {})).toEqual({ ofPosts: [undefined], unreferenced: undefined });
    expect(shareOut([PLAIN], { users: [] }).ofPosts).toEqual([undefined]);
  });

  it("gives an object to every post that refers to it, and leaves none over then", () => {
    const users = [{ id: "7", username: "Seven" }];
    const posts = [
      { id: "1", author_id: "7" },
      { id: "2", in_reply_to_user_id: "7" },
    ];
    expect(shareOut(posts, { users })).toEqual({ ofPosts: [{ users }, { users }], unreferenced: undefined });
  });

  it("keeps X's order, and objects that came twice", () => {
    const users = [{ id: "9" }, { id: "8" }, { id: "9", name: "again" }];
    expect(shareOf({ id: "1", author_id: "9", in_reply_to_user_id: "8" }, { users })).toEqual({ users });
  });

  it.each([
    ["mentions without an id", { entities: { mentions: [{ start: 0, end: 5, username: "SEVEN" }] } }],
    ["mentions whose id is null", { entities: { mentions: [{ id: null, username: "seven" }] } }],
    ["mentions in the long note", { note_post: { entities: { mentions: [{ username: "sEvEn" }] } } }],
    ["an author who is known by name alone", { username: "Seven" }],
  ])("knows users by their names, whatever their case: %s", (_name, fields) => {
    const users = [{ id: "7", username: "Seven" }];
    expect(shareOf({ id: "1", ...fields }, { users: [...users, { id: "8", username: "eight" }] })).toEqual({
      users,
    });
  });

  it("knows the author of a referenced post by name, too", () => {
    const posts = [{ id: "2", username: "SEVEN" }];
    const users = [{ id: "7", username: "seven" }];
    const post = { id: "1", referenced_posts: [{ type: "quoted", id: "2" }] };
    expect(shareOf(post, { posts, users })).toEqual({ posts, users });
  });

  it("finds the media of an article, however that is written", () => {
    const media = [{ media_key: "3_1" }, { media_key: "3_2" }, { media_key: "3_3" }];
    const article = {
      title: "3_4",
      cover_media: { media_key: "3_1" },
      media_entities: ["3_2", { media: { key: "3_3" } }],
    };
    expect(shareOf({ id: "1", article }, { media: [...media, { media_key: "3_9" }] })).toEqual({ media });
  });

  it("brings no posts of posts: a thread would come along with each of its posts", () => {
    const thread = ["4", "3", "2"].map((id) => ({
      id,
      referenced_posts: [{ type: "replied_to", id: String(Number(id) - 1) }],
    }));
    const post = { id: "5", referenced_posts: [{ type: "replied_to", id: "4" }] };
    expect(shareOf(post, { posts: thread })).toEqual({ posts: [thread[0]] });
  });

  it("gives objects of kinds that it does not know to the posts that hold their ids", () => {
    const topics = [{ id: "131.847" }];
    const post = { id: "1", context_annotations: [{ domain: { id: "131.847", name: "Brands" } }] };
    const { ofPosts, unreferenced } = shareOut([PLAIN, post], { topics: [...topics, { id: "66" }] });
    expect(ofPosts).toEqual([{}, { topics }]);
    expect(unreferenced).toEqual({ topics: [{ id: "66" }] });
  });

  it("takes kinds, ids and names that an object inherits for nothing else than text", () => {
    const includes = JSON.parse('{"__proto__":[{"id":"7"}],"constructor":[{"id":"toString"}],"users":[{}]}');
    const { ofPosts, unreferenced } = shareOut([{ id: "1", author_id: "constructor", tag: "7" }], includes);
    expect(JSON.stringify(ofPosts[0])).toBe('{"__proto__":[{"id":"7"}]}');
    expect(unreferenced).toEqual({ constructor: [{ id: "toString" }], users: [{}] });
  });
});

/** A reference as a path of the OpenAPI has it. */
const references = (kind: keyof typeof REFERENCES) => REFERENCES[kind].map(({ path }) => path.join("."));
const namesOther = /(^|[._])(id|ids|key|keys|username|within)$/;
const named = (definition: string) =>
  pathsOf(definition)
    .map((path) => path.join(".").replaceAll("[]", ""))
    .filter((path) => namesOther.test(path));

describe("every reference of the OpenAPI", () => {
  /** What names nothing that X can include: itself, communities, notes, suggestions and annotations. */
  const NOT_INCLUDED = [
    "id",
    "community_id",
    "context_annotations.domain.id",
    "context_annotations.entity.id",
    "matched_media_notes.note_id",
    "note_request_suggestions.suggestion_id",
  ];
  /**
   * Without a definition: an article's shape, media of a note's links (those of a post have them), and where the
   * stream's expansions say that mentions of a note are.
   */
  const UNDEFINED = [
    "article",
    "note_post.entities.urls.media_key",
    "entities.note.mentions.id",
    "entities.note.mentions.username",
  ];

  /** Expansions that are not spelled as the path of their field in a canonical post. */
  const EXPANDED: Readonly<Record<string, string>> = {
    "article.cover_media": "article",
    "article.media_entities": "article",
    "attachments.media_source_tweet": "attachments.media_source_tweet_id",
    edit_history_tweet_ids: "edit_history_post_ids",
    referenced_posts: "referenced_posts.id",
    "referenced_tweets.id": "referenced_posts.id",
    "referenced_tweets.id.attachments.media_keys": "attachments.media_keys",
    "referenced_tweets.id.author_id": "author_id",
  };

  it("of a post is followed", () => {
    const followed = references("posts").filter((path) => !UNDEFINED.includes(path));
    expect([...followed, ...NOT_INCLUDED].sort()).toEqual([...named("Post")].sort());
  });

  it.each(Object.values(openApi.vocabularies).flatMap(({ expansions }) => expansions))(
    "that X expands is followed: %s",
    (expansion) => {
      expect(references("posts")).toContain(EXPANDED[expansion] ?? expansion);
    },
  );

  it("of a user is followed", () => {
    expect([...references("users"), "id", "username"].sort()).toEqual([...named("User")].sort());
  });

  it("of a place is followed; media, polls and topics name nothing", () => {
    expect([...references("places"), "id"].sort()).toEqual([...named("Place")].sort());
    expect(["Media", "Poll", "Topic"].map(named)).toEqual([["media_key"], ["id"], ["id"]]);
  });

  it("leads to a kind that the OpenAPI includes", () => {
    const kinds = Object.values(REFERENCES).flatMap((all) => all.map(({ target }) => target.split(".")[0]));
    expect(Object.keys(openApi.definitions.Expansions.properties)).toEqual(expect.arrayContaining(kinds));
  });

  it.each(
    Object.entries(REFERENCES).flatMap(([kind, all]) =>
      all.map(({ path, target }) => [kind, path.join("."), target] as const),
    ),
  )("brings what it names: of %s, %s to %s", (kind, path, target) => {
    const [targetKind = "", key = ""] = target.split(".");
    const object: Json = { id: "own", ...nested(path.split("."), "name") };
    const included = { [key]: "name", other: true };
    const post = kind === "posts" ? object : { id: "1", author_id: "own", geo: { place_id: "own" } };
    const includes = kind === "posts" ? {} : { [kind]: [object] };
    const all = { ...includes, [targetKind]: [...(includes[targetKind] ?? []), included] };
    expect(shareOf(post as Post, all)?.[targetKind]).toContainEqual(included);
  });
});

function nested([name = "", ...rest]: readonly string[], value: unknown): Json {
  return { [name]: rest.length === 0 ? value : nested(rest, value) };
}
