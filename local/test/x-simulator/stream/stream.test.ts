import { SimulatedClock } from "../../../support/simulated-clock";
import type { XSimulatorOptions } from "../../../x-simulator/options";
import { XSimulator } from "../../../x-simulator/x-simulator";
import { StreamClient } from "../../helpers/stream-client";
import { allIds, ask, readAllPages, searchRecent } from "../../helpers/x-client";
import { schemaOf } from "../../helpers/x-schema";

const isRecord = schemaOf("StreamPostsResponse");

const MINUTE_MS = 60_000;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** A simulator on simulated time, with a rule and sixty posts in the minute to come. */
async function start(options: XSimulatorOptions = {}, rule = "cats") {
  const clock = new SimulatedClock();
  const segments = [{ count: 60, fromMs: clock.now(), toMs: clock.now() + MINUTE_MS }];
  const simulator = new XSimulator({ clock, segments, ...options });
  const { url } = await simulator.listen();
  if (rule) simulator.stream.rules.add([{ value: rule, tag: "pets" }]);
  opened.push(simulator);
  return { clock, simulator, url };
}

async function connect(url: string, ...others: [Record<string, string>?, Record<string, string>?]) {
  const client = await StreamClient.connect(url, ...others);
  opened.push(client);
  return client;
}

const oldestFirst = (simulator: XSimulator): string[] => allIds(simulator).reverse();

