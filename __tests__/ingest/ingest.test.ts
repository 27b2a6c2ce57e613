import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { XSimulatorOptions } from "../../local/x-simulator/options";
import { type Finished, TOKEN, until, World } from "./world";

const CYCLE_MS = 30 * 24 * 60 * 60_000;
let world: World;

async function create(x: XSimulatorOptions = {}): Promise<World> {
  world = await World.create(x);
  return world;
}

afterEach(() => world.close());

/** What every message to a user must keep to. */
function expectCleanMessage({ stdout, stderr }: Finished): void {
  expect(stdout + stderr).not.toContain(TOKEN);
  expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
}

describe("the ingester process", () => {
  it("delivers every post it reads, once", async () => {
    const { x, run, delivered, lost } = bound(await create({ posts: 500 }));
    const { code, events } = await run();
    expect(code).toBe(0);
    expect(await lost()).toBe(0);
    expect(await delivered()).toMatchObject({ total: 500, distinct: 500, unreadableLines: 0 });
    expect(x.ledger.report()).toMatchObject({ posts: 500, repeatedPosts: 0 });
    expect(events.map(({ event }) => event)).toContain("caught_up");
  });

  it("reads nothing again in a second run, and only what is new in a third", async () => {
    const { x, run, delivered } = bound(await create({ posts: 250 }));
    await run();
    await run();
    expect(x.ledger.report()).toMatchObject({ posts: 250 });
    const now = Date.now();
    x.timeline.add({ count: 30, fromMs: now, toMs: now + 1 });
    await run();
    expect(x.ledger.report()).toMatchObject({ posts: 280, repeatedPosts: 0 });
    expect(await delivered()).toMatchObject({ total: 280, distinct: 280 });
  });

  it("loses nothing to kill -9, and reads at most one page again", async () => {
    const { x, start, run, lost } = bound(await create({ posts: 2_000 }));
    const { child, finished } = start();
    await until(() => x.ledger.report().posts >= 700);
    child.kill("SIGKILL");
    await finished;
    expect((await run()).code).toBe(0);
    expect(await lost()).toBe(0);
    expect(x.ledger.report().distinctPosts).toBe(2_000);
    expect(x.ledger.report().repeatedPosts).toBeLessThanOrEqual(100);
  });

  it("stops cleanly on SIGTERM, with everything delivered that it had bought", async () => {
    const { x, start, run, lost } = bound(await create({ posts: 2_000 }));
    const { child, finished } = start({ RUN_ONCE: "false" });
    await until(() => x.ledger.report().posts >= 500);
    child.kill("SIGTERM");
    expect((await finished).code).toBe(0);
    expect(await lost()).toBe(0);
    await run();
    expect(x.ledger.report()).toMatchObject({ distinctPosts: 2_000, repeatedPosts: 0 });
  });

  it("exits at once on a second signal", async () => {
    const { firehose, x, start } = bound(await create({ posts: 200 }));
    firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "service-unavailable" }] });
    const { child, finished } = start();
    await until(() => x.ledger.report().posts > 0);
    child.kill("SIGTERM");
    await new Promise((done) => setTimeout(done, 100));
    child.kill("SIGTERM");
    expect((await finished).code).toBe(130);
  });

  it("gives up delivering in time for the platform's deadline, and reads the page again later", async () => {
    const { firehose, x, start, run, lost } = bound(await create({ posts: 150 }));
    firehose.faults.schedule({ seed: 1, share: 1, faults: [{ kind: "service-unavailable" }] });
    const { child, finished } = start({ SHUTDOWN_SECONDS: "2" });
    await until(() => x.ledger.report().posts > 0);
    child.kill("SIGTERM");
    expect((await finished).code).toBe(1);
    firehose.faults.clear();
    await run();
    expect(await lost()).toBe(0);
  });

  it("turns a second run of the same query away before it buys anything", async () => {
    const { x, start, run } = bound(await create({ posts: 100 }));
    const first = start({ RUN_ONCE: "false" });
    await until(() => x.ledger.report().posts === 100);
    const requests = x.ledger.report().requests["search/recent 200"];
    const second = await run({ SEARCH_POLL_SECONDS: "60" });
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(
      /Another worker holds what was asked for: .* is being collected by run, process \d+ on /,
    );
    expect(x.ledger.report()).toMatchObject({ posts: 100 });
    expect(requests).toBeDefined();
    first.child.kill("SIGTERM");
    expect((await first.finished).code).toBe(0);
  });
});

