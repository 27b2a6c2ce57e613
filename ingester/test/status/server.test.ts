import { createServer } from "node:http";
import { ConfigError } from "../../src/errors";
import { StatusServer } from "../../src/status/server";
import type { StatusTracker } from "../../src/status/state";
import {
  delivered,
  MONEY,
  memoryLogger,
  NOON,
  pass,
  RETRYING,
  scrub,
  TOKEN,
  tracker,
  waiting,
} from "./helpers";

interface Running {
  readonly server: StatusServer;
  readonly status: StatusTracker;
  readonly url: string;
}

const running: StatusServer[] = [];

async function serve(status = tracker()): Promise<Running> {
  const server = new StatusServer({ status: () => status.snapshot(), scrub, logger: memoryLogger().logger });
  running.push(server);
  return { server, status, url: `http://127.0.0.1:${await server.listen(0)}` };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Samples of Prometheus text: name with labels to value. */
function parseMetrics(text: string): ReadonlyMap<string, number> {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const match = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line);
      if (match?.[1] === undefined) throw new Error(`no sample: ${line}`);
      return [match[1], Number(match[2])];
    }),
  );
}

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

  it("stays healthy while it pauses at a limit or waits for X", async () => {
    const { url, status } = await serve();
    status.apply({ type: "limit_reached", limit: "MONTHLY_POST_LIMIT", renewsAtMs: MONEY.cycleEndMs });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    status.apply(waiting(NOON, true));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
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

  it("gives Prometheus the figures of the status", async () => {
    const { url, status } = await serve();
    pass(
      (event) => status.apply(event),
      delivered(NOON - 5_000, 3, { receipt: { records: 2, bytes: 6_000, deadLetters: 1 } }),
    );
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const metrics = parseMetrics(await response.text());
    expect(Object.fromEntries(metrics)).toMatchObject({
      ingester_posts_read_total: 3,
      ingester_posts_delivered_total: 3,
      ingester_dead_letters_total: 1,
      ingester_firehose_requests_total: 1,
      ingester_firehose_records_total: 2,
      ingester_firehose_bytes_total: 6_000,
      ingester_gaps_total: 0,
      ingester_ready: 1,
      ingester_caught_up: 0,
      ingester_spent_usd: 12.34,
      ingester_left_usd: 37.66,
      ingester_budget_used_ratio: 0.2468,
      'ingester_state{state="reading"}': 1,
      'ingester_state{state="caught_up"}': 0,
    });
    expect(metrics.get("ingester_lag_seconds")).toBeCloseTo(5, 1);
    expect(metrics.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);
    expect(metrics.get("process_cpu_seconds_total")).toBeGreaterThan(0);
  });

  it("counts on from scrape to scrape, and leaves out what is not known", async () => {
    const { url, status } = await serve(tracker({ money: undefined }));
    const scrape = async () => parseMetrics(await (await fetch(`${url}/metrics`)).text());
    pass((event) => status.apply(event), delivered(NOON, 3));
    await scrape();
    pass((event) => status.apply(event), delivered(NOON, 4));
    const metrics = await scrape();
    expect(metrics.get("ingester_posts_read_total")).toBe(7);
    expect([...metrics.keys()].filter((name) => /usd|left|budget|last_error/.test(name))).toEqual([]);
  });

  it("gives the whole status as JSON, without secrets", async () => {
    const { url, status } = await serve();
    status.resumed({ sinceId: "1", gaps: [{ afterId: "1", beforeId: "2", reason: TOKEN, recordedAt: "" }] });
    const response = await fetch(`${url}/status.json`);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const text = await response.text();
    expect(text).not.toContain("secret");
    expect(JSON.parse(text)).toMatchObject({
      headline: "Starting",
      checkpointKey: "search:cats",
      money: { spentUsd: 12.34 },
      checkpoint: { sinceId: "1", gaps: [{ reason: "[redacted]" }] },
    });
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
      throw new Error(`the meter broke: ${TOKEN}`);
    };
    const server = new StatusServer({ status, scrub, logger });
    running.push(server);
    const url = `http://127.0.0.1:${await server.listen(0)}`;
    const [first, second] = [await fetch(`${url}/`), await fetch(`${url}/healthz`)];
    expect([first.status, second.status]).toEqual([500, 500]);
    expect(await first.text()).not.toContain("meter");
    expect(output.lines[0]).toMatchObject({ level: "warn", event: "status_request_failed" });
    expect(output.written.join("")).not.toContain("secret");
  });

  it("names HTTP_PORT, what was given and the fix when the port is taken", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    const { logger } = memoryLogger();
    const second = new StatusServer({ status: () => tracker().snapshot(), scrub, logger });
    const error = await second.listen(port).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`HTTP_PORT cannot be used, got ${port}: another process listens on it.`);
    expect(String(error)).toContain("set 0 to run without the status page");
    await second.close();
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
