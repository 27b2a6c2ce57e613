import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as NetServer,
} from "node:net";
import tls from "node:tls";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { SourceError } from "../../src/loop/errors";
import { systemClock } from "../../src/runtime/clock";
import { VERSION } from "../../src/runtime/version";
import { MAX_BODY_BYTES } from "../../src/x/body";
import { XClient } from "../../src/x/client";
import { explained, XResponseError } from "../../src/x/errors";
import { selfSigned } from "../helpers/certificate";

let server: Server | undefined;

interface ClientOptions {
  readonly timeoutMs?: number;
  readonly host?: string;
}

async function clientOf(
  listener: RequestListener,
  { timeoutMs = 2_000, host = "127.0.0.1" }: ClientOptions = {},
): Promise<XClient> {
  server = createServer(listener).listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const apiUrl = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new XClient({ bearerToken: "secret-token", apiUrl, requestTimeoutMs: timeoutMs }, systemClock);
}

/** Answers one after the other; the last one again and again. */
function script(...answers: readonly Answer[]): RequestListener {
  let asked = 0;
  return (_request, response) => {
    const [status, body, headers = {}] = answers[Math.min(asked, answers.length - 1)] as Answer;
    asked += 1;
    response.writeHead(status, headers).end(body);
  };
}

type Answer = readonly [status: number, body: string | Buffer, headers?: Record<string, string>];

const PAGE = '{"data":[{"id":"1","text":"שלום 😀"}],"meta":{"result_count":1}}';
const UNAUTHORIZED = '{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}';
const HTML = "<html><head><title>Attention Required!</title></head></html>";

/** What the loop makes of the next request: "page", or the kind of the error. */
async function outcomeOf(client: XClient): Promise<string> {
  try {
    await explained(client.get("tweets/search/recent", {}), client.now());
    return "page";
  } catch (error) {
    return (error as SourceError).kind;
  }
}