describe("the budget", () => {
  it("is never exceeded by one post, and ends a single run cleanly", async () => {
    const { x, run, lost } = bound(await create({ posts: 1_000 }));
    const { code, stdout } = await run({ MONTHLY_POST_LIMIT: "137" });
    expect(code).toBe(0);
    expect(stdout).toContain("MONTHLY_POST_LIMIT");
    expect(x.ledger.report().posts).toBe(137);
    expect(x.ledger.report().postsAskedFor).toBe(137);
    expect((await run({ MONTHLY_POST_LIMIT: "137" })).code).toBe(0);
    expect(x.ledger.report().posts).toBe(137);
    expect(await lost()).toBe(0);
  });

  it("goes on below the oldest delivered post when the limit is raised", async () => {
    const { x, run, delivered } = bound(await create({ posts: 300 }));
    await run({ MONTHLY_USD_LIMIT: "0.75" });
    expect(x.ledger.report().posts).toBe(150);
    await run({ MONTHLY_USD_LIMIT: "5" });
    expect(x.ledger.report()).toMatchObject({ posts: 300, repeatedPosts: 0 });
    expect(await delivered()).toMatchObject({ total: 300 });
  });

  it("stays healthy while a service waits for the cycle to turn", async () => {
    const { x, start } = bound(await create({ posts: 100 }));
    const { child, finished } = start({ MONTHLY_POST_LIMIT: "20", RUN_ONCE: "false", HTTP_PORT: "18733" });
    await until(() => x.ledger.report().posts === 20);
    const health = await fetch("http://127.0.0.1:18733/healthz");
    expect(health.status).toBe(200);
    child.kill("SIGTERM");
    const { code, events } = await finished;
    expect(code).toBe(0);
    expect(events.filter(({ event }) => event === "limit_reached")).toHaveLength(1);
  });

  it("counts what X says the project has used already", async () => {
    const { x, run } = bound(await create({ posts: 200, priorUsage: 90 }));
    await run({ MONTHLY_POST_LIMIT: "100" });
    expect(x.ledger.report().posts).toBe(10);
  });

  it("counts what X says at once when it notices the turn of the cycle late", async () => {
    const { x, run, environment } = bound(await create({ posts: 200, priorUsage: 90 }));
    const limit = { MONTHLY_POST_LIMIT: "100" };
    await run(limit);
    const file = String(environment().CHECKPOINT_FILE);
    const stored = JSON.parse(readFileSync(file, "utf8"));
    const { cycle } = stored.budget;
    stored.budget = { ...stored.budget, spent: [], project: undefined };
    stored.budget.cycle = { ...cycle, startMs: cycle.startMs - CYCLE_MS, endMs: cycle.startMs };
    writeFileSync(file, `${JSON.stringify(stored)}\n`);
    await run(limit);
    expect(x.ledger.report().posts).toBe(10);
  });

  it("does not take X's figure of the cycle before for that of a cycle that has just begun", async () => {
    const capResetDay = new Date().getUTCDate();
    const { x, run } = bound(await create({ posts: 50, priorUsage: 950, capResetDay }));
    await run({ MONTHLY_POST_LIMIT: "100" });
    expect(x.ledger.report().posts).toBe(50);
  });

  it("keeps to the caps of a single run", async () => {
    const { x, run } = bound(await create({ posts: 200 }));
    await run({}, ["run", "--max-posts", "50"]);
    expect(x.ledger.report().posts).toBe(50);
    await run({}, ["run", "--max-usd", "0.10"]);
    expect(x.ledger.report()).toMatchObject({ posts: 70, repeatedPosts: 0 });
  });
});

