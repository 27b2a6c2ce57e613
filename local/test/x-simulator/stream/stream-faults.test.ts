import { SimulatedClock } from "../../../support/simulated-clock";
import type { XSimulatorOptions } from "../../../x-simulator/options";
import {
  type InStreamFault,
  STREAM_FAULT_KINDS,
  type StreamFault,
} from "../../../x-simulator/stream/fault-kinds";
import { XSimulator } from "../../../x-simulator/x-simulator";
import { StreamClient } from "../../helpers/stream-client";
import { allIds } from "../../helpers/x-client";

const MINUTE_MS = 60_000;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(options: XSimulatorOptions = {}) {
  const clock = new SimulatedClock();
  const segments = [{ count: 60, fromMs: clock.now(), toMs: clock.now() + MINUTE_MS }];
  const simulator = new XSimulator({ clock, segments, ...options });
  const { url } = await simulator.listen();
  simulator.stream.rules.add([{ value: "cats" }]);
  opened.push(simulator);
  const connect = async (...faults: readonly StreamFault[]) => {
    simulator.stream.faults.enqueue(...faults);
    const client = await StreamClient.connect(url, { "tweet.fields": "note_tweet" });
    opened.push(client);
    return client;
  };
  return { clock, simulator, url, connect };
}

const oldestFirst = (simulator: XSimulator): string[] => allIds(simulator).reverse();
/** What has come of the record that is not complete. */
const rest = ({ text }: StreamClient): string => text.slice(text.lastIndexOf("\n") + 1);

describe("a fault at the connection", () => {
  it.each<[StreamFault, number, object]>([
    [{ kind: "server-error" }, 503, { title: "Service Unavailable" }],
    [{ kind: "rate-limit-window" }, 429, { title: "Too Many Requests" }],
    [{ kind: "too-many-connections" }, 429, { connection_issue: "TooManyConnections" }],
    [{ kind: "usage-cap" }, 429, { title: "UsageCapExceeded" }],
    [{ kind: "credits-depleted" }, 402, { title: "CreditsDepleted" }],
    [{ kind: "unauthorized" }, 401, { title: "Unauthorized" }],
    [{ kind: "client-forbidden" }, 403, { title: "Client Forbidden" }],
    [{ kind: "no-rules" }, 409, { connection_issue: "RuleConfigurationIssue" }],
    [
      { kind: "rejected-parameter", parameter: "tweet.fields" },
      400,
      { errors: [{ parameters: { "tweet.fields": ["note_tweet"] } }] },
    ],
  ])("answers %j as X does, bills nothing, and is over", async (fault, status, body) => {
    const { simulator, connect } = await start();
    const refused = await connect(fault);
    expect(refused.status).toBe(status);
    expect(await refused.body()).toMatchObject(body);
    expect(simulator.stream.connections.active()).toEqual([]);
    expect((await connect()).status).toBe(200);
    expect(simulator.ledger.report().posts).toBe(0);
  });

  it("answers with a page that is not X's, and with none at all", async () => {
    const { connect, url } = await start();
    expect((await connect({ kind: "non-json", status: 520 })).status).toBe(520);
    await expect(connect({ kind: "reset" })).rejects.toThrow();
    expect(url).not.toBe("");
  });

  it("answers late, and forgets a client that has given up by then", async () => {
    const { connect, simulator, url } = await start();
    expect((await connect({ kind: "slow", milliseconds: 20 })).status).toBe(200);
    simulator.stream.connections.terminate(simulator.stream.connections.active()[0]?.id ?? "");
    simulator.stream.faults.enqueue({ kind: "slow", milliseconds: 50 });
    const headers = { authorization: "Bearer test" };
    const signal = AbortSignal.timeout(20);
    await expect(fetch(`${url}/2/tweets/search/stream`, { headers, signal })).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(simulator.stream.connections.active()).toEqual([]);
  });

  it("compresses although the client did not ask", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "compressed", encoding: "gzip" });
    await clock.run(MINUTE_MS);
    await client.received(60);
    expect(client.ids).toEqual(oldestFirst(simulator));
  });

  it("closes at once after 200, and counts the connection no longer", async () => {
    const { connect, simulator } = await start();
    const client = await connect({ kind: "close" });
    await client.ended();
    expect(client).toMatchObject({ status: 200, text: "", ending: "end" });
    expect((await connect()).status).toBe(200);
    expect(simulator.ledger.report().posts).toBe(0);
  });
});