async function failureOf(client: XClient): Promise<SourceError> {
  const error = await client.get("tweets/search/recent", {}).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

describe("XClient over plain HTTP", () => {
  it("sends the token and the parameters, and returns parsed JSON", async () => {
    const seen: { url?: string | undefined; authorization?: string | undefined } = {};
    const client = await clientOf((request, response) => {
      seen.url = request.url;
      seen.authorization = request.headers.authorization;
      response.setHeader("content-type", "application/json").end('{"meta":{"result_count":0}}');
    });
    const { body } = await client.get("tweets/search/recent", { query: "from:nasa 🚀", max_results: "10" });
    expect(body).toEqual({ meta: { result_count: 0 } });
    expect(seen.authorization).toBe("Bearer secret-token");
    expect(new URL(seen.url ?? "", "http://x").searchParams.get("query")).toBe("from:nasa 🚀");
    expect(seen.url).toMatch(/^\/2\/tweets\/search\/recent\?/);
  });

  it("keeps characters whole that arrive in two pieces", async () => {
    const whole = Buffer.from('{"meta":{},"data":[{"id":"1","text":"שלום 😀"}]}');
    const cut = whole.indexOf(Buffer.from("😀")) + 2;
    const client = await clientOf((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.write(whole.subarray(0, cut));
      setTimeout(() => response.end(whole.subarray(cut)), 30);
    });
    const { body } = await client.get("tweets/search/recent", {});
    expect(JSON.stringify(body)).toContain("שלום 😀");
  });

  it("hands the body of a refusal on, parsed", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(429, { "content-type": "application/problem+json", "x-rate-limit-remaining": "0" });
      response.end('{"title":"UsageCapExceeded"}');
    });
    const error = await client.get("tweets/search/recent", {}).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(XResponseError);
    expect((error as XResponseError).failure).toMatchObject({
      status: 429,
      body: { title: "UsageCapExceeded" },
    });
  });

  it("names itself and its version, and says which encodings it reads", async () => {
    let headers: IncomingHttpHeaders = {};
    const client = await clientOf((request, response) => {
      headers = request.headers;
      response.end("{}");
    });
    await client.get("tweets/search/recent", {});
    expect(headers["user-agent"]).toBe(`tweets-to-s3/${VERSION}`);
    expect(headers["accept-encoding"]).toBe("gzip, deflate, br");
  });

  it("reaches an IPv6 address", async () => {
    const client = await clientOf((_request, response) => response.end('{"a":1}'), { host: "::1" });
    expect((await client.get("tweets/search/recent", {})).body).toEqual({ a: 1 });
  });

  it.each<[string, RequestListener]>([
    [
      "is cut off",
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"data":[{"id":"1"},{"id":');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ["is no JSON", (_request, response) => response.end("<html>maintenance</html>")],
    ["never comes", () => undefined],
    ["is replaced by a reset", (request) => request.socket.destroy()],
  ])("counts a read as possibly billed when its answer %s", async (_name, listener) => {
    const error = await failureOf(await clientOf(listener, { timeoutMs: 300 }));
    expect(error).toMatchObject({ kind: "transient", mayBeBilled: true });
  });

  it("gives up on an answer that trickles in for longer than the timeout", async () => {
    const client = await clientOf(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
      { timeoutMs: 200 },
    );
    expect(await failureOf(client)).toMatchObject({ kind: "transient", mayBeBilled: true });
  });

  it("knows that a connection that was never made bought nothing", async () => {
    const client = await clientOf((_request, response) => response.end());
    await new Promise((done) => server?.close(done));
    const error = await failureOf(client);
    expect(error).toMatchObject({ kind: "unreachable", mayBeBilled: false });
    expect(error.message).toMatch(/X_API_URL: no connection to 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
  });

  it("never shows the token", async () => {
    const error = await failureOf(await clientOf((request) => request.socket.destroy()));
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain("secret-token");
  });
});

describe("bodies", () => {
  const codings: Readonly<Record<string, (text: string) => Buffer>> = {
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
  };

  it.each(Object.keys(codings))("compressed with %s are read", async (coding) => {
    const body = codings[coding]?.(PAGE) ?? Buffer.alloc(0);
    const client = await clientOf(script([200, body, { "content-encoding": coding }]));
    expect((await client.get("tweets/search/recent", {})).body).toEqual(JSON.parse(PAGE));
  });

  it.each<[string, Answer]>([
    ["deflated without zlib's frame", [200, deflateRawSync(PAGE), { "content-encoding": "deflate" }]],
    ["compressed twice", [200, brotliCompressSync(gzipSync(PAGE)), { "content-encoding": "gzip, br" }]],
    ["compressed, and not called so", [200, gzipSync(PAGE)]],
    ["called compressed, and not so", [200, PAGE, { "content-encoding": "gzip" }]],
    ["with a name in capitals", [200, gzipSync(PAGE), { "content-encoding": "GZIP" }]],
    ["with a byte order mark", [200, `\uFEFF${PAGE}`]],
    [
      "compressed, with a byte order mark",
      [200, gzipSync(`\uFEFF${PAGE}`), { "content-encoding": "x-gzip" }],
    ],
  ])("%s are read", async (_name, answer) => {
    const client = await clientOf(script(answer));
    expect((await client.get("tweets/search/recent", {})).body).toEqual(JSON.parse(PAGE));
  });

  it("of refusals are read as well", async () => {
    const client = await clientOf(
      script([401, gzipSync(`\uFEFF${UNAUTHORIZED}`), { "content-encoding": "gzip" }]),
    );
    expect(await outcomeOf(client)).toBe("access");
  });

  it.each<[string, Answer]>([
    ["cut inside the compressed data", [200, gzipSync(PAGE).subarray(0, 40), { "content-encoding": "gzip" }]],
    ["in an encoding that was not asked for", [200, Buffer.from([1, 2, 3]), { "content-encoding": "zstd" }]],
    ["of HTML", [200, HTML]],
    ["without a byte", [200, ""]],
  ])("%s may have been billed, and are asked for again", async (_name, answer) => {
    const client = await clientOf(script(answer));
    expect(await failureOf(client)).toMatchObject({ kind: "transient", mayBeBilled: true });
  });

  it.each<[string, RequestListener]>([
    [
      "on the wire",
      (_request, response) => {
        response.writeHead(200);
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, 32)));
        };
        response.on("drain", more);
        more();
      },
    ],
    [
      "once decompressed",
      script([200, gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1, 32)), { "content-encoding": "gzip" }]),
    ],
  ])("that outgrow the bound %s are refused, not kept", async (_name, listener) => {
    const client = await clientOf(listener, { timeoutMs: 20_000 });
    const error = await failureOf(client);
    expect(error).toMatchObject({ kind: "transient", mayBeBilled: true });
    expect(error.message).toMatch(/more than 33,554,432 bytes|larger than 33554432 bytes/);
  });
});

