/** Opening a connection that does not end, over real HTTP. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
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
    ["no answer comes in time", () => undefined, "timed_out"],
    ["the connection breaks", ({ socket }) => void socket.destroy(), "broken"],
  ])("is not opened where %s", async (_, listener, failure) => {
    const error = await open(listener, { timeoutMs: 100 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ failure });
  });

  it("is not opened once its process is to stop", async () => {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 50);
    await expect(open(() => undefined, { signal: stopping.signal })).rejects.toBeInstanceOf(TransportError);
  });
});
