/** Answers that damage lines, from a scripted X through the real process to what a strict reader finds in the bucket. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { listObjects } from "../../local/bucket";
import { firstIdAt } from "../../local/x-simulator/snowflake";
import { Duck } from "../helpers/duckdb";
import { ScriptedX } from "./scripted-x";
import { type Environment, type Finished, World } from "./world";

/** The id of a post that was made so many seconds before a minute ago. */
const idOf = (seconds: number) => firstIdAt(Date.now() - 60_000 - seconds * 1_000).toString();

interface Outcome extends Finished {
  /** Bodies of the objects, byte for byte. */
  readonly bytes: Buffer;
  readonly lines: readonly string[];
}

let world: World;
let x: ScriptedX;
let duck: Duck;

beforeAll(async () => {
  duck = await Duck.open();
});
afterAll(() => duck.close());
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await Promise.all([world.close(), x.close()]);
});

/** Runs the ingester once against an X that answers each search with this text. */
async function answer(body: string, environment: Environment = {}): Promise<Outcome> {
  x = await new ScriptedX({ posts: 0, script: () => ({ status: 200, body }) }).listen();
  const finished = await world.run({ X_API_URL: x.url, ...environment });
  await world.firehose.flush();
  const objects = await listObjects(world.bucket, "tweets/");
  const bytes = Buffer.concat(objects.map(({ path }) => gunzipSync(readFileSync(path))));
  return { ...finished, bytes, lines: bytes.toString().split("\n").slice(0, -1) };
}

describe("what X answers", () => {
  it("arrives with every digit, name and character, as strict readers want it", async () => {
    const odd =
      '"likes":12345678901234567890,"ratio":0.1234567890123456789,"far":1e400,' +
      '"constructor":{"a":9007199254740993},"__proto__":"kept","toString":1,"toJSON":"x","ingestion":"X\'s",' +
      '"cut":"half \\ud83d","\\ude00":2';
    const { code, bytes, lines } = await answer(
      `{"data":[{"id":"${idOf(1)}","text":"plain 😀"},{"id":"${idOf(2)}","text":"odd",${odd}}],"meta":{"result_count":2}}`,
    );
    expect(code).toBe(0);
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).not.toThrow();
    expect(lines[1]).toContain(
      '"likes":12345678901234567890,"ratio":0.1234567890123456789,"far":1e400,' +
        '"constructor":{"a":9007199254740993},"__proto__":"kept","toString":1,"toJSON":"x",',
    );
    expect(lines[1]).toContain('"cut":"half \uFFFD","\uFFFD":2');
    expect(lines[1]).toContain('"x_ingestion":"X\'s"');
    expect(lines[1]).toContain('"replaced_characters":2');
    await duck.makeTable(world.bucket);
    expect(
      await duck.rows(
        "SELECT text, ingestion.replaced_characters AS replaced FROM tweets_dev.posts ORDER BY id DESC",
      ),
    ).toEqual([
      { text: "plain 😀", replaced: null },
      { text: "odd", replaced: "2" },
    ]);
  });

  it("arrives without an id, too: counted, logged, billed and kept", async () => {
    const { code, events, lines } = await answer(
      `{"data":[{"id":"${idOf(1)}","text":"a"},{"text":"whose?"},{"id":1992500000000000001,"text":"b"}],"meta":{}}`,
    );
    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('"x_id":1992500000000000001');
    const letters = events.filter(({ event }) => event === "dead_letter");
    expect(letters).toMatchObject([
      { level: "error", reason: "no_id" },
      { level: "error", reason: "no_id" },
    ]);
    expect(events.find(({ event }) => event === "stopped")).toMatchObject({
      posts_read: 3,
      posts_delivered: 3,
      dead_letters: 2,
      spent_usd: 0.015,
    });
    await duck.makeTable(world.bucket);
    const found = await duck.rows(
      "SELECT id, text FROM tweets_dev.posts WHERE ingestion.dead_letter.reason = 'no_id' ORDER BY text",
    );
    expect(found).toEqual([
      { id: expect.stringMatching(/^no-id-[0-9a-f]{12}$/), text: "b" },
      { id: expect.stringMatching(/^no-id-[0-9a-f]{12}$/), text: "whose?" },
    ]);
  });

  it("arrives with all that it includes, by whatever name a post refers to it", async () => {
    const whole = "The whole text of the original, which a repost cuts. ".repeat(5);
    const posts = [
      `{"id":"${idOf(1)}","text":"hi @Alice","entities":{"mentions":[{"start":3,"end":9,"username":"ALICE"}]}}`,
      `{"id":"${idOf(2)}","text":"RT @bob: The whole…","referenced_tweets":[{"type":"retweeted","id":"77"}]}`,
    ];
    const includes = JSON.stringify({
      users: [
        { id: "7", username: "alice", public_metrics: { tweet_count: 5 } },
        { id: "9", username: "unreferenced" },
      ],
      tweets: [{ id: "77", text: whole.slice(0, 200), note_tweet: { text: whole } }],
    });
    const { lines } = await answer(`{"data":[${posts}],"includes":${includes},"meta":{}}`, {
      EXPANSIONS: "entities.mentions.username,referenced_posts",
    });
    const [mention, repost] = lines.map((line) => JSON.parse(line));
    expect(mention.includes).toEqual({
      users: [{ id: "7", username: "alice", public_metrics: { post_count: 5 } }],
    });
    expect(repost).toMatchObject({
      full_text: whole,
      includes: { posts: [{ id: "77", note_post: { text: whole } }] },
      includes_unreferenced: { users: [{ id: "9", username: "unreferenced" }] },
    });
  });

  it("arrives even where it includes something and returns no post", async () => {
    const { code, events, lines } = await answer(
      '{"includes":{"users":[{"id":"7"}]},"meta":{"result_count":0}}',
      {
        EXPANSIONS: "author_id",
      },
    );
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { includes_unreferenced: { users: [{ id: "7" }] }, ingestion: { dead_letter: { reason: "no_id" } } },
    ]);
    expect(events.map(({ event }) => event)).toContain("dead_letter");
  });
});
