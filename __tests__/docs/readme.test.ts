/** README's commands, as they are written there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, World } from "../ingest/world";

const README = readFileSync(join(__dirname, "../../README.md"), "utf8");
const PROGRAM = /^node ingester\/dist\/main\.js ([^#\n]+)/;

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

describe("README's sequence", () => {
  const lines = block("## Estimate, cap and start a collection");
  const commands = lines.flatMap((line) => PROGRAM.exec(line)?.[1]?.trim().split(/\s+/) ?? []);
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
      const argv = PROGRAM.exec(line)?.[1]?.trim().split(/\s+/);
      if (argv !== undefined) finished.push(await world.run(environment, argv));
    }
    expect(finished.map(({ code, stderr }) => [code, stderr])).toEqual(finished.map(() => [0, ""]));
    expect(world.x.ledger.report()).toMatchObject({ posts: 900, billedPosts: 900, repeatedPosts: 0 });
    expect(await world.delivered()).toMatchObject({ total: 900, distinct: 900 });
  }, 60_000);
});
