import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SourceError } from "../../src/loop/errors";
import { systemClock } from "../../src/runtime/clock";
import { XClient } from "../../src/x/client";
import { XResponseError } from "../../src/x/errors";

let server: Server | undefined;

async function clientOf(listener: RequestListener, requestTimeoutMs = 2_000): Promise<XClient> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return new XClient(
    { bearerToken: "secret-token", apiUrl: `http://127.0.0.1:${port}`, requestTimeoutMs },
    systemClock,
  );
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
    const error = await failureOf(await clientOf(listener, 300));
    expect(error).toMatchObject({ kind: "transient", mayBeBilled: true });
  });

  it("gives up on an answer that trickles in for longer than the timeout", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    }, 200);
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