describe("GET /2/tweets/search/stream", () => {
  it("sends every post at the moment it is written, once, and bills it then", async () => {
    const { clock, simulator, url } = await start();
    const client = await connect(url);
    await clock.run(MINUTE_MS / 2);
    const half = simulator.ledger.report().posts;
    await clock.run(MINUTE_MS / 2);
    await client.received(60);
    expect(half).toBeGreaterThan(25);
    expect(half).toBeLessThan(35);
    expect(client.ids).toEqual(oldestFirst(simulator));
    expect([...simulator.billedIds("stream")].map(String)).toEqual(client.ids);
    expect([...simulator.billedIds("search")]).toEqual([]);
    expect(simulator.ledger.report()).toMatchObject({ posts: 60, billedPosts: 60, streamedPosts: 60 });
  });

  it("names the rules that matched, in X's shape", async () => {
    const { clock, simulator, url } = await start();
    simulator.stream.rules.add([{ value: "dogs" }]);
    const client = await connect(url, {
      "post.fields": "created_at,public_metrics,referenced_posts,entities",
      expansions: "author_id,referenced_posts",
    });
    await clock.run(MINUTE_MS);
    await client.received(60);
    const [pets, dogs] = simulator.stream.rules.list();
    expect(client.records.filter((record) => !isRecord(record))).toEqual([]);
    for (const record of client.records) {
      expect(record.matching_rules).toEqual([{ id: pets?.id, tag: "pets" }, { id: dogs?.id }]);
      expect(record.includes?.users).toHaveLength(1);
    }
    expect(simulator.ledger.report().includedUsers).toBe(60);
  });

  it("speaks the older words unless it is asked in the new ones", async () => {
    const { clock, url } = await start();
    const older = await connect(url);
    await clock.run(MINUTE_MS / 2);
    await older.received(20);
    older.close();
    await older.until(() => older.ending !== undefined);
    expect(older.records[0]?.data).toHaveProperty("edit_history_tweet_ids");
  });

  it("sends what search finds with the same words: the same posts, the same fields", async () => {
    const { clock, simulator, url } = await start();
    const fields = { "post.fields": "created_at,entities,note_post" };
    const client = await connect(url, fields);
    await clock.run(MINUTE_MS);
    await client.received(60);
    const { body } = await searchRecent(url, { ...fields, max_results: 100 });
    expect(client.records.map(({ data }) => data)).toEqual([...(body.data ?? [])].reverse());
    expect(simulator.ledger.report()).toMatchObject({ posts: 120, distinctPosts: 60, streamedPosts: 60 });
  });

  it("leaves posts of a time without a listener to search", async () => {
    const { clock, simulator, url } = await start();
    await clock.run(MINUTE_MS / 2);
    const client = await connect(url);
    await clock.run(MINUTE_MS / 2);
    await client.received(25);
    const all = oldestFirst(simulator);
    expect(client.ids).toEqual(all.slice(-client.ids.length));
    expect(client.ids.length).toBeLessThan(35);
    expect((await readAllPages(url, { max_results: 100 })).flat().reverse()).toEqual(all);
  });

  it("sends posts late and out of order, and none that was due before the client came", async () => {
    const { clock, simulator, url } = await start({ deliveryDelay: { minMs: 1000, maxMs: 7000 } });
    const client = await connect(url);
    await clock.run(MINUTE_MS + 7000);
    await client.received(60);
    expect(client.ids).not.toEqual(oldestFirst(simulator));
    expect([...client.ids].sort()).toEqual(oldestFirst(simulator).sort());
  });

  it("sends posts that are published while it listens, also on the machine's own clock", async () => {
    const simulator = new XSimulator({ posts: 5 });
    opened.push(simulator);
    const { url } = await simulator.listen();
    simulator.stream.rules.add([{ value: "cats" }]);
    const client = await connect(url);
    simulator.publish(7);
    await client.received(7);
    await fetch(`${url}/__simulator/posts`, { method: "POST", body: '{"count":3}' });
    await client.received(10);
    expect(client.ids).toEqual(oldestFirst(simulator).slice(5));
  });

  it("beats every twenty seconds with an empty line", async () => {
    const { clock, url } = await start({ posts: 0, segments: [] });
    const client = await connect(url);
    await clock.run(19_999);
    expect(client.text).toBe("");
    await clock.run(1);
    await client.until(() => client.text === "\r\n");
    await clock.run(40_000);
    await client.until(() => client.text === "\r\n\r\n\r\n");
  });

  it("compresses for a client that asks, record by record", async () => {
    const { clock, simulator, url } = await start();
    const client = await connect(url, {}, { "accept-encoding": "gzip" });
    expect(client.response.headers["content-encoding"]).toBe("gzip");
    await clock.run(MINUTE_MS / 2);
    await client.received(20);
    await clock.run(MINUTE_MS / 2);
    await client.received(60);
    expect(client.ids).toEqual(oldestFirst(simulator));
  });

  it("answers 409 without rules", async () => {
    const { url } = await start({}, "");
    const client = await connect(url);
    expect(client.status).toBe(409);
    expect(await client.body()).toMatchObject({
      title: "ConnectionException",
      connection_issue: "RuleConfigurationIssue",
      type: "https://api.x.com/2/problems/streaming-connection",
    });
  });

  it("lets one connection in at a time, and the next when it is gone", async () => {
    const { simulator, url } = await start();
    const first = await connect(url);
    const second = await connect(url);
    expect(second.status).toBe(429);
    expect(await second.body()).toMatchObject({
      connection_issue: "TooManyConnections",
      type: "https://api.x.com/2/problems/streaming-connection",
    });
    expect(Number(second.response.headers["x-rate-limit-remaining"])).toBe(48);
    first.close();
    await first.until(() => simulator.stream.liveCount === 0);
    expect((await connect(url)).status).toBe(200);
  });

  it("lets a client connect 50 times in 15 minutes", async () => {
    const { clock, simulator, url } = await start();
    for (let count = 0; count < 50; count += 1) {
      const client = await connect(url);
      expect(client.status).toBe(200);
      client.close();
      await client.until(() => simulator.stream.liveCount === 0);
    }
    const refused = await connect(url);
    expect(refused.status).toBe(429);
    expect(await refused.body()).toMatchObject({ title: "Too Many Requests" });
    clock.advance(15 * MINUTE_MS);
    expect((await connect(url)).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string]>([
    ["a backfill, which is Enterprise's", { backfill_minutes: "2" }, "Enterprise"],
    ["a backfill beyond five minutes", { backfill_minutes: "6" }, "not between 0 and 5"],
    ["a start", { start_time: "2026-11-23T08:00:00Z" }, "Enterprise"],
    ["an end", { end_time: "2026-11-23T08:00:00Z" }, "Enterprise"],
    ["a query", { query: "cats" }, "is not one of"],
    ["an unknown field", { "tweet.fields": "colour" }, "is not one of"],
  ])("refuses %s", async (_, parameters, words) => {
    const { url } = await start();
    const client = await connect(url, parameters);
    expect(client.status).toBe(400);
    expect(await client.body()).toMatchObject({
      errors: [{ message: expect.stringContaining(words), parameters: expect.anything() }],
    });
  });

  it("takes the fields and expansions that only the stream has", async () => {
    const { url } = await start();
    const client = await connect(url, {
      expansions: "referenced_tweets.id.attachments.media_keys,entities.note.mentions.username",
      "user.fields": "affiliation,pinned_tweet_id",
    });
    expect(client.status).toBe(200);
    const search = await searchRecent(url, { expansions: "entities.note.mentions.username" });
    expect(search.status).toBe(400);
  });

  it("publishes nothing before posts that are planned for later", async () => {
    const { simulator } = await start();
    expect(() => simulator.publish(1)).toThrow("planned for later");
  });

  it("takes backfill_minutes=0, which asks for nothing", async () => {
    const { url } = await start();
    expect((await connect(url, { backfill_minutes: "0" })).status).toBe(200);
  });

  it.each([
    ["no token", {}, 401],
    ["a refused token", { authorization: "Bearer invalid" }, 401],
    ["a user's token", { authorization: 'OAuth oauth_token="1"' }, 403],
  ])("refuses %s", async (_, headers, status) => {
    const { url } = await start();
    const client = await connect(url, {}, { authorization: "", ...headers });
    expect(client.status).toBe(status);
  });

  it("ends at the project's cap and refuses the next connection for it", async () => {
    const { clock, url } = await start({ projectCap: 50, priorUsage: 30 });
    const client = await connect(url);
    await clock.run(MINUTE_MS);
    await client.ended();
    expect(client.ids).toHaveLength(20);
    expect(await (await connect(url)).body()).toMatchObject({ title: "UsageCapExceeded" });
  });

  it("acts on changed rules without a reconnection, after X's lag", async () => {
    const { clock, simulator, url } = await start({ ruleLagMs: 20_000 });
    clock.advance(20_000);
    const client = await connect(url);
    simulator.stream.rules.delete("all");
    await clock.run(10_000);
    await client.received(5);
    await clock.run(30_000);
    const { length } = client.ids;
    expect(length).toBeGreaterThan(15);
    expect(length).toBeLessThan(25);
  });

  it("keeps rules over a restart of the server", async () => {
    const { simulator, url } = await start();
    await simulator.close();
    await simulator.listen(Number(new URL(url).port));
    expect((await connect(url)).status).toBe(200);
  });

  it("finds a post on the stream before search has it, and late posts later still", async () => {
    const lateIndexing = { share: 0.5, lagMs: 2 * MINUTE_MS };
    const { clock, simulator, url } = await start({ indexingLagMs: 30_000, lateIndexing });
    const client = await connect(url);
    await clock.run(MINUTE_MS);
    await client.received(60);
    const found = async (): Promise<string[]> => (await readAllPages(url, { max_results: 100 })).flat();
    const early = await found();
    await clock.run(30_000);
    const punctual = await found();
    await clock.run(2 * MINUTE_MS);
    expect(early.length).toBeLessThan(25);
    expect(punctual.length).toBeGreaterThan(20);
    expect(punctual.length).toBeLessThan(50);
    expect(await found()).toEqual(allIds(simulator));
  });

  it("sends reposts, which search does not find", async () => {
    const { clock, simulator, url } = await start({ repostShare: 0.4 });
    const client = await connect(url, { "tweet.fields": "referenced_tweets,entities,lang" });
    await clock.run(MINUTE_MS);
    await client.received(60);
    const isRepost = ({ data }: { readonly data?: Record<string, unknown> }): boolean =>
      JSON.stringify(data?.referenced_tweets ?? "").includes("retweeted");
    const reposts = client.records.filter(isRepost).map(({ data }) => data?.id);
    expect(reposts.length).toBeGreaterThan(10);
    expect(client.records.filter(isRepost).every(({ data }) => /^RT @/.test(String(data?.text)))).toBe(true);
    const found = (await readAllPages(url, { max_results: 100 })).flat();
    expect(found).toEqual(allIds(simulator).filter((id) => !reposts.includes(id)));
  });

  it("counts its connections in the ledger by status", async () => {
    const { simulator, url } = await start();
    await connect(url);
    await (await connect(url)).body();
    expect(simulator.ledger.report().requests).toMatchObject({ "stream 200": 1, "stream 429": 1 });
    expect((await ask(url, "/2/usage/tweets")).status).toBe(200);
  });
});
