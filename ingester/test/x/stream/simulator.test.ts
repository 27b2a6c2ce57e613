/** Rules and connections over HTTP, against X's simulator. */
import { get, type IncomingMessage } from "node:http";
import { XSimulator } from "../../../../local/x-simulator/x-simulator";
import { ConfigError } from "../../../src/loop/errors";
import { systemClock } from "../../../src/runtime/clock";
import { XClient } from "../../../src/x/client";
import { endConnection, listConnections } from "../../../src/x/stream/connections";
import { planRules, syncRules } from "../../../src/x/stream/rules/rule-sync";

let x: XSimulator;
let url = "";
let client: XClient;

beforeEach(async () => {
  x = new XSimulator({ posts: 0, rateLimits: "off" });
  ({ url } = await x.listen());
  client = new XClient({ bearerToken: "secret-token", apiUrl: url, requestTimeoutMs: 5_000 }, systemClock);
});
afterEach(async () => {
  client.abort();
  await x.close();
});

const rules = (...values: readonly string[]) => values.map((value, at) => ({ value, tag: `t${at}` }));

describe("rules of X's simulator", () => {
  it("are planned, made those of the configuration, and left alone once they are", async () => {
    x.stream.rules.add([{ value: "emus", tag: "theirs" }]);
    const first = { rules: rules("cats", "dogs lang:en"), owner: "tweet_stream" };
    expect((await planRules(client, first)).added).toEqual(first.rules);
    expect((await syncRules(client, first)).inForce).toMatchObject(first.rules);
    const second = { rules: rules("dogs lang:en", "emus"), owner: "tweet_stream" };
    expect(await syncRules(client, second)).toMatchObject({
      inForce: [{ owned: true }, { owned: false }],
      removed: [{ value: "cats", tag: "t0" }],
      foreign: [],
    });
    expect(await syncRules(client, second)).toMatchObject({ added: [], removed: [] });
    expect(x.stream.rules.list()).toMatchObject([
      { value: "emus", tag: "theirs" },
      { value: "dogs lang:en", tag: "tweets-to-s3:tweet_stream:t1" },
    ]);
  });

  it("are not those of another ingester in the same app", async () => {
    await syncRules(client, { rules: rules("cats"), owner: "one" });
    const { foreign } = await syncRules(client, { rules: rules("dogs"), owner: "two" });
    expect(foreign).toMatchObject([{ value: "cats", tag: "tweets-to-s3:one:t0" }]);
    expect(x.stream.rules.list()).toHaveLength(2);
  });

  it("are the same for several processes that sync at once", async () => {
    const wanted = {
      rules: rules(...Array.from({ length: 120 }, (_, at) => `word${at}`)),
      owner: "tweet_stream",
    };
    const syncs = await Promise.all([0, 1, 2].map(() => syncRules(client, wanted)));
    for (const { inForce } of syncs) expect(inForce).toMatchObject(wanted.rules);
    expect(x.stream.rules.list()).toHaveLength(120);
  });

  it.each([
    ["every", ["cats (dogs"]],
    ["one", ["cats (dogs", "cats"]],
  ])("are refused with X's words when %s is invalid", async (_name, values) => {
    const error = await syncRules(client, { rules: rules(...values), owner: "a" }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toEqual([
      expect.stringMatching(/"t0" \(cats \(dogs\)\. X says: /),
    ]);
    expect(x.stream.rules.list()).toEqual([]);
  });

  it("make room for each other in an app that is full, and count others where they cannot", async () => {
    const many = (count: number, word: string) => Array.from({ length: count }, (_, at) => `${word}${at}`);
    x.stream.rules.add(many(990, "theirs").map((value) => ({ value })));
    await syncRules(client, { rules: rules(...many(10, "old")), owner: "a" });
    expect((await syncRules(client, { rules: rules(...many(10, "new")), owner: "a" })).inForce).toHaveLength(
      10,
    );
    const error = await syncRules(client, { rules: rules(...many(11, "new")), owner: "a" }).catch(
      (cause) => cause,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(
      /no room for these rules: "t10" \(new10\)\. It has 1,000 rules, 990 of them not/,
    );
  });
});

describe("connections of X's simulator", () => {
  const connect = () =>
    new Promise<IncomingMessage>((done, failed) => {
      const headers = { authorization: "Bearer secret-token" };
      get(`${url}/2/tweets/search/stream`, { headers, agent: false }, done).on("error", failed);
    });

  it("are listed, and ended by their id", async () => {
    x.stream.rules.add([{ value: "cats" }]);
    expect(await listConnections(client)).toEqual([]);
    const stream = await connect();
    const ended = new Promise((done) => stream.on("error", done).on("close", done));
    stream.resume();
    const [connection, ...others] = await listConnections(client);
    expect(others).toEqual([]);
    expect(connection).toEqual({
      id: expect.any(String),
      connectedAtMs: expect.any(Number),
      clientIp: expect.any(String),
    });
    expect(Math.abs((connection?.connectedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await endConnection(client, connection?.id ?? "")).toBe(true);
    await ended;
    expect(await listConnections(client)).toEqual([]);
    expect(await endConnection(client, connection?.id ?? "")).toBe(false);
  });
});