describe("a fault of an open stream", () => {
  it.each([1, 7, 100, 300])(
    "breaks the connection after %i bytes of a record, which is billed",
    async (atByte) => {
      const { clock, connect, simulator } = await start();
      const client = await connect({ kind: "cut-record", atByte, afterRecords: 3 });
      await clock.run(MINUTE_MS);
      await client.ended();
      expect(client.ending).toBe("ECONNRESET");
      expect(client.ids).toEqual(oldestFirst(simulator).slice(0, 3));
      expect(Buffer.byteLength(rest(client))).toBe(atByte);
      expect(simulator.ledger.report()).toMatchObject({ streamedPosts: 4, cutPosts: 1 });
    },
  );

  it("breaks the connection between carriage return and line feed", async () => {
    const first = await start();
    const whole = await first.connect();
    await first.clock.run(2000);
    await whole.received(1);
    const bytes = Buffer.byteLength(whole.text.slice(0, whole.text.indexOf("\r\n") + 1));
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "cut-record", atByte: bytes });
    await clock.run(MINUTE_MS);
    await client.ended();
    expect(client.text).toBe(whole.text.slice(0, whole.text.indexOf("\r\n") + 1));
    expect(simulator.ledger.report()).toMatchObject({ streamedPosts: 1, cutPosts: 1 });
  });

  it.each([{ kind: "abort" }, { kind: "abort", reset: true }] as const)(
    "%j breaks the connection between records",
    async (fault) => {
      const { clock, connect, simulator } = await start();
      const client = await connect();
      await clock.run(MINUTE_MS / 2);
      await client.received(20);
      simulator.stream.inject(fault);
      await client.ended();
      expect(client.ending).toBe("ECONNRESET");
      expect(rest(client)).toBe("");
      expect(simulator.stream.liveCount).toBe(0);
    },
  );

  it.each([
    ["upstream", "UpstreamOperationalDisconnect"],
    ["older", "OperationalDisconnect"],
  ] as const)("says goodbye in the %s spelling and ends", async (spelling, disconnect_type) => {
    const { clock, connect } = await start();
    const client = await connect({ kind: "operational-disconnect", spelling, afterRecords: 2 });
    await clock.run(MINUTE_MS);
    await client.ended();
    expect(client.ending).toBe("end");
    expect(client.records).toHaveLength(3);
    expect(client.records[2]).toEqual({
      errors: [expect.objectContaining({ title: "operational-disconnect", disconnect_type })],
    });
  });

  it("sends errors, unknown messages and lines of any kind, and goes on", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "stream-error", afterRecords: 1 });
    simulator.stream.inject({ kind: "unknown-message", afterMs: MINUTE_MS / 4 });
    simulator.stream.inject({ kind: "raw-line", text: "<html>", afterMs: MINUTE_MS / 2 });
    await clock.run(MINUTE_MS);
    await client.until(() => client.lines.filter((line) => line !== "").length === 63);
    const others = client.lines.filter((line) => line !== "" && !line.startsWith('{"data"'));
    expect(others).toEqual([
      expect.stringContaining('{"errors":[{"title":"Internal Error"'),
      expect.stringContaining('{"system_notice":'),
      "<html>",
    ]);
  });

  it("falls silent: no posts, no heartbeats, no bill, and no end", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "silence", afterRecords: 5 });
    await clock.run(10 * MINUTE_MS);
    await client.received(5);
    expect(client.lines.filter((line) => line === "")).toEqual([]);
    expect(client.ids).toHaveLength(5);
    expect(client.ending).toBeUndefined();
    expect(simulator.ledger.report().posts).toBe(5);
    expect(simulator.stream.liveCount).toBe(1);
  });

  it("holds posts back and sends them all at once", async () => {
    const { clock, connect, simulator } = await start({ heartbeatMs: 5000 });
    const client = await connect({ kind: "burst", heldMs: 40_000 });
    await clock.run(39_999);
    await client.until(() => client.text.length >= 14);
    expect(client.ids).toEqual([]);
    expect(simulator.ledger.report().posts).toBe(0);
    await clock.run(1);
    expect(simulator.ledger.report().posts).toBeGreaterThan(30);
    await clock.run(MINUTE_MS);
    await client.received(60);
    expect(client.ids).toEqual(oldestFirst(simulator));
  });

  it("cuts chunks at every byte, also inside characters", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "split-bytes" });
    await clock.run(MINUTE_MS);
    await client.until(() => client.lines.length === 63);
    expect(client.chunks.every(({ length }) => length === 1)).toBe(true);
    expect(client.chunks.some((chunk) => chunk.toString("utf8").includes("\ufffd"))).toBe(true);
    expect(client.ids).toEqual(oldestFirst(simulator));
  });

  it("writes slowly, in simulated time", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "slow-writer", pieceBytes: 16, pauseMs: 1000 });
    await clock.run(MINUTE_MS);
    await client.until(() => client.text.length > 100);
    expect(client.text.length).toBeLessThan(16 * 61);
    expect(simulator.ledger.report().posts).toBe(60);
  });

  it("ends lines with \\n alone", async () => {
    const { clock, connect } = await start();
    const client = await connect({ kind: "bare-newlines" });
    await clock.run(MINUTE_MS);
    await client.until(() => client.lines.length === 63);
    expect(client.text).not.toContain("\r");
  });

  it("sends a record of megabytes", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "oversize-post", bytes: 5_000_000, afterRecords: 1 });
    await clock.run(10_000);
    await client.received(5);
    const sizes = client.lines.map((line) => line.length);
    expect(sizes.filter((size) => size > 5_000_000)).toHaveLength(1);
    expect(client.ids).toEqual(oldestFirst(simulator).slice(0, client.ids.length));
  });

  it("sends posts twice, and bills them once a day", async () => {
    const { clock, connect, simulator } = await start();
    const client = await connect({ kind: "duplicate", records: 2 });
    await clock.run(MINUTE_MS);
    await client.received(62);
    const [first, second] = oldestFirst(simulator);
    expect(client.ids.slice(0, 4)).toEqual([first, first, second, second]);
    expect(simulator.ledger.report()).toMatchObject({ posts: 62, billedPosts: 60, repeatedPosts: 2 });
  });

  it("leaves a ghost that X counts for a while", async () => {
    const { clock, connect, simulator } = await start({ ghostMs: 0 });
    const client = await connect({ kind: "ghost", lingerMs: 5000 });
    client.close();
    await client.until(() => simulator.stream.liveCount === 0);
    expect((await connect()).status).toBe(429);
    clock.advance(5000);
    expect((await connect()).status).toBe(200);
  });

  it("leaves a ghost of every connection where that is X's habit", async () => {
    const { clock, connect } = await start({ ghostMs: 10_000 });
    await (await connect({ kind: "close" })).ended();
    expect((await connect()).status).toBe(429);
    clock.advance(10_000);
    expect((await connect()).status).toBe(200);
  });

  it("changes the rules, as another program would", async () => {
    const { clock, connect, simulator } = await start();
    const change = { kind: "rules-changed", delete: "all", add: [{ value: "dogs", tag: "theirs" }] } as const;
    const client = await connect({ ...change, afterRecords: 10 });
    await clock.run(MINUTE_MS);
    await client.received(60);
    const tags = client.records.map(({ matching_rules: [rule] = [] }) => rule?.tag);
    expect(tags).toEqual([...Array(10).fill(undefined), ...Array(50).fill("theirs")]);
    expect(simulator.stream.rules.list()).toMatchObject([{ value: "dogs" }]);
  });

  it("ends the stream of a client that does not read", async () => {
    const { clock, connect, simulator } = await start({ maxBufferedBytes: 1_000_000 });
    const client = await connect({ kind: "oversize-post", bytes: 1_000_000, records: 60 });
    client.response.pause();
    await clock.run(MINUTE_MS);
    expect(simulator.stream.liveCount).toBe(0);
    expect(simulator.stream.connections.list()[0]?.disconnectReason).toBe("client too slow");
    expect(simulator.ledger.report().posts).toBeLessThan(60);
  });

  it.each<InStreamFault>([
    { kind: "cut-record", atByte: 50, afterRecords: 2 },
    { kind: "operational-disconnect", afterRecords: 2 },
    { kind: "split-bytes" },
    { kind: "bare-newlines" },
  ])("%j works on a compressed stream too", async (fault) => {
    const { clock, simulator, url } = await start();
    simulator.stream.faults.enqueue(fault);
    const client = await StreamClient.connect(url, {}, { "accept-encoding": "gzip" });
    opened.push(client);
    await clock.run(MINUTE_MS);
    const ends = fault.kind === "cut-record" || fault.kind === "operational-disconnect";
    await (ends ? client.ended() : client.received(60));
    const expected = oldestFirst(simulator).slice(0, ends ? 2 : 60);
    expect(client.ids).toEqual(expected);
    // The last bytes can still be in the decoder.
    if (fault.kind === "cut-record") await client.until(() => Buffer.byteLength(rest(client)) === 50);
  });
});

