import { createServer } from "node:http";
import { ConfigError } from "../../../src/loop/errors";
import { StatusServer } from "../../../src/status/http/server";
import type { StatusTracker } from "../../../src/status/tracker";
import { caughtUp, delivered, LIMIT_REACHED, pass, RETRYING, STORE_RETRYING, waiting } from "../events";
import { CATS, memoryLogger, NOON, scrub, TOKEN, tracker } from "../helpers";

const HOST = "127.0.0.1";

interface Running {
  readonly server: StatusServer;
  readonly status: StatusTracker;
  readonly url: string;
}

const running: StatusServer[] = [];

async function serve(status = tracker()): Promise<Running> {
  const server = new StatusServer({ status: () => status.snapshot(), scrub, logger: memoryLogger().logger });
  running.push(server);
  return { server, status, url: `http://${HOST}:${await server.listen(0, HOST)}` };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

describe("status server", () => {
  it("is healthy, not yet ready, before anything was read", async () => {
    const { url } = await serve();
    const health = await fetch(`${url}/healthz`);
    const readiness = await fetch(`${url}/readyz`);
    expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ status: "ok" })]);
    expect([readiness.status, await readiness.json()]).toEqual([
      503,
      { ready: false, reason: "Starting", detail: "Nothing has been read yet." },
    ]);
  });

  it("becomes ready with the first delivery and stops being it while delivery fails", async () => {
    const { url, status } = await serve();
    pass((event) => status.apply(event), delivered(NOON, 1));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    status.apply(RETRYING);
    const failing = await fetch(`${url}/readyz`);
    expect([failing.status, await failing.json()]).toEqual([
      503,
      expect.objectContaining({ reason: "Delivery is failing" }),
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it.each([
    ["a limit", LIMIT_REACHED],
    ["used-up credit", waiting(NOON, "credits_depleted")],
    ["X's cap", waiting(NOON, "usage_cap")],
    ["refused delivery", { ...RETRYING, code: "AccessDeniedException" }],
    ["a store that does not answer", STORE_RETRYING],
  ])("is unready, and stays healthy, at %s", async (_what, event) => {
    const { url, status } = await serve();
    status.apply(caughtUp(NOON));
    status.apply(event);
    const answers = await Promise.all(["readyz", "healthz"].map((path) => fetch(`${url}/${path}`)));
    expect(answers.map((answer) => answer.status)).toEqual([503, 200]);
  });

  it("stays ready while it waits for a rate limit", async () => {
    const { url, status } = await serve();
    status.apply(caughtUp(NOON));
    status.apply(waiting(NOON));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it("is unhealthy once the loop is dead", async () => {
    const { url, status } = await serve();
    status.failed("a bug");
    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([
      503,
      { status: "failed", state: "Stopped by an error", detail: "a bug" },
    ]);
  });

  it("gives Prometheus its text", async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect(await response.text()).toContain('ingester_query_holes_open{query="cats"} 0\n');
  });

  it("gives the whole status as JSON", async () => {
    const { url, status } = await serve();
    const response = await fetch(`${url}/status.json`);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(status.snapshot())));
  });

  it.each(["/status.json", "/metrics"])("writes no secret into %s", async (path) => {
    const { url, status } = await serve(tracker({ queries: [{ ...CATS, name: TOKEN, query: TOKEN }] }));
    status.apply({ ...waiting(NOON), message: `Bearer ${TOKEN}` });
    const text = await (await fetch(`${url}${path}`)).text();
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("secret");
  });

  it("serves the page so that it can neither load anything nor be framed or cached", async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/?from=bookmark`);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(headers["content-security-policy"]).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
    );
    expect(await response.text()).not.toMatch(/(?:src|href)="(?!\/(?:status\.json|metrics|healthz|readyz)")/);
  });

  it("answers HEAD like GET without a body", async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/healthz`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(0);
  });

  it("knows no other paths", async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/nothing/here`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: "Not found", paths: ["/", "/healthz", "/readyz", "/status.json", "/metrics"] },
    ]);
  });

  it.each(["POST", "PUT", "DELETE"])("refuses %s", async (method) => {
    const { url } = await serve();
    const response = await fetch(`${url}/status.json`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("answers 500 and goes on when the status cannot be read", async () => {
    const { logger, output } = memoryLogger();
    const status = () => {
      throw new Error(`the ledger broke: ${TOKEN}`);
    };
    const server = new StatusServer({ status, scrub, logger });
    running.push(server);
    const url = `http://${HOST}:${await server.listen(0, HOST)}`;
    const [first, second] = [await fetch(`${url}/`), await fetch(`${url}/healthz`)];
    expect([first.status, second.status]).toEqual([500, 500]);
    expect(await first.text()).not.toContain("ledger");
    expect(output.lines[0]).toMatchObject({ level: "warn", event: "status_request_failed" });
    expect(output.written.join("")).not.toContain("secret");
  });

  it("names HTTP_PORT, what was given and the fix when the port is taken", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    const error = await failureToListen(port, HOST);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`HTTP_PORT cannot be used, got ${port}: another process listens on it.`);
    expect(String(error)).toContain("set 0 to run without the status page");
  });

  it.each([
    ["is no address of this machine", "192.0.2.1"],
    ["is no address at all", "not-a-host.invalid"],
  ])("names HTTP_HOST, what was given and the fix when it %s", async (_what, host) => {
    const error = await failureToListen(0, host);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`HTTP_HOST cannot be used, got "${host}": `);
    expect(String(error)).toContain("Set an address of this machine, such as 127.0.0.1, or 0.0.0.0");
  });

  it("listens at the address that it is given, and nowhere else", async () => {
    const { url } = await serve();
    const port = new URL(url).port;
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.2:${port}/healthz`)).rejects.toThrow();
  });

  it("closes at once although a connection is held open, and frees its port", async () => {
    const { server, url } = await serve();
    await fetch(`${url}/healthz`, { headers: { connection: "keep-alive" } });
    await server.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    const next = createServer();
    await new Promise<void>((resolve) => next.listen(Number(new URL(url).port), resolve));
    await new Promise((resolve) => next.close(resolve));
  });
});

/** The error of a second server that is to listen there. */
async function failureToListen(port: number, host: string): Promise<unknown> {
  const server = new StatusServer({
    status: () => tracker().snapshot(),
    scrub,
    logger: memoryLogger().logger,
  });
  running.push(server);
  return server.listen(port, host).catch((reason: unknown) => reason);
}