describe("backfill", () => {
  const now = Date.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const hours = (count: number) => count * 3_600_000;
  const segments = [{ count: 480, fromMs: now - hours(48), toMs: now }];

  it("reads exactly the range, and what is owned is bought by no other command again", async () => {
    const { x, run, delivered } = bound(await create({ segments }));
    const argv = ["backfill", "--from", iso(now - hours(30)), "--to", iso(now - hours(10)), "--json"];
    const { code, events } = await run({}, argv);
    expect(code).toBe(0);
    const { posts } = x.ledger.report();
    expect(posts).toBeGreaterThanOrEqual(195);
    expect(posts).toBeLessThanOrEqual(205);
    expect(events.at(-1)).toMatchObject({ event: "backfill", outcome: "caught_up", percent: 100, posts });
    expect((await run({}, argv)).events.at(-1)).toMatchObject({ outcome: "already_complete", posts: 0 });
    await run();
    expect(x.ledger.report()).toMatchObject({ posts: 480, repeatedPosts: 0 });
    expect((await delivered()).distinct).toBe(480);
  });

  it("goes on where a cap ended it, and shares the monthly limit with the ingester", async () => {
    const { x, run } = bound(await create({ segments }));
    const argv = ["backfill", "--from", iso(now - hours(48)), "--json"];
    expect((await run({}, [...argv, "--max-posts", "100"])).events.at(-1)).toMatchObject({
      outcome: "limit",
      posts: 100,
    });
    await run({ MONTHLY_POST_LIMIT: "150" }, argv);
    expect(x.ledger.report()).toMatchObject({ posts: 150, repeatedPosts: 0 });
    await run({ MONTHLY_POST_LIMIT: "150" });
    expect(x.ledger.report().posts).toBe(150);
  });

  it("reaches into the full archive when asked to", async () => {
    const fromMs = now - hours(24 * 30);
    const { x, run } = bound(await create({ segments: [{ count: 60, fromMs, toMs: fromMs + hours(1) }] }));
    const argv = ["backfill", "--from", iso(fromMs), "--to", iso(fromMs + hours(2))];
    const refused = await run({}, argv);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("--full-archive");
    expect((await run({}, [...argv, "--full-archive"])).code).toBe(0);
    expect(x.ledger.report()).toMatchObject({ posts: 60, requests: { "search/all 200": 1 } });
  });
});

describe("several queries in one process", () => {
  const queries = JSON.stringify([
    { name: "cats", query: "cats" },
    { name: "dogs", query: "dogs lang:en" },
  ]);
  const several = { SEARCH_QUERY: undefined, SEARCH_QUERIES: queries };

  it("are collected under one budget, in fair turns", async () => {
    const { x, run } = bound(await create({ posts: 400 }));
    const { code, events } = await run({ ...several, MONTHLY_POST_LIMIT: "600" });
    expect(code).toBe(0);
    expect(x.ledger.report().posts).toBe(600);
    const { queries: figures } = events.at(-1) as unknown as {
      queries: { name: string; posts_read: number }[];
    };
    expect(figures).toMatchObject([
      { name: "cats", posts_read: 300 },
      { name: "dogs", posts_read: 300 },
    ]);
  });

  it("have metrics of their own", async () => {
    const { run } = bound(await create({ posts: 40 }));
    const { stdout } = await run({ ...several, METRICS_NAMESPACE: "tweets/test" });
    const metrics = stdout.split("\n").filter((line) => line.includes("_aws"));
    expect(metrics.map((line) => JSON.parse(line).CheckpointKey)).toEqual([
      "tweet_stream/cats",
      "tweet_stream/dogs lang:en",
    ]);
  });
});

