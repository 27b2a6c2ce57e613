/** Every block of SQL of docs/query.md and docs/record.md, on what `npm start` delivers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "../../local/test/helpers/processes";
import { temporaryDirectory } from "../../local/test/helpers/temporary-directory";
import { TABLE_FILE, tableSql } from "../../scripts/duckdb/table";
import { savedQueries } from "../../stacks/constructs/catalog/saved-queries";
import { Duck, over } from "../helpers/duckdb";

const POSTS = 300;
const EXPANSIONS =
  "author_id,in_reply_to_user_id,entities.mentions.username,referenced_posts,attachments.media_keys,geo.place_id";

const read = (document: string) => readFileSync(join(__dirname, "../../docs", document), "utf8");
const blocks = ["query.md", "record.md"].flatMap((document) =>
  [...read(document).matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) => ({ document, sql })),
);
const saved = savedQueries("tweets_dev.posts");

const root = temporaryDirectory();

/** `npm start` with the variables given. @returns the directory of the bucket */
async function start(name: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<string> {
  const directory = join(root, name);
  const command = new Command("local/start.ts", ["--dir", directory, "--posts", `${POSTS}`, ...args], env);
  expect([await command.ended, command.stderr]).toEqual([0, ""]);
  return join(directory, "bucket");
}

describe("docs/query.md", () => {
  it.each(saved)("shows $name as it is saved", ({ name, sql }) => {
    expect(read("query.md")).toContain(`\`${name}\``);
    expect(read("query.md")).toContain(`\`\`\`sql\n${sql}\n\`\`\``);
  });

  it("has its table made by a file that is up to date: npm run docs:duckdb", () => {
    expect(readFileSync(TABLE_FILE, "utf8")).toBe(tableSql());
  });
});

describe.each<[string, NodeJS.ProcessEnv, string[]]>([
  ["npm start", {}, []],
  ["a run with expansions and the transform", { EXPANSIONS }, ["--transform"]],
  ["a run with the fewest fields", { POST_FIELDS: "id" }, []],
])("after %s", (name, env, args) => {
  let bucket: string;
  let duck: Duck;

  beforeAll(async () => {
    bucket = await start(name.replaceAll(" ", "-"), env, args);
    duck = await Duck.open();
    await duck.makeTable(bucket);
  });
  afterAll(() => duck?.close());

  it("the table has every post", async () => {
    const [row] = await duck.rows("SELECT count(DISTINCT id) AS posts FROM tweets_dev.posts");
    expect(row).toEqual({ posts: String(POSTS) });
  });

  it.each(blocks)("the query of $document runs: $sql", async ({ sql }) => {
    const [partition = {}] = await duck.rows("SELECT year, month, day FROM tweets_dev.posts LIMIT 1");
    const parameters = Object.values(partition).slice(0, sql.split("?").length - 1);
    const rows = await duck.rows(over(bucket, sql), parameters.map(String));
    // The simulator's posts make no dead letters.
    expect(rows.length > 0).toBe(!sql.includes("dead_letter IS NOT NULL"));
  });

  it.each([
    ["query.md", "TRY_CAST(id AS bigint)"],
    ["query.md", "from_iso8601_timestamp(created_at)"],
    ["query.md", "json_extract_scalar(article, '$.title')"],
    ["record.md", "coalesce(element_at(edit_history_post_ids, 1), id)"],
  ])("an expression of %s works: %s", async (document, expression) => {
    expect(read(document)).toContain(`\`${expression}\``);
    expect(await duck.rows(`SELECT ${expression} AS value FROM tweets_dev.posts`)).toHaveLength(POSTS);
  });
});