describe("who speaks", () => {
  it("a wrong token is final at the first request", async () => {
    expect(await outcomeOf(await clientOf(script([401, UNAUTHORIZED])))).toBe("access");
  });

  it.each<[string, Answer]>([
    ["401", [401, UNAUTHORIZED]],
    ["403", [403, '{"title":"Forbidden","type":"about:blank","status":403,"detail":"Forbidden"}']],
    ["404", [404, '{"title":"Not Found","type":"about:blank","status":404,"detail":"Not Found"}']],
    ["401 in an older form", [401, '{"errors":[{"code":89,"message":"Invalid or expired token"}]}']],
  ])("a single %s after a good answer is doubted, and final when it stays", async (_name, refusal) => {
    const client = await clientOf(script([200, PAGE], refusal, [200, PAGE], refusal));
    const outcomes: string[] = [];
    for (let n = 0; n < 9; n += 1) outcomes.push(await outcomeOf(client));
    expect(outcomes.slice(0, 7)).toEqual(["page", "transient", "page", ...Array(4).fill("transient")]);
    expect(["access", "invalid_request"]).toContain(outcomes[7]);
  });

  it.each<[string, Answer]>([
    ["a CDN's 403", [403, HTML]],
    ["an empty 401", [401, ""]],
    ["a proxy's 404", [404, "not found"]],
    ["a CDN's 520", [520, HTML]],
  ])("%s is never blamed on the token, not even at the first request", async (_name, answer) => {
    const client = await clientOf(script(answer));
    for (let n = 0; n < 7; n += 1) expect(await outcomeOf(client)).toBe("transient");
  });

  it("a clock in a foreign answer is not believed, X's own is", async () => {
    const date = { date: "Mon, 23 Nov 2020 12:00:00 GMT" };
    const client = await clientOf(script([503, HTML, date], [200, PAGE, date]));
    await outcomeOf(client);
    expect(Math.abs(client.now() - Date.now())).toBeLessThan(60_000);
    const { receivedAtMs } = await client.get("tweets/search/recent", {});
    expect(new Date(client.now()).getUTCFullYear()).toBe(2020);
    // X bills a post once per day of its own.
    expect(new Date(receivedAtMs).getUTCFullYear()).toBe(2020);
  });

  it.each([
    ["forward", 3 * 3_600_000],
    ["back", -3 * 3_600_000],
  ])("a clock that is set %s after X has answered does not move X's time", async (_name, byMs) => {
    const client = await clientOf(script([200, PAGE]));
    await outcomeOf(client);
    const before = client.now();
    const setClock = jest.spyOn(systemClock, "now").mockImplementation(() => Date.now() + byMs);
    try {
      expect(Math.abs(client.now() - before)).toBeLessThan(60_000);
    } finally {
      setClock.mockRestore();
    }
  });
});

describe("redirects", () => {
  it("are not followed, cost nothing, and name their target", async () => {
    const asked: (string | undefined)[] = [];
    const client = await clientOf((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(301, { location: "https://elsewhere.example/2/tweets/search/recent" }).end();
    });
    const error = await failureOf(client);
    expect(error).toMatchObject({ kind: "unreachable", mayBeBilled: false });
    expect(error.message).toContain(
      "301 on tweets/search/recent, a redirect to https://elsewhere.example/2/",
    );
    expect(error.message).toContain("set X_API_URL");
    expect(asked).toHaveLength(1);
  });

  it("between good answers pass", async () => {
    const client = await clientOf(script([200, PAGE], [302, "", { location: "/login" }], [200, PAGE]));
    const outcomes = [await outcomeOf(client), await outcomeOf(client), await outcomeOf(client)];
    expect(outcomes).toEqual(["page", "transient", "page"]);
  });
});