describe("the ledger, looked at and corrected", () => {
  it("shows what is owned, what is left, and what that would cost", async () => {
    const { x, run } = bound(await create({ posts: 300 }));
    expect((await run({}, ["coverage"])).stdout).toContain("nothing has been collected");
    await run({}, ["run", "--max-posts", "100"]);
    const { stdout } = await run({}, ["coverage", "--price"]);
    expect(stdout).toMatch(/tweet_stream\/from:nasa\n {2}[·█]+\n.*Z\n {2}█ owned/);
    expect(stdout).toMatch(/hole .* 200 posts, \$1\.00/);
    expect(x.ledger.report().requests).toMatchObject({ "counts/recent 200": 1 });
    const json = JSON.parse((await run({}, ["coverage", "--json"])).stdout);
    expect(json.queries[0].stretches.map(({ state }: { state: string }) => state)).toEqual(["hole", "owned"]);
  });

  it("shows the prices that it has paid for where a limit ends the counting", async () => {
    const { x, run } = bound(await create({ posts: 300 }));
    for (const hours of [20, 12, 4])
      await run({}, ["backfill", "--from", `${hours}h`, "--to", `${hours - 4}h`]);
    // Room for one request of two.
    const limit = { MONTHLY_USD_LIMIT: (x.ledger.report().billedPosts * 0.005 + 0.008).toFixed(3) };
    const { code, stdout } = await run(limit, ["coverage", "--price"]);
    expect([code, stdout.match(/ {2}hole /g)?.length]).toEqual([0, 2]);
    expect(stdout.match(/ {2}hole .* posts, \$/g)).toHaveLength(1);
    expect(stdout).toMatch(
      /\nStretches without a price were not counted: MONTHLY_USD_LIMIT forbids a counts request/,
    );
  });

  it("shows ours, others', at risk and reserved apart, and takes corrections with their reasons", async () => {
    const { x, run } = bound(await create({ posts: 300, priorUsage: 40 }));
    await run({ MONTHLY_POST_LIMIT: "100", MONTHLY_USD_LIMIT: undefined });
    expect(x.ledger.report().posts).toBe(60);
    const limited = { MONTHLY_POST_LIMIT: "100", MONTHLY_USD_LIMIT: undefined };
    const { stdout } = await run(limited, ["budget"]);
    expect(stdout).toMatch(/spent +60 posts +\$0\.30/);
    expect(stdout).toMatch(/others +40 posts +\$0\.20 .*counts against the limits/);
    expect(stdout).toContain("MONTHLY_POST_LIMIT: 100 of 100 posts used, 0 left.");
    expect((await run(limited, ["budget", "--set-spent", "0.05"])).code).toBe(2);
    await run(limited, ["budget", "--set-spent", "0.05", "--reason", "X's invoice"]);
    const after = JSON.parse((await run(limited, ["budget", "--json"])).stdout);
    expect(after).toMatchObject({
      spent: { posts: 10, usd: 0.05 },
      corrections: [
        { what: "set_spent", reason: "X's invoice", before: { posts: 60 }, after: { posts: 10 } },
      ],
    });
  });

  it("says at a limit whose posts have used it up", async () => {
    const { run } = bound(await create({ posts: 300, priorUsage: 7_134 }));
    const { code, events } = await run({ MONTHLY_USD_LIMIT: "20" });
    expect(code).toBe(0);
    const reached = events.find(({ event }) => event === "limit_reached");
    expect(reached?.message).toMatch(
      /\$35\.67 of \$20\.00 used: \$0\.00 spent, \$35\.67 by other programs of the project/,
    );
    const doctor = await run({ MONTHLY_USD_LIMIT: "20" }, ["doctor"]);
    expect(doctor.code).toBe(2);
    expect(doctor.stdout).toMatch(/^FAIL {2}budget .*\$35\.67 by other programs/m);
    expect((await run({ MONTHLY_USD_LIMIT: "20", LIMIT_SCOPE: "own" })).events.at(-1)).toMatchObject({
      posts_read: 300,
    });
  });

  it("forgets a query only on request, and not while it is collected", async () => {
    const { x, run, start } = bound(await create({ posts: 50 }));
    const service = start({ RUN_ONCE: "false" });
    await until(() => x.ledger.report().posts === 50);
    const busy = await run({}, ["coverage", "--forget", "tweet_stream/from:nasa"]);
    expect(busy).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is being collected by run, process"),
    });
    service.child.kill("SIGTERM");
    await service.finished;
    expect((await run({}, ["coverage", "--forget", "nothing"])).stderr).toContain(
      'It knows: "tweet_stream/from:nasa"',
    );
    expect((await run({}, ["coverage", "--forget", "tweet_stream/from:nasa"])).stdout).toContain(
      "knows no query",
    );
  });
});

