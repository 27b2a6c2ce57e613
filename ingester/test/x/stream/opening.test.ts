/** Opening a connection that does not end, over real HTTP. */
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { openStream } from "../../../src/x/stream/opening";
import { TransportError } from "../../../src/x/transport";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function open(
  listener: RequestListener,
  { timeoutMs = 5_000, signal = new AbortController().signal } = {},
) {
  const one = createServer(listener).listen(0, "127.0.0.1");
  server = one;
  await new Promise((done) => one.once("listening", done));
  const { port } = one.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}`;
  return openStream({ apiUrl, bearerToken: "t", path: "stream", params: { a: "b c" }, timeoutMs, signal });
}

describe("a stream", () => {
  it("is opened with the token, and its bytes flow as they come", async () => {
    const asked: unknown[] = [];
    const outcome = await open(({ url, headers }, response) => {
      asked.push(url, headers.authorization);
      response.writeHead(200, { "content-type": "application/json" });
      response.write("one\r\n");
    });
    if (!("opened" in outcome)) throw new Error("it was refused");
    const [chunk] = await new Promise<readonly Buffer[]>((done) => {
      outcome.opened.body.once("data", (...args: readonly Buffer[]) => done(args));
    });
    expect([String(chunk), asked]).toEqual(["one\r\n", ["/2/stream?a=b+c", "Bearer t"]]);
    outcome.opened.close();
  });

  it("is decompressed, and says whether it was received to its end", async () => {
    const outcome = await open((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("packed\r\n"));
    });
    if (!("opened" in outcome)) throw new Error("it was refused");
    const chunks = await outcome.opened.body.toArray();
    expect([Buffer.concat(chunks).toString(), outcome.opened.isComplete()]).toEqual(["packed\r\n", true]);
  });

  it.each<[string, number, string]>([
    ["a refusal of X", 429, "application/json"],
    ["a page of something in between", 503, "text/html"],
    ["a page with status 200", 200, "text/html; charset=utf-8"],
  ])("is not opened by %s, which is read to its end", async (_, status, type) => {
    const outcome = await open((__, response) => {
      response.writeHead(status, { "content-type": type }).end("why");
    });
    expect(outcome).toMatchObject({ refused: { status, data: Buffer.from("why") } });
  });

  it.each<[string, RequestListener, string]>([
    ["the connection breaks", ({ socket }) => void socket.destroy(), "broken"],
  ])("is not opened where %s", async (_, listener, failure) => {
    const error = await open(listener, { timeoutMs: 100 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ failure });
  });

  const stalledRefusal: RequestListener = (_, response) => {
    response.writeHead(503, { "content-type": "application/json" }).write("wh");
  };

  it.each<[string, RequestListener, number | undefined]>([
    ["no answer comes", () => undefined, undefined],
    ["a refusal stalls", stalledRefusal, 503],
  ])("is not opened where %s: in time, or once its process is to stop", async (_, listener, status) => {
    const late = await open(listener, { timeoutMs: 100 }).catch((reason: unknown) => reason);
    expect(late).toBeInstanceOf(TransportError);
    expect(late).toMatchObject({ failure: "timed_out", status });

    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 50);
    const stopped = await open(listener, { signal: stopping.signal }).catch((reason: unknown) => reason);
    expect(stopped).toMatchObject({ failure: "broken", status });
  });

  describe("through a proxy that takes a connection and says nothing", () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket));
    beforeAll(async () => {
      await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
      process.env.HTTPS_PROXY = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      delete process.env.HTTPS_PROXY;
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    it.each([
      ["in time", 100, 60_000, "timed_out"],
      ["once its process is to stop", 60_000, 100, "broken"],
    ])("is not opened: %s", async (_, timeoutMs, stopMs, failure) => {
      const stopping = new AbortController();
      setTimeout(() => stopping.abort(), stopMs).unref();
      const asked = { apiUrl: "https://x.invalid", bearerToken: "t", path: "stream", params: {} };
      const opening = openStream({ ...asked, timeoutMs, signal: stopping.signal });
      await expect(opening).rejects.toMatchObject({ failure });
    });
  });
});
