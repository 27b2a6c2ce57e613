import { PassThrough } from "node:stream";
import type { Batch } from "../../../src/loop/ports";
import { StreamReader } from "../../../src/x/stream/reader";

const SECOND_MS = 1_000;
const START_MS = Date.parse("2026-11-23T12:00:00Z");

/** Time that moves when a test says so, and sleepers that wake up then. */
class ManualClock {
  ms = 0;
  private sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  now = () => START_MS + this.ms;
  elapsed = () => this.ms;
  uptime = () => this.ms;

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.sleepers.push({ atMs: this.ms + ms, wake });
      signal.addEventListener("abort", wake);
    });
  }

  /** In steps, as a process that runs sees it. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) await this.jump(Math.min(500, ms - passed));
  }

  /** At once, as a process sees it that did not run. */
  async jump(ms: number): Promise<void> {
    this.ms += ms;
    const due = this.sleepers.filter(({ atMs }) => atMs <= this.ms);
    this.sleepers = this.sleepers.filter(({ atMs }) => atMs > this.ms);
    for (const { wake } of due) wake();
    await settled();
  }
}

class Connection {
  readonly clock = new ManualClock();
  readonly body = new PassThrough();
  readonly reader: StreamReader;
  isClosed = false;
  isComplete = false;
  private listener: (bytes: number) => void = () => undefined;
  private ids = 0;

  constructor({ bufferBytes = 64 << 20, allowed = 1_000_000 } = {}) {
    const opened = {
      headers: {},
      body: this.body,
      onBytes: (listener: (bytes: number) => void) => {
        this.listener = listener;
      },
      isComplete: () => this.isComplete,
      close: () => {
        this.isClosed = true;
      },
    };
    const { clock } = this;
    this.body.on("error", () => undefined);
    const rules = [{ rule: "r", value: "cats", tag: "pets" }];
    const tags = new Map([["1", "pets"]]);
    this.reader = new StreamReader({
      ...{ opened, clock, rules, tags, bufferBytes, allowed },
      now: clock.now,
      onReceived: () => undefined,
    });
  }

  async send(text: string): Promise<void> {
    this.listener(text.length);
    this.body.write(text);
    await settled();
  }