describe("commands that buy no posts", () => {
  it("estimates what a query would cost, and states its own price", async () => {
    const { x, run } = bound(await create({ posts: 700 }));
    const { code, stdout } = await run({}, ["estimate", "--query", "from:nasa"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/per month +[\d,]+ posts +\$[\d,.]+/);
    expect(stdout).toContain("This estimate cost $0.005");
    expect(x.ledger.report()).toMatchObject({ posts: 0, countsRequests: 1 });
    const json = JSON.parse((await run({}, ["estimate", "--json"])).stdout);
    expect(json).toMatchObject({ query: "from:nasa", posts: 700, requestUsd: 0.005, metered: true });
    expect(JSON.parse((await run({}, ["budget", "--json"])).stdout)).toMatchObject({
      spent: { posts: 0, usd: 0.01 },
    });
  });

  it("prices a backfill hole by hole, and buys nothing", async () => {
    const { x, run } = bound(await create({ posts: 700 }));
    const { code, stdout } = await run({}, ["backfill", "--from", "2d", "--dry-run"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("1 hole, 700 posts, $3.50.")]);
    expect(x.ledger.report()).toMatchObject({ posts: 0, countsRequests: 1 });
    expect((await run({}, ["backfill", "--from", "7d", "--dry-run"])).code).toBe(0);
    const json = JSON.parse((await run({}, ["backfill", "--from", "2d", "--dry-run", "--json"])).stdout);
    expect(json).toMatchObject({ event: "dry_run", posts: 700, usd: 3.5, request_usd: 0.005 });
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    const range = ["backfill", "--from", ago(2 * 86_400_000), "--to", ago(30 * 60_000)];
    await run({}, range);
    const rest = await run({}, [...range, "--dry-run"]);
    expect(rest.stdout).toBe("The range has no holes: nothing would be bought.\n");
  });

  it("logs requests with their ids at level debug, and never a token or a post", async () => {
    const { run } = bound(await create({ posts: 20 }));
    const { stdout, events } = await run({ LOG_LEVEL: "trace" });
    const requests = events.filter(({ event }) => event === "request");
    expect(requests).toContainEqual(
      expect.objectContaining({
        path: "/2/tweets/search/recent",
        status: 200,
        params: expect.stringContaining("query=from:nasa"),
      }),
    );
    expect(requests).toContainEqual(
      expect.objectContaining({ target: "Firehose_20150804.PutRecordBatch", request_id: expect.any(String) }),
    );
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["page_read", "page_delivered", "polled"]),
    );
    expect(stdout).not.toContain(TOKEN);
    expect(stdout).not.toContain('"text"');
  });

  it("prices several queries with variants, and says how long the limit lasts for all of them", async () => {
    const { x, run } = bound(await create({ posts: 700 }));
    const queries = JSON.stringify([
      { name: "one", query: "from:nasa" },
      { name: "two", query: "from:esa" },
    ]);
    const variables = { SEARCH_QUERY: undefined, SEARCH_QUERIES: queries, MONTHLY_USD_LIMIT: "20" };
    const { code, stdout } = await run(variables, ["estimate", "--with", "lang:en", "--with", "-is:reply"]);
    expect([code, x.ledger.report().countsRequests]).toEqual([0, 6]);
    expect(stdout).toContain("Query: from:nasa\n");
    expect(stdout).toMatch(/^ {2}-is:reply +[\d,]+ posts/m);
    expect(stdout).toMatch(/^2 queries together:$/m);
    expect(stdout).toMatch(
      /^MONTHLY_USD_LIMIT of \$20\.00 lasts .* at this rate; what is left of it, \$19\.97, lasts/m,
    );
    expect(stdout).toContain("This estimate cost $0.03.");
  });

  it("estimates without a ledger, and says that no budget counts it", async () => {
    const { run } = bound(await create({ posts: 10 }));
    const { stdout } = await run({ CHECKPOINT_FILE: undefined }, ["estimate"]);
    expect(stdout).toContain("It is in no budget: set CHECKPOINT_FILE or CHECKPOINT_TABLE");
  });

  it("passes a healthy setup, check by check", async () => {
    const { run } = bound(await create({ posts: 10 }));
    const { code, stdout } = await run({}, ["doctor"]);
    expect([...stdout.matchAll(/^pass {2}([a-z ]+\w) {2}/gm)].map(([, check]) => check?.trim())).toEqual([
      "configuration",
      "fields",
      "ledger",
      "token",
      "clock",
      "stream",
      "status page",
      "budget",
      "query",
    ]);
    expect(code).toBe(0);
  });

  it("creates nothing, and pays for nothing, where the query cannot be asked", async () => {
    const { x, run } = bound(await create({ posts: 10 }));
    const file = join(mkdtempSync(join(tmpdir(), "doctor-")), "state", "ledger.json");
    const { stdout } = await run({ X_BEARER_TOKEN: "invalid", CHECKPOINT_FILE: file }, ["doctor"]);
    expect(stdout).toMatch(
      /^pass {2}ledger +\S+ledger.json: readable and writable; nothing remembered yet$/m,
    );
    expect(existsSync(dirname(file))).toBe(false);
    expect(x.ledger.report().countsRequests).toBe(0);
  });

  it("says how to fix what does not work", async () => {
    const { run } = bound(await create());
    const result = await run({ X_BEARER_TOKEN: "invalid", FIREHOSE_STREAM_NAME: "other_stream" }, ["doctor"]);
    expect(result.code).toBe(3);
    expect(result.stdout).toMatch(/^FAIL {2}token .*X_BEARER_TOKEN/m);
    expect(result.stdout).toMatch(/^FAIL {2}stream .*other_stream/m);
    expectCleanMessage(result);
  });
});

