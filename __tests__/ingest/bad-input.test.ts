/** What people mistype or misconfigure: each ends with a message that says how to fix it, without a stack trace. */
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, type Finished, World } from "./world";

const RUN = ["run"];
const directory = mkdtempSync(join(tmpdir(), "bad-input-"));
const dangling = join(directory, "ledger.json");
symlinkSync("/not/mounted/ledger.json", dangling);

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
  [["backfill", "--from", "2999-01-01"], '--from must lie in the past, got "2999-01-01"', 2],
  [["backfill", "--from", "1d", "--to", "2999-01-01"], '--to lies in the future, got "2999-01-01"', 2],
  [["backfill", "--from", "30d"], "--from lies more than 7 days back", 2],
  [["estimate", "--query", " "], "--query is empty", 2],
  [["estimate", "--query", "x".repeat(513)], "512", 2],
  [["coverage", "--forget", "none"], 'the ledger knows no coverage "none"', 2],
  [["budget", "--set-spent", "5"], "--reason is missing", 2],
  [["budget", "--release", "--set-spent", "5", "--reason", "x"], "two corrections", 2],
  [["run", "--dotenv", "/none/.env"], "--dotenv /none/.env cannot be read: there is no such file.", 2],
  [["run", "--dotenv", tmpdir()], "cannot be read: it is no file", 2],
  [["run", "--max-posts", "1,000"], 'got "1,000"', 2],
  [["run", "--max-posts", "１００"], 'got "１００"', 2],
  [["run", "--max-usd", "Infinity"], 'got "Infinity"', 2],
  [["run", "--", "x"], 'run takes no words beside its options, got "x"', 2],
  [["backfill", "--from", "2026-11-20T25:00Z"], "--from is no date and time of the calendar", 2],
  [["backfill", "--from", "5w"], 'or an age (5d, 12h, 30m); got "5w"', 2],
  [["estimate", "--with"], "--with needs a value: --with TERM.", 2],
  [["budget", "--reason", "x"], "--reason goes with --set-spent or --release.", 2],
  [["rules"], "rules takes one of plan, sync, list, such as ingester rules plan; got nothing.", 2],
  [
    ["completion", "tcsh"],
    'completion takes one of bash, zsh, fish, such as ingester completion bash; got "tcsh"',
    2,
  ],
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
  [{ EXPANSIONS: "author_id,author_id" }, "EXPANSIONS must name each item once, got author_id more than", 2],
  [
    { EXPANSIONS: "referenced_posts,referenced_tweets.id" },
    "referenced_posts and referenced_tweets.id are two names for one thing. Remove one.",
    2,
  ],
  [{ POST_FIELDS: "note_tweet,note_post" }, "note_tweet and note_post are two names for one thing", 2],
  [{ POST_FIELDS: "lang, lang" }, "POST_FIELDS must name each item once, got lang more than once", 2],
  [{ METRICS_NAMESPACE: ":bad" }, "METRICS_NAMESPACE must be 1 to 255 letters, digits or ._/#-, not beg", 2],
  [{ METRICS_NAMESPACE: "AWS/Firehose" }, 'not beginning with AWS/, got "AWS/Firehose"', 2],
  [{ AWS_REGION: '"eu-west-1"' }, "AWS_REGION must be a region", 2],
  [{ FIREHOSE_STREAM_NAME: "my stream" }, "FIREHOSE_STREAM_NAME must be 1 to 64", 2],
  [{ CHECKPOINT_FILE: undefined }, "exactly one of them; got neither", 2],
  [{ CHECKPOINT_FILE: "/proc/none/ledger.json" }, "CHECKPOINT_FILE /proc/none/ledger.json cannot be used", 2],
  [{ CHECKPOINT_FILE: "/dev/full" }, "CHECKPOINT_FILE /dev/full is a device, pipe or socket", 2],
  [{ CHECKPOINT_FILE: "/" }, "Name a file, not a directory", 2],
  [{ CHECKPOINT_FILE: dangling }, "which points to /not/mounted/ledger.json, and nothing is there", 2],
  [{ X_BEARER_TOKEN: "" }, "X_BEARER_TOKEN is missing", 2],
  [{ X_API_URL: "https://user:secret@api.x.com" }, "X_API_URL must not hold credentials", 2],
  [{ X_REQUEST_TIMEOUT_SECONDS: "0" }, 'must be a number from 1 to 60, got "0"', 2],
  [{ SEARCH_QUERY: "sample:10 cats" }, "SEARCH_QUERY uses sample:, which X's search ignores", 2],
  [{ SEARCH_QUERIES: "[]" }, "SEARCH_QUERY and SEARCH_QUERIES are both set. Set one of them.", 2],
  [{ INGEST_MODE: "firehose" }, 'INGEST_MODE must be one of search, stream, got "firehose"', 2],
  [{ INGEST_MODE: "stream" }, "STREAM_RULES is missing", 2],
  [{ MONTHLY_POST_LIMIT: "9" }, "MONTHLY_POST_LIMIT must allow at least 10 posts, got 9 posts", 2],
  [{ MONTHLY_POST_LIMIT: "1e6" }, 'got "1e6"', 2],
  [{ LIMIT_SCOPE: "mine" }, "LIMIT_SCOPE must be one of project, own", 2],
  [{ X_DEDUPLICATES: "maybe" }, "X_DEDUPLICATES must be one of true, false", 2],
  [{ BILLING_CYCLE_DAY: "32" }, "BILLING_CYCLE_DAY must be a whole number from 1 to 31", 2],
  [{ PRICE_POST_USD: "-1" }, "PRICE_POST_USD must be a number from 0 to 1000", 2],
  [{ CONFIRM_ABOVE_USD: "-1" }, "CONFIRM_ABOVE_USD must be a number from 0", 2],
  [{ CHECKPOINT_TABLE: "ledgers" }, "exactly one of them; got both", 2],
  [{ CHECKPOINT_KEY: "ключ" }, "CHECKPOINT_KEY must be 1 to 200 printable ASCII characters", 2],
  [{ AWS_ENDPOINT_URL_FIREHOSE: "localhost:4200" }, "must be an http or https URL", 2],
  [{ FIREHOSE_MAX_BYTES_PER_SECOND: "0" }, "must be a whole number from 1024", 2],
  [{ SHUTDOWN_SECONDS: "0" }, "SHUTDOWN_SECONDS must be a number from 1 to 120", 2],
  [{ HTTPS_PROXY: "not a url" }, "HTTPS_PROXY must be an http:// or https:// URL", 2],
  [{ HTTPS_PROXY: "socks5://127.0.0.1:1" }, "proxies of the kind socks5:// are not supported", 2],
];