describe("requests at the same time", () => {
  it("do not end each other when one of them times out", async () => {
    const client = await clientOf((request, response) => {
      if (request.url?.includes("usage")) return;
      setTimeout(() => response.end(PAGE), 50);
    });
    const slow = client.get("usage/tweets", {}, { timeoutMs: 100 }).catch((error: unknown) => error);
    const page = client.get("tweets/search/recent", {});
    expect(await slow).toBeInstanceOf(SourceError);
    expect((await page).body).toEqual(JSON.parse(PAGE));
  });

  it("do not end each other when one of them waits in vain for the connection of a slow page", async () => {
    const client = await clientOf((_, response) => void setTimeout(() => response.end(PAGE), 300));
    const page = client.get("tweets/search/recent", {});
    const waiting = client.get("usage/tweets", {}, { timeoutMs: 100 }).catch((error: unknown) => error);
    expect(await waiting).toBeInstanceOf(SourceError);
    expect((await page).body).toEqual(JSON.parse(PAGE));
  });
});

describe("encrypted connections", () => {
  const { cert, key } = selfSigned();
  /** Between client and X: bytes of X are damaged while it says so. */
  let damages = false;
  let relay: NetServer;
  let x: SecureServer;
  let client: XClient;

  /** Only a variable that Node reads at its start could make it trust the certificate otherwise. */
  const trust = () => {
    const connectTo = tls.connect as (options: tls.ConnectionOptions) => tls.TLSSocket;
    const trusting = (options: tls.ConnectionOptions) => connectTo({ ...options, ca: cert });
    jest.spyOn(tls, "connect").mockImplementation(trusting as typeof tls.connect);
  };

  beforeEach(async () => {
    damages = false;
    x = createSecureServer({ cert, key }, (_, response) => void response.end(PAGE)).listen(0, "127.0.0.1");
    await once(x, "listening");
    relay = createTcpServer((socket) => {
      const onward = connect((x.address() as AddressInfo).port, "127.0.0.1");
      socket.pipe(onward).on("data", (chunk: Buffer) => {
        const at = chunk.length - 1;
        if (damages) chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
        socket.write(chunk);
      });
      for (const end of [socket, onward]) end.on("error", () => [socket.destroy(), onward.destroy()]);
    }).listen(0, "127.0.0.1");
    await once(relay, "listening");
    const apiUrl = `https://localhost:${(relay.address() as AddressInfo).port}`;
    client = new XClient({ bearerToken: "secret-token", apiUrl, requestTimeoutMs: 2_000 }, systemClock);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    client.abort();
    x.closeAllConnections();
    x.close();
    relay.close();
  });

  it("that break after the request hide an answer that may have been billed", async () => {
    trust();
    await client.get("tweets/search/recent", {});
    damages = true;
    const { message, mayBeBilled } = await failureOf(client);
    expect(message).toMatch(/^Reading tweets\/search\/recent at localhost:\d+: no whole answer \(ERR_SSL_/);
    expect(mayBeBilled).toBe(true);
  });

  it("that were never trusted bought nothing", async () => {
    const { message, mayBeBilled } = await failureOf(client);
    expect(message).toContain("no connection to localhost");
    expect(mayBeBilled).toBe(false);
  });

  it("that break during the handshake bought nothing", async () => {
    trust();
    damages = true;
    expect(await failureOf(client)).toMatchObject({ mayBeBilled: false });
  });
});

describe("changes", () => {
  /** Every request with its body, answered with one script. */
  async function recording(...answers: readonly Answer[]) {
    const seen: {
      method: string | undefined;
      url: string | undefined;
      headers: IncomingHttpHeaders;
      body: string;
    }[] = [];
    const answer = script(...answers);
    const client = await clientOf(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
    return { seen, client };
  }

  it("are sent as JSON with the token and the parameters, with POST and with DELETE", async () => {
    const { seen, client } = await recording([200, PAGE]);
    const body = { add: [{ value: "שלום 😀", tag: "a" }] };
    expect((await client.post("tweets/search/stream/rules", body, { dry_run: "true" })).body).toEqual(
      JSON.parse(PAGE),
    );
    await client.delete("connections", { uuids: ["1", "😀"] });
    await client.get("connections", { status: "active" });
    const headers = { authorization: "Bearer secret-token", "user-agent": `tweets-to-s3/${VERSION}` };
    const json = { ...headers, "content-type": expect.stringMatching(/^application\/json/) };
    expect(seen).toMatchObject([
      {
        method: "POST",
        url: "/2/tweets/search/stream/rules?dry_run=true",
        headers: json,
        body: JSON.stringify(body),
      },
      { method: "DELETE", url: "/2/connections", headers: json, body: '{"uuids":["1","😀"]}' },
      { method: "GET", url: "/2/connections?status=active", headers, body: "" },
    ]);
  });

  it.each<[string, RequestListener]>([
    ["never comes", () => undefined],
    ["is replaced by a reset", (request) => request.socket.destroy()],
    ["is no JSON", (_request, response) => response.end("<html>maintenance</html>")],
  ])("cost nothing, nor do lists of rules, when the answer %s", async (_name, listener) => {
    const client = await clientOf(listener, { timeoutMs: 300 });
    const rules = "tweets/search/stream/rules";
    const requests = [client.post(rules, {}), client.delete("connections", {}), client.get(rules, {})];
    for (const request of requests) {
      const error = await request.catch((cause: unknown) => cause);
      expect(error).toMatchObject({ kind: "transient", mayBeBilled: false });
    }
  });

  it("are classified as reads are", async () => {
    const { client } = await recording([401, UNAUTHORIZED], [503, HTML]);
    const kindOf = async (request: Promise<unknown>) =>
      explained(request, 0).catch((error: unknown) => (error as SourceError).kind);
    expect(await kindOf(client.post("tweets/search/stream/rules", {}))).toBe("access");
    expect(await kindOf(client.delete("connections", {}))).toBe("transient");
  });

  it("have a rate limit apart from that of reads of the same path", async () => {
    const used = { "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(Date.now() / 1_000 + 600) };
    const { client } = await recording([200, PAGE, used], [200, PAGE]);
    const rules = "tweets/search/stream/rules";
    await client.post(rules, {});
    expect((await client.get(rules, {})).body).toEqual(JSON.parse(PAGE));
    expect(await client.post(rules, {}).catch((error: unknown) => error)).toMatchObject({
      kind: "window_limit",
    });
  });
});

describe("proxies", () => {
  afterEach(() => {
    delete process.env.HTTPS_PROXY;
    delete process.env.HTTP_PROXY;
  });

  it("are asked for the connection to X, and named when they fail", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer().listen(0, "127.0.0.1");
    proxy.on("connect", (request, socket) => {
      asked.push(request.url);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n");
    });
    await once(proxy, "listening");
    process.env.HTTPS_PROXY = `http://user:pass%40word@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const options = { bearerToken: "secret-token", apiUrl: "https://x.invalid", requestTimeoutMs: 2_000 };
    const client = new XClient(options, systemClock);
    const error = await explained(client.get("tweets/search/recent", {}), 0).catch((cause: Error) => cause);
    proxy.close();
    expect(asked).toEqual(["x.invalid:443"]);
    expect(error).toMatchObject({
      kind: "transient",
      message: expect.stringMatching(/407.*Check HTTPS_PROXY/),
    });
    expect(String(error)).not.toMatch(/pass(%40|@)word/);
  });

  it("never see the token of a server on this machine", async () => {
    const client = await clientOf(script([200, PAGE]));
    process.env.HTTP_PROXY = "http://127.0.0.1:9";
    expect(await outcomeOf(client)).toBe("page");
  });
});
