/** Delivered objects through the table's own columns and the saved queries' own text, on DuckDB instead of Athena. */

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { type BucketObject, listObjects } from "../../local/bucket";
import { loadTransform } from "../../local/firehose/delivery/load-transform";
import { lineColumns } from "../../stacks/constructs/catalog/line-columns";
import { PARTITION_KEYS } from "../../stacks/constructs/catalog/partition-projection";
import { savedQueries } from "../../stacks/constructs/catalog/saved-queries";
import { Duck } from "../helpers/duckdb";
import { World } from "../ingest/world";

const POSTS = 400;
const EDIT_ID = "9100000000000000000";

type Partition = Readonly<Record<(typeof PARTITION_KEYS)[number], string>>;

type Line = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly edit_history_post_ids?: readonly string[];
  readonly public_metrics?: Readonly<Record<string, number>>;
  readonly ingestion: { readonly received_at: string };
  readonly partition: Partition;
};

let world: World;
let duck: Duck;
let lines: Line[];
let today: Partition;

beforeAll(async () => {
  world = await World.create({ posts: POSTS }, { processor: loadTransform() });
  const { code } = await world.run({
    EXPANSIONS: "author_id,referenced_posts,attachments.media_keys,geo.place_id",
  });
  expect(code).toBe(0);
  await world.firehose.flush();
  await deliverAgain();
  lines = await deliveredLines();
  today = (lines.at(-1) as Line).partition;
  duck = await Duck.open();
  await duck.makeTable(world.bucket);
}, 60_000);

afterAll(async () => {
  duck?.close();
  await world?.close();
});

/** What at-least-once delivery, a later reading and an edit look like, in another object of the same hour. */
async function deliverAgain(): Promise<void> {
  const [object] = await listObjects(world.bucket, "tweets/");
  if (object === undefined) throw new Error("Nothing was delivered");
  const [first = "", second = ""] = textOf(object).split("\n");
  const post = JSON.parse(first) as Line;
  const edited = JSON.parse(second) as Line;
  const readLater = {
    ...post,
    public_metrics: { ...post.public_metrics, like_count: 1_000_000 },
    ingestion: { ...post.ingestion, received_at: "2099-01-01T00:00:00.000Z" },
  };
  const edit = { ...edited, id: EDIT_ID, full_text: "edited", edit_history_post_ids: [edited.id, EDIT_ID] };
  const deadLetter = {
    reason: "oversize",
    bytes: 2_000_000,
    omitted_fields: ["full_text"],
    omitted_count: 1,
  };
  const readAgain = {
    ...readLater.ingestion,
    received_at: "2099-02-01T00:00:00.000Z",
    dead_letter: deadLetter,
  };
  const shortened = { ...readLater, full_text: undefined, ingestion: readAgain };
  const again = [post, readLater, edit, shortened].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(object.path.replace(/\.gz$/, "-again.gz"), gzipSync(again.join("")));
}

function textOf({ path }: BucketObject): string {
  return gunzipSync(readFileSync(path)).toString();
}

/** Every line in the bucket, with the partition its object lies in. */
async function deliveredLines(): Promise<Line[]> {
  const objects = await listObjects(world.bucket, "tweets/");
  return objects.flatMap((object) => {
    const partition = Object.fromEntries(
      PARTITION_KEYS.map((key) => [key, new RegExp(`/${key}=(\\d+)/`).exec(object.key)?.[1]]),
    );
    const texts = textOf(object).trimEnd().split("\n");
    return texts.map((text) => ({ ...JSON.parse(text), partition }));
  });
}

function query(name: string): string {
  const found = savedQueries("tweets_dev.posts").find((saved) => saved.name === name);
  if (found === undefined) throw new Error(`No saved query ${name}`);
  return found.sql;
}

/** The key of a post across its edits. */
const firstId = (line: Line) => line.edit_history_post_ids?.[0] ?? line.id;

describe("delivered objects, read with the columns of the table", () => {
  it("hold every line", async () => {
    expect(lines).toHaveLength(POSTS + 4);
    expect(await duck.rows("SELECT count(*) AS n, count(id) AS ids FROM tweets_dev.posts")).toEqual([
      { n: String(lines.length), ids: String(lines.length) },
    ]);
  });

  it("give back every field that the schema knows, as X sent it", async () => {
    const names = lineColumns().map(({ name }) => name);
    const present = names.filter((name) => lines.some((line) => line[name] != null));
    expect(present).toEqual(
      expect.arrayContaining(["public_metrics", "entities", "includes", "formatted", "note_post"]),
    );
    for (const name of present) {
      const [row] = await duck.rows(`SELECT count("${name}") AS n FROM tweets_dev.posts`);
      expect([name, row?.n]).toEqual([name, String(lines.filter((line) => line[name] != null).length)]);
    }
  });

  it("can be asked for what lies inside", async () => {
    const [row] = await duck.rows(
      `SELECT sum(public_metrics.like_count) AS likes, count(DISTINCT includes.users[1].username) AS users,
        count(DISTINCT formatted.kind) AS kinds FROM tweets_dev.posts`,
    );
    const likes = lines.reduce((sum, { public_metrics }) => sum + (public_metrics?.like_count ?? 0), 0);
    const kinds = new Set(lines.map(({ formatted }) => (formatted as { kind: string } | undefined)?.kind));
    expect(row).toMatchObject({ likes: String(likes), kinds: String(kinds.size) });
    expect(Number(row?.users)).toBeGreaterThan(1);
  });
});

describe("the saved query volume-per-hour", () => {
  it("counts lines and posts of a day", async () => {
    const rows = await duck.rows(query("volume-per-hour"), [today.year, today.month, today.day]);
    const ofToday = lines.filter(({ partition }) => partition.day === today.day);
    const hours = [...new Set(ofToday.map(({ partition }) => partition.hour))].sort();
    expect(rows).toEqual(
      hours.map((hour) => {
        const ids = ofToday.filter(({ partition }) => partition.hour === hour).map(({ id }) => id);
        return { ...today, hour, lines: String(ids.length), posts: String(new Set(ids).size) };
      }),
    );
  });

  it("finds nothing on another day", async () => {
    expect(await duck.rows(query("volume-per-hour"), ["2026", "01", "01"])).toEqual([]);
  });
});

describe("the saved query latest-versions", () => {
  it("holds one row for each post, whatever was delivered twice, read again or edited", async () => {
    const rows = await duck.rows(query("latest-versions"), [today.year, today.month]);
    expect(rows.map(({ first_id }) => first_id)).toEqual(
      [...new Set(lines.map(firstId))].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
    );
    const versions = new Map(rows.map((row) => [row.first_id, row]));
    for (const line of lines) {
      const { id } = versions.get(firstId(line)) ?? {};
      expect(BigInt(String(id))).toBeGreaterThanOrEqual(BigInt(line.id));
    }
  });

  it("takes a whole line before a shortened one that was read later", async () => {
    const rows = await duck.rows(query("latest-versions"), [today.year, today.month]);
    expect(rows.filter(({ full_text }) => full_text === null)).toEqual([]);
  });

  it("takes the latest text of an edited post and the latest counts of one that was read again", async () => {
    const rows = await duck.rows(query("latest-versions"), [today.year, today.month]);
    expect(rows.find(({ id }) => id === EDIT_ID)).toMatchObject({ full_text: "edited" });
    const counts = rows.map(
      ({ public_metrics }) => (public_metrics as { like_count?: string } | null)?.like_count,
    );
    expect(counts).toContain("1000000");
  });
});
