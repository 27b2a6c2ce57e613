import Ajv from "ajv";
import addFormats from "ajv-formats";
import { PostGenerator, type PostSelection } from "../../x-simulator/posts/post-generator";
import { postFieldNames } from "../../x-simulator/requests/field-names";
import { timeOfId } from "../../x-simulator/snowflake";
import { Timeline } from "../../x-simulator/timeline";
import xSchema from "../fixtures/x-api.schema.json";

const COUNT = 3000;
const TO_MS = Date.parse("2026-11-23T08:00:00Z");
const timeline = new Timeline(5, [{ count: COUNT, fromMs: TO_MS - 86_400_000, toMs: TO_MS }]);
const generator = new PostGenerator(5, timeline);

const everything: PostSelection = { fields: new Set(postFieldNames("post")), vocabulary: "post" };

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(xSchema, "x");
const validatePost = ajv.compile({ $ref: "x#/definitions/Post" });

interface Entity {
  readonly start: number;
  readonly end: number;
  readonly tag?: string;
  readonly username?: string;
  readonly url?: string;
}

interface GeneratedPost {
  readonly id: string;
  readonly text: string;
  readonly created_at: string;
  readonly lang: string;
  readonly edit_history_post_ids: readonly string[];
  readonly note_post?: {
    readonly text: string;
    readonly entities: Readonly<Record<string, readonly Entity[]>>;
  };
  readonly entities?: Readonly<Record<string, readonly Entity[]>>;
  readonly [field: string]: unknown;
}

const texts = Array.from({ length: COUNT }, (_, index) => generator.write(index, everything));
const posts = texts.map((text) => JSON.parse(text) as GeneratedPost);

describe("PostGenerator", () => {
  it("writes posts that X's schema accepts, without unknown fields", () => {
    const refused = posts.filter((post) => !validatePost(post));
    expect(refused).toEqual([]);
  });

  it("writes the same posts for the same seed, and others for another", () => {
    const again = new PostGenerator(
      5,
      new Timeline(5, [{ count: COUNT, fromMs: TO_MS - 86_400_000, toMs: TO_MS }]),
    );
    const other = new PostGenerator(6, timeline);
    for (const index of [0, 1, 999, COUNT - 1]) {
      expect(again.write(index, everything)).toBe(texts[index]);
      expect(other.write(index, everything)).not.toBe(texts[index]);
    }
  });

  it("gives each post the time that its id contains", () => {
    for (const { id, created_at } of posts) {
      expect(Date.parse(created_at)).toBe(Math.floor(timeOfId(BigInt(id)) / 1000) * 1000);
    }
  });

  it("writes posts of 0.4 to 6.1 KB", () => {
    const sizes = texts.map((text) => Buffer.byteLength(text));
    expect(Math.min(...sizes)).toBeGreaterThan(400);
    expect(Math.max(...sizes)).toBeLessThan(6250);
    expect(Math.max(...sizes)).toBeGreaterThan(4000);
  });

  it("cuts the text of long posts at 280 characters and puts the whole into the note", () => {
    const long = posts.filter((post) => post.note_post);
    expect(long.length).toBeGreaterThan(COUNT / 20);
    for (const { text, note_post } of long) {
      expect([...text]).toHaveLength(280);
      expect(note_post?.text.startsWith(text)).toBe(true);
      expect([...(note_post?.text ?? "")].length).toBeGreaterThan(280);
    }
    for (const { text, note_post } of posts)
      if (!note_post) expect([...text].length).toBeLessThanOrEqual(280);
  });

  it("points its entities at the words they stand for", () => {
    let seen = 0;
    for (const { text, entities = {}, note_post } of posts) {
      for (const [whole, found] of [
        [text, entities] as const,
        [note_post?.text ?? "", note_post?.entities ?? {}] as const,
      ]) {
        for (const entity of Object.values(found).flat()) {
          const word = [...whole].slice(entity.start, entity.end).join("");
          expect([`#${entity.tag}`, `$${entity.tag}`, `@${entity.username}`, entity.url]).toContain(word);
          seen += 1;
        }
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it("mixes scripts, emoji, edits, replies, quotes, media, places and annotations", () => {
    const has = (test: (post: GeneratedPost) => boolean): number => posts.filter(test).length;
    expect(new Set(posts.map(({ lang }) => lang)).size).toBeGreaterThanOrEqual(8);
    expect(has(({ text }) => /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(text))).toBeGreaterThan(100);
    expect(has(({ text }) => /\p{Emoji_Presentation}/u.test(text))).toBeGreaterThan(100);
    expect(has(({ edit_history_post_ids }) => edit_history_post_ids.length > 1)).toBeGreaterThan(50);
    for (const field of ["referenced_posts", "attachments", "geo", "context_annotations", "public_metrics"]) {
      expect(has((post) => field in post)).toBeGreaterThan(20);
    }
  });

  it("ends the edit history with the post itself, oldest first", () => {
    for (const { id, edit_history_post_ids } of posts) {
      expect(edit_history_post_ids.at(-1)).toBe(id);
      expect([...edit_history_post_ids].sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1))).toEqual(
        edit_history_post_ids,
      );
    }
  });

  it("refers only to posts that exist and are older", () => {
    for (const [index, post] of posts.entries()) {
      for (const { id } of (post.referenced_posts ?? []) as readonly { id: string }[]) {
        expect(timeline.indexOf(BigInt(id))).toBeLessThan(index);
      }
    }
  });

  it("writes id, text and edit history when nothing is asked for", () => {
    const bare: PostSelection = { fields: new Set(), vocabulary: "post" };
    expect(Object.keys(JSON.parse(generator.write(3, bare)))).toEqual([
      "id",
      "text",
      "edit_history_post_ids",
    ]);
  });

  it("says the same in the older words", () => {
    const older: PostSelection = { ...everything, vocabulary: "tweet" };
    const translated = posts.map((_, index) =>
      generator
        .write(index, older)
        .replace('"edit_history_tweet_ids"', '"edit_history_post_ids"')
        .replace('"note_tweet":{"text"', '"note_post":{"text"')
        .replace('"referenced_tweets":[', '"referenced_posts":[')
        .replace('"retweet_count"', '"repost_count"'),
    );
    expect(translated).toEqual(texts);
    expect(generator.write(0, older)).toContain('"retweet_count"');
  });
});