describe("bad input", () => {
  it("reports every wrong variable at once, with exit code 2", async () => {
    const { run } = bound(await create());
    const result = await run({ SEARCH_QUERY: undefined, HTTP_PORT: "http", INGEST_MODE: "push" });
    expect(result.code).toBe(2);
    for (const name of ["SEARCH_QUERY", "HTTP_PORT", "INGEST_MODE"]) expect(result.stderr).toContain(name);
    expectCleanMessage(result);
  });

  it("says that X cannot be reached, and where", async () => {
    const { run } = bound(await create());
    const result = await run({ X_API_URL: "http://127.0.0.1:9" });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/X_API_URL.*127\.0\.0\.1:9/);
    expectCleanMessage(result);
  }, 30_000);

  it("says that Firehose cannot be reached before it buys anything", async () => {
    const { x, run } = bound(await create());
    const result = await run({ AWS_ENDPOINT_URL_FIREHOSE: "http://127.0.0.1:9" });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("AWS_ENDPOINT_URL_FIREHOSE");
    expect(x.ledger.report().posts).toBe(0);
    expectCleanMessage(result);
  }, 30_000);

  it("names an unknown stream before it buys anything", async () => {
    const { x, run } = bound(await create());
    const result = await run({ FIREHOSE_STREAM_NAME: "other_stream" });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("other_stream");
    expect(x.ledger.report().posts).toBe(0);
    expectCleanMessage(result);
  });

  it("repeats X's words about an invalid query", async () => {
    const { x, run } = bound(await create());
    x.faults.enqueue({ kind: "invalid-query" });
    const result = await run();
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/SEARCH_QUERY.*no viable alternative/);
    expectCleanMessage(result);
  });

  it("says that the token is refused, with exit code 3, and does not show it", async () => {
    const { run } = bound(await create({ invalidTokens: [TOKEN] }));
    const result = await run();
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("X_BEARER_TOKEN");
    expectCleanMessage(result);
  });

  it("starts nothing without a limit, and nothing with one that buys nothing", async () => {
    const { x, run } = bound(await create());
    const unlimited = await run({ MONTHLY_USD_LIMIT: undefined });
    expect(unlimited.code).toBe(2);
    expect(unlimited.stderr).toMatch(
      /MONTHLY_USD_LIMIT or MONTHLY_POST_LIMIT must be set.*MONTHLY_USD_LIMIT=none/,
    );
    const tiny = await run({ MONTHLY_USD_LIMIT: "0.04", EXPANSIONS: "author_id" }, [
      "run",
      "--max-posts",
      "5",
    ]);
    expect(tiny.code).toBe(2);
    expect(tiny.stderr).toMatch(/MONTHLY_USD_LIMIT must allow at least \$0\.15, got \$0\.04/);
    expect(tiny.stderr).toMatch(/--max-posts must allow at least 10 posts, got 5 posts/);
    expect(x.ledger.report().posts).toBe(0);
    expectCleanMessage(tiny);
  });

  it("never starts over when the checkpoint file is damaged", async () => {
    const { run, environment, x } = bound(await create());
    writeFileSync(String(environment().CHECKPOINT_FILE), '{"format":1,"checkpo');
    const result = await run();
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("CHECKPOINT_FILE");
    expect(x.ledger.report().posts).toBe(0);
    expectCleanMessage(result);
  });

  it("says that the status port is taken", async () => {
    const { run } = bound(await create());
    const other: Server = createServer().listen(0, "0.0.0.0");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const result = await run({ HTTP_PORT: String(port) });
    other.close();
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("HTTP_PORT");
    expectCleanMessage(result);
  });
});

/** The world with its methods bound, so that a test can name just those it uses. */
function bound(from: World) {
  return {
    x: from.x,
    firehose: from.firehose,
    environment: from.environment.bind(from),
    run: from.run.bind(from),
    start: from.start.bind(from),
    delivered: from.delivered.bind(from),
    lost: from.lost.bind(from),
  };
}
