/** README's commands, as they are written there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND_NAMES } from "../../ingester/src/cli/command";
import { encodePage } from "../../ingester/src/posts/line";
import { linesOf } from "../../ingester/src/posts/page-lines";
import type { Post, Provenance } from "../../ingester/src/posts/post";
import { planTimeline } from "../../local/run/plan-timeline";
import { PostGenerator } from "../../local/x-simulator/posts/post-generator";
import { postFieldNames } from "../../local/x-simulator/requests/field-names";
import { Timeline } from "../../local/x-simulator/timeline";
import { type Finished, World } from "../ingest/world";

const README = readFileSync(join(__dirname, "../../README.md"), "utf8");
const PROGRAM = /^(?:(\w+)=('[^']*'|\S+) )?(?:node ingester\/dist\/main\.js|npx ingester) ([^#\n]+)/;

interface Written {
  /** A variable that is set for this command alone. */
  readonly environment: Record<string, string>;
  readonly argv: readonly string[];
}

/** A line that runs the ingester. */
function written(line: string): Written | undefined {
  const [, name, value = "", argv] = PROGRAM.exec(line) ?? [];
  if (argv === undefined) return undefined;
  const environment = name === undefined ? {} : { [name]: value.replace(/^'|'$/g, "") };
  return { environment, argv: argv.trim().split(/\s+/) };
}

/** The lines of the shell block below a heading. */
function block(heading: string): readonly string[] {
  const section = README.slice(README.indexOf(heading));
  return /```sh\n([\s\S]*?)```/.exec(section)?.[1]?.split("\n") ?? [];
}

/** Variables that the block exports, but for what a test has of its own. */
function exported(lines: readonly string[]): Record<string, string> {
  const own = ["X_BEARER_TOKEN", "AWS_REGION", "CHECKPOINT_FILE"];
  const pairs = lines
    .filter((line) => line.startsWith("export "))
    .flatMap((line) => [...line.matchAll(/([A-Z_]+)=('[^']*'|\S+)/g)])
    .map(([, name = "", value = ""]) => [name, value.replace(/^'|'$/g, "")] as const);
  return Object.fromEntries(pairs.filter(([name]) => !own.includes(name)));
}

describe("README's line", () => {
  it("is what npm start delivers, byte for byte but for line breaks and blanks between members", () => {
    const [, shown = ""] = /```json\n([\s\S]*?)```/.exec(README) ?? [];
    const line = JSON.parse(shown) as { readonly id: string; readonly ingestion: Record<string, unknown> };
    expect(`${JSON.stringify(line)}\n`).toBe(simulatedLine(line.id, line.ingestion));
  });
});

/** When the run of README's line was started: its posts are those of the 24 hours before. */
const STARTED_MS = 1_795_784_598_304;

/** The line of a post that the simulator has in a first run. */
function simulatedLine(id: string, { schema_version: _, ...provenance }: Record<string, unknown>): string {
  const { seed, segments } = planTimeline(undefined, undefined, STARTED_MS);
  const timeline = new Timeline(seed, segments);
  const selection = { fields: new Set(postFieldNames("post")), vocabulary: "post" } as const;
  const text = new PostGenerator(seed, timeline).write(timeline.indexOf(BigInt(id)) ?? -1, selection);
  const post = JSON.parse(text) as Post;
  const lines = linesOf({
    ...{ posts: [post], fresh: [post], includes: {} },
    provenance: provenance as unknown as Provenance,
  });
  return encodePage(lines, 1_000_000).data.toString("utf8");
}

describe("README's sequence", () => {
  const lines = block("## Estimate, cap and start a collection");
  const commands = lines.flatMap((line) => written(line)?.argv ?? []);
  let world: World;
  beforeAll(async () => {
    const now = Date.now();
    const segments = [{ count: 900, fromMs: now - 6 * 86_400_000, toMs: now }];
    world = await World.create({ segments });
  });
  afterAll(() => world.close());

  it("names every command that works on a ledger", () => {
    expect(commands).toEqual(
      expect.arrayContaining(["estimate", "doctor", "run", "backfill", "coverage", "budget"]),
    );
  });

  it("works as written, and buys no post twice", async () => {
    const environment = { MONTHLY_USD_LIMIT: undefined, ...exported(lines) };
    expect(environment).toMatchObject({ MONTHLY_USD_LIMIT: "20", FIREHOSE_STREAM_NAME: "tweet_stream" });
    const finished: Finished[] = [];
    for (const line of lines) {
      const argv = written(line)?.argv;
      if (argv !== undefined) finished.push(await world.run(environment, argv));
    }
    expect(finished.map(({ code, stderr }) => [code, stderr])).toEqual(finished.map(() => [0, ""]));
    expect(world.x.ledger.report()).toMatchObject({ posts: 900, billedPosts: 900, repeatedPosts: 0 });
    expect(await world.delivered()).toMatchObject({ total: 900, distinct: 900 });
  }, 60_000);
});

describe("README's block for the simulator", () => {
  const lines = block("### Try every command without an account");

  it("tries every command, and each works as written", async () => {
    const now = Date.now();
    const world = await World.create({ segments: [{ count: 500, fromMs: now - 6 * 86_400_000, toMs: now }] });
    const directory = mkdtempSync(join(tmpdir(), "readme-"));
    try {
      const file = join(directory, "try.env");
      const { X_API_URL, AWS_ENDPOINT_URL_FIREHOSE, PATH, HTTP_PORT } = world.environment();
      const here = { X_API_URL, AWS_ENDPOINT_URL_FIREHOSE, CHECKPOINT_FILE: join(directory, "ledger.json") };
      writeFileSync(file, variablesOf(lines, here));
      const tried = lines.flatMap((line) => written(line) ?? []);
      expect(new Set(tried.map(({ argv: [name] }) => name))).toEqual(
        new Set(COMMAND_NAMES.filter((name) => name !== "completion")),
      );
      const bare = Object.fromEntries(Object.keys(world.environment()).map((name) => [name, undefined]));
      for (const { environment, argv } of tried) {
        const own: Readonly<Record<string, string>> = {
          ".local/try.env": file,
          ".local/try/bucket": world.bucket,
        };
        const options = argv.map((word) => own[word] ?? word);
        const finished = await world.run({ ...bare, PATH, HTTP_PORT, ...environment }, options);
        expect([argv, finished.code, finished.stderr]).toEqual([argv, 0, ""]);
      }
      expect(world.x.ledger.report()).toMatchObject({ repeatedPosts: 0 });
    } finally {
      await world.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});

/** The file of variables that the block writes, with addresses and paths of this test. */
function variablesOf(lines: readonly string[], here: Readonly<Record<string, string | undefined>>): string {
  const [, words = ""] = /printf '%s\\n' ([\s\S]*?) > /.exec(lines.join("\n")) ?? [];
  const pairs = words.split(/[\s\\]+/).map((word) => word.split(/=(.*)/s) as [string, string]);
  expect(pairs.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(here)));
  return pairs.map(([name, value]) => `${name}=${here[name] ?? value}\n`).join("");
}