  async posts(count: number, padding = ""): Promise<void> {
    const line = () => {
      this.ids += 1;
      return `{"data":{"id":"${1_000 + this.ids}","text":"x${padding}"},"matching_rules":[{"id":"1","tag":"at X"}]}\r\n`;
    };
    await this.send(Array.from({ length: count }, line).join(""));
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** The batch, if it is due already. */
async function due(batch: Promise<Batch>): Promise<Batch | undefined> {
  return Promise.race([batch, settled().then(() => undefined)]);
}

describe("a connection's batches", () => {
  it("come a second after their first post", async () => {
    const connection = new Connection();
    const batch = connection.reader.next();
    await connection.posts(3);
    await connection.clock.pass(900);
    expect(await due(batch)).toBeUndefined();
    await connection.clock.pass(100);
    const { page, lines, heardMs } = await batch;
    expect(page.posts.map(({ id }) => id)).toEqual(["1001", "1002", "1003"]);
    expect(page.billed).toEqual({ posts: 3 });
    expect(lines[0]?.matchingRules).toEqual([{ id: "1", tag: "pets" }]);
    expect(heardMs).toBe(START_MS);
  });

  it("come at once when they are full", async () => {
    const connection = new Connection();
    const batch = connection.reader.next();
    await connection.posts(1_000);
    expect((await due(batch))?.page.posts).toHaveLength(1_000);
  });

  it("say every 10 s what has been heard where no post comes", async () => {
    const connection = new Connection();
    const batch = connection.reader.next();
    await connection.clock.pass(5 * SECOND_MS);
    await connection.send("\r\n");
    await connection.clock.pass(5 * SECOND_MS);
    expect(await batch).toMatchObject({ lines: [], heardMs: START_MS + 5 * SECOND_MS });
  });

  it("hold messages of an unknown kind as lines, and count them", async () => {
    const connection = new Connection();
    const batch = connection.reader.next();
    await connection.send('{"hello":"world"}\r\nno json\r\n');
    await connection.clock.pass(SECOND_MS);
    expect(await batch).toMatchObject({ unknown: 2, page: { posts: [] } });
    expect((await batch).lines).toHaveLength(2);
  });

  it.each([
    ["without an id", '{"data":{"text":"hello"}}'],
    ["with a number for its id", '{"data":{"id":7,"text":"hello"}}'],
    ["in a list", '{"data":[{"text":"hello"}]}'],
  ])("hold a post %s as a line that was bought, and go on", async (_, text) => {
    const connection = new Connection();
    const batch = connection.reader.next();
    await connection.send(`${text}\r\n`);
    await connection.posts(1);
    await connection.clock.pass(SECOND_MS);
    const { page, lines } = await batch;
    expect(lines.map(({ post }) => post.id)).toEqual([expect.stringMatching(/^no-id-/), "1001"]);
    expect(page.billed).toMatchObject({ posts: 2 });
    expect(connection.isClosed).toBe(false);
  });
});

describe("the end of a connection", () => {
  async function endOf(
    act: (connection: Connection) => Promise<void>,
    options = {},
  ): Promise<{ readonly batch: Batch; readonly kind: string | undefined; readonly connection: Connection }> {
    const connection = new Connection(options);
    await act(connection);
    let batch = await connection.reader.next();
    while (batch.end === undefined) batch = await connection.reader.next();
    return { batch, kind: connection.reader.disconnection, connection };
  }

  it("is clean where X has sent everything", async () => {
    const { batch, kind } = await endOf(async (connection) => {
      await connection.posts(2);
      connection.isComplete = true;
      connection.body.end();
      await settled();
    });
    expect(batch).toMatchObject({ end: { onTheWay: 0 }, page: { posts: [{}, {}] } });
    expect(kind).toBe("closed");
  });

  it("leaves posts on their way where it broke", async () => {
    const { batch, kind } = await endOf(async (connection) => {
      await connection.posts(2);
      connection.body.destroy(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
      await settled();
    });
    expect(batch.end).toEqual({ reason: "the connection broke (ECONNRESET)", onTheWay: 20 });
    expect(kind).toBe("closed");
  });

  it("is a failure of the network where it carried nothing", async () => {
    const { kind } = await endOf(async (connection) => {
      connection.isComplete = true;
      connection.body.end();
      await settled();
    });
    expect(kind).toBe("network");
  });

  it("comes after 22 s of silence", async () => {
    const connection = new Connection();
    const reading = connection.reader.next().then(() => connection.reader.next());
    const last = reading.then(() => connection.reader.next());
    await connection.clock.pass(21 * SECOND_MS);
    expect(connection.isClosed).toBe(false);
    await connection.clock.pass(SECOND_MS);
    expect(connection.isClosed).toBe(true);
    expect((await last).end?.reason).toBe("nothing came for 22 s");
  });

  it.each(["UpstreamOperationalDisconnect", "OperationalDisconnect"])(
    "is announced by X as %s, which is a refusal",
    async (disconnect_type) => {
      const { kind, connection } = await endOf(async (one) => {
        const error = { title: "operational-disconnect", disconnect_type, detail: "for operational reasons" };
        await one.send(`${JSON.stringify({ errors: [error] })}\r\n`);
      });
      expect([kind, connection.isClosed]).toEqual(["refused", true]);
    },
  );

  it("comes on purpose where more is held than the buffer takes", async () => {
    const { batch } = await endOf((connection) => connection.posts(40, "y".repeat(1_000)), {
      bufferBytes: 20_000,
    });
    expect(batch.end?.reason).toContain("STREAM_BUFFER_MIB");
    // What has arrived has been paid for.
    expect(batch.page.posts).toHaveLength(40);
  });

  it("comes so early that the limit holds for what is on its way", async () => {
    const { batch } = await endOf((connection) => connection.posts(30), { allowed: 120 });
    // 30 in a second: three seconds more of these can come.
    expect([batch.page.posts.length, batch.end?.onTheWay]).toEqual([30, 90]);
  });
});

describe("a process that is slower than X", () => {
  /** A record of a post that was made so long after the start. */
  const madeAt = (ms: number) => {
    const id = BigInt(START_MS + ms - 1_288_834_974_657) << 22n;
    return `{"data":{"id":"${id}","text":"x"},"matching_rules":[]}\r\n`;
  };

  it("has heard no more than the posts say that it has read", async () => {
    const connection = new Connection();
    // For half a minute records come without a pause, each read a second later than the one before.
    for (let second = 0; second < 30; second += 1) {
      await connection.send(madeAt(second * 500));
      await connection.clock.pass(500);
      await connection.send(madeAt(second * 500 + 250));
      await connection.clock.pass(500);
    }
    connection.reader.close("stopped");
    const { heardMs } = await connection.reader.next();
    expect(heardMs).toBe(START_MS + 29 * 500 + 250 + 3_000);
  });

  it("has heard everything while it keeps up", async () => {
    const connection = new Connection();
    for (let ms = 0; ms < 10_000; ms += 500) {
      await connection.send(madeAt(ms - 1_000));
      await connection.clock.pass(500);
    }
    connection.reader.close("stopped");
    expect((await connection.reader.next()).heardMs).toBe(START_MS + 9_500);
  });
});

describe("a process that stood still", () => {
  /** For 15 s, after one post. */
  async function stoodStill(): Promise<Connection> {
    const connection = new Connection();
    await connection.posts(1);
    await connection.clock.pass(2 * SECOND_MS);
    await connection.reader.next();
    await connection.clock.jump(15 * SECOND_MS);
    return connection;
  }

  it("does not say that it has heard what may not have been sent", async () => {
    const connection = await stoodStill();
    // Of the bytes that lay in the socket, the age is not known.
    await connection.posts(1);
    connection.body.destroy(new Error("gone"));
    await settled();
    const { page, heardMs, end } = await connection.reader.next();
    expect([page.posts.length, end !== undefined]).toEqual([1, true]);
    expect(heardMs).toBeLessThanOrEqual(START_MS + 3 * SECOND_MS);
  });

  it("does not take for new what did not fit into the socket and follows seconds later", async () => {
    const connection = await stoodStill();
    await connection.posts(1);
    await connection.clock.pass(5 * SECOND_MS);
    await connection.posts(1);
    connection.body.destroy(new Error("gone"));
    await settled();
    expect((await connection.reader.next()).heardMs).toBeLessThanOrEqual(START_MS + 3 * SECOND_MS);
  });

  it("has heard everything again once bytes come at their time", async () => {
    const connection = new Connection();
    await connection.clock.jump(15 * SECOND_MS);
    await connection.send("\r\n");
    await connection.clock.pass(15 * SECOND_MS);
    await connection.send("\r\n");
    await connection.clock.pass(16 * SECOND_MS);
    await connection.send("\r\n");
    const batch = connection.reader.next();
    await connection.clock.pass(10 * SECOND_MS);
    expect((await batch).heardMs).toBe(START_MS + 46 * SECOND_MS);
  });
});