/** At the same time: each is a process of its own, and most of its time goes into its start. */
const AT_ONCE = 4;

async function runAll(
  inputs: readonly (readonly [Environment, readonly string[]])[],
): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  const rest = inputs.entries();
  const worker = async () => {
    for (const [at, [environment, argv]] of rest) finished[at] = await world.run(environment, argv);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return finished;
}

describe("bad input", () => {
  let lines: readonly Finished[];
  let variables: readonly Finished[];
  beforeAll(async () => {
    lines = await runAll(COMMAND_LINES.map(([argv]) => [{}, argv]));
    variables = await runAll(ENVIRONMENTS.map(([environment]) => [environment, RUN]));
  }, 120_000);

  it.each(COMMAND_LINES.map((row, at) => [...row, at] as const))(
    "on the command line is refused: %j",
    (_argv, message, code, at) => {
      const { code: exitCode, stderr = "" } = lines[at] ?? {};
      expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
      expect(stderr).toMatch(/^ingester:/);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it.each(ENVIRONMENTS.map((row, at) => [...row, at] as const))(
    "in the environment is refused: %j",
    (_environment, message, code, at) => {
      const { code: exitCode, stderr = "" } = variables[at] ?? {};
      expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
      expect(stderr).not.toMatch(/^\s+at |Bearer abc|user:secret/m);
    },
  );

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