describe("faults over HTTP", () => {
  it("are planned for connections, and injected into those that are open", async () => {
    const { simulator, url, connect } = await start();
    const post = (path: string, body: string) =>
      fetch(`${url}/__simulator/${path}`, { method: "POST", body });
    await post("stream/faults", '{"queue":[{"kind":"server-error"}]}');
    expect((await connect()).status).toBe(503);
    const client = await connect();
    expect((await post("stream/inject", '{"queue":[{"kind":"close"}]}')).status).toBe(200);
    await client.ended();
    await post("rules/faults", '{"queue":[{"kind":"server-error","status":500}]}');
    const rules = await fetch(`${url}/2/tweets/search/stream/rules`, {
      headers: { authorization: "Bearer t" },
    });
    expect(rules.status).toBe(500);
    const refused = await post("stream/faults", '{"queue":[{"kind":"earthquake"}]}');
    expect(await refused.json()).toEqual({ message: expect.stringContaining(STREAM_FAULT_KINDS.join(", ")) });
    expect((await post("stream/inject", '{"queue":[{"kind":"server-error"}]}')).status).toBe(400);
    const ledger = await (await fetch(`${url}/__simulator/ledger`)).json();
    expect(ledger).toMatchObject({ streamFaults: { injected: { "server-error": 1 } }, liveStreams: 0 });
    expect(simulator.stream.liveCount).toBe(0);
  });
});
