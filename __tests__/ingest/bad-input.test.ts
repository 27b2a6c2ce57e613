/** What people mistype or misconfigure: each ends with a message that says how to fix it, without a stack trace. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, World } from "./world";

const RUN = ["run"];
const directory = mkdtempSync(join(tmpdir(), "bad-input-"));

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.close());

/** Command line, message on stderr, exit code. */
const COMMAND_LINES: readonly (readonly [readonly string[], string, number])[] = [
  [["watch"], 'Unknown command "watch". Commands: run, backfill', 2],
  [["run", "now"], 'run takes no words beside its options, got "now"', 2],
  [["help", "me"], 'Unknown command "me"', 2],
  [["run", "--form"], "Unknown option --form. See ingester --help.", 2],
  [["run", "-x"], "Unknown option -x", 2],
  [["run", "--max-posts"], "--max-posts needs a value: --max-posts N.", 2],
  [["run", "--max-posts", "-5"], '--max-posts must be a whole number of posts, got "-5"', 2],
  [["run", "--max-posts", "1e3"], 'got "1e3"', 2],
  [["run", "--max-posts", "0x10"], 'got "0x10"', 2],
  [["run", "--max-posts", "1.5"], 'got "1.5"', 2],
  [["run", "--max-posts", "9"], "--max-posts must allow at least 10 posts, got 9 posts", 2],
  [["run", "--max-usd", "-0.01"], 'got "-0.01"', 2],
  [["run", "--max-usd", "$5"], 'got "$5"', 2],
  [["run", "--json=true"], '--json takes no value, got "true"', 2],
  [["run", "--json", "--json"], "--json is given twice. Give it once.", 2],
  [["run", "--price"], "--price is no option of run. run takes --max-posts", 2],
  [["backfill"], "--from must be a time", 2],
  [["backfill", "--from", "yesterday"], 'got "yesterday"', 2],
  [["backfill", "--from", "2026-02-30"], '--from is no date and time of the calendar, got "2026-02-30"', 2],
  [["backfill", "--from", "2d", "--from", "3d"], '--from is given twice ("2d", "3d")', 2],
  [["backfill", "--from", "1d", "--to", "2d"], "--from must be before --to", 2],
  [["backfill", "--from", "1d", "--to", "2999-01-01"], '--to lies in the future, got "2999-01-01"', 2],
  [["backfill", "--from", "30d"], "--from lies more than 7 days back", 2],
  [["estimate", "--query", " "], "--query is empty", 2],
  [["estimate", "--query", "x".repeat(513)], "512", 2],
  [["coverage", "--forget", "none"], 'the ledger knows no coverage "none"', 2],
  [["budget", "--set-spent", "5"], "--reason is missing", 2],
  [["budget", "--release", "--set-spent", "5", "--reason", "x"], "two corrections", 2],
  [["run", "--dotenv", "/none/.env"], "--dotenv /none/.env cannot be read", 2],
];

/** Variables, message on stderr, exit code. */
const ENVIRONMENTS: readonly (readonly [Environment, string, number])[] = [
  [{ X_BEARER_TOKEN: undefined }, "X_BEARER_TOKEN is missing", 2],
  [{ X_BEARER_TOKEN: "Bearer abc" }, 'without "Bearer "', 2],
  [{ X_API_URL: "http://192.0.2.1" }, "X_API_URL would send the token unencrypted", 2],
  [{ X_API_URL: "x.com" }, 'X_API_URL is not a URL, got "x.com"', 2],
  [{ SEARCH_QUERY: undefined }, "SEARCH_QUERY is missing", 2],
  [{ SEARCH_QUERY: undefined, SEARCH_QUERIES: "cats" }, "SEARCH_QUERIES must be a JSON array", 2],
  [{ SEARCH_START: "2026-02-30" }, 'SEARCH_START is no date and time of the calendar, got "2026-02-30"', 2],
  [{ SEARCH_START: "2999-01-01" }, "SEARCH_START lies in the future", 2],
  [{ SEARCH_POLL_SECONDS: "1e3" }, 'SEARCH_POLL_SECONDS must be a number from 0 to 86400, got "1e3"', 2],
  [{ MONTHLY_USD_LIMIT: undefined }, "MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT must be set", 2],
  [{ MONTHLY_USD_LIMIT: "0x10" }, 'got "0x10"', 2],
  [{ MONTHLY_USD_LIMIT: "-1" }, 'got "-1"', 2],
  [{ HTTP_PORT: "99999" }, "HTTP_PORT must be a whole number from 0 to 65535", 2],
  [
    { LOG_LEVEL: "loud" },
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, got "loud"',
    2,
  ],
  [{ RUN_ONCE: "yes" }, "RUN_ONCE must be one of true, false", 2],
  [{ POST_FIELDS: "id;text" }, "POST_FIELDS must be X field names", 2],
  [{ EXPANSIONS: "author" }, "EXPANSIONS holds unknown names: author", 2],
  [{ AWS_REGION: '"eu-west-1"' }, "AWS_REGION must be a region", 2],
  [{ FIREHOSE_STREAM_NAME: "my stream" }, "FIREHOSE_STREAM_NAME must be 1 to 64", 2],
  [{ CHECKPOINT_FILE: undefined }, "exactly one of them; got neither", 2],
  [{ CHECKPOINT_FILE: "/proc/none/ledger.json" }, "CHECKPOINT_FILE /proc/none/ledger.json cannot be used", 2],
  [{ CHECKPOINT_FILE: "/dev/full" }, "CHECKPOINT_FILE /dev/full is a device, pipe or socket", 2],
  [{ CHECKPOINT_FILE: "/" }, "Name a file, not a directory", 2],
  [{ HTTPS_PROXY: "socks5://127.0.0.1:1" }, "proxies of the kind socks5:// are not supported", 2],
];

describe("bad input", () => {
  it.each(COMMAND_LINES)("on the command line is refused: %j", async (argv, message, code) => {
    const finished = await world.run({}, argv);
    expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(finished.stderr).toMatch(/^ingester:/);
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });

  it.each(ENVIRONMENTS)("in the environment is refused: %j", async (environment, message, code) => {
    const finished = await world.run(environment, RUN);
    expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(finished.stderr).not.toMatch(/^\s+at |Bearer abc/m);
  });

  it("buys nothing", () => expect(world.x.ledger.report()).toMatchObject({ posts: 0 }));
});

describe("a file of variables", () => {
  it("is read with --dotenv, and variables that are set win", async () => {
    const file = join(directory, ".env");
    writeFileSync(file, '# limits\nMONTHLY_USD_LIMIT="7.50"\nMONTHLY_POST_LIMIT=1000\n');
    const variables = { MONTHLY_USD_LIMIT: undefined, MONTHLY_POST_LIMIT: "2000" };
    const { stdout } = await world.run(variables, ["budget", "--dotenv", file]);
    expect(stdout).toContain("MONTHLY_POST_LIMIT: 0 of 2,000 posts used");
    expect(stdout).toContain("MONTHLY_USD_LIMIT: $0.00 of $7.50 used");
  });
});
