import { request } from "node:http";
import { X_FAULT_KINDS, type XFault } from "../../x-simulator/faults/kinds";
import { XSimulator } from "../../x-simulator/x-simulator";
import { allIds, searchRecent } from "../helpers/x-client";

const simulator = new XSimulator({ posts: 300 });
let url = "";

beforeAll(async () => {
  ({ url } = await simulator.listen());
});
afterAll(() => simulator.close());

/** What a client sees of one search: chunks and whether the connection ended well. */
interface Raw {
  readonly status: number | undefined;
  readonly chunks: readonly Buffer[];
  readonly error: string | undefined;
}

/** A search on a connection of its own; gives up waiting after a moment. */
function rawSearch(timeoutMs = 300): Promise<Raw> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status: number | undefined;
    const done = (error?: string) => {
      outgoing.destroy();
      resolve({ status, chunks, error });
    };
    const outgoing = request(
      `${url}/2/tweets/search/recent?query=trains&max_results=50&post.fields=note_post`,
      { headers: { authorization: "Bearer test" }, agent: false },
      (response) => {
        status = response.statusCode;
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done());
        response.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    setTimeout(() => done("no answer"), timeoutMs).unref();
    outgoing.end();
  });
}

const text = ({ chunks }: Raw): string => Buffer.concat(chunks).toString("utf8");
const billed = (): number => simulator.ledger.report().posts;

describe("a planned fault", () => {
  it.each<[XFault, number, object]>([
    [{ kind: "rate-limit-window" }, 429, { title: "Too Many Requests" }],
    [{ kind: "one-per-second" }, 429, { title: "Too Many Requests" }],
    [{ kind: "usage-cap" }, 429, { title: "UsageCapExceeded", period: "Monthly" }],
    [{ kind: "credits-depleted" }, 402, { title: "CreditsDepleted" }],
    [
      { kind: "spending-limit" },
      403,
      { detail: expect.stringContaining("spending limit for this billing cycle") },
    ],
    [{ kind: "unauthorized" }, 401, { title: "Unauthorized" }],
    [{ kind: "client-forbidden" }, 403, { reason: "client-not-enrolled" }],
    [{ kind: "server-error" }, 503, { title: "Service Unavailable" }],
    [{ kind: "server-error", status: 500 }, 500, { title: "Internal Server Error" }],
    [{ kind: "server-error", status: 502 }, 502, { title: "Bad Gateway" }],
    [{ kind: "server-error", status: 504 }, 504, { title: "Gateway Timeout" }],
    [{ kind: "stale-since-id" }, 400, { errors: [{ parameters: { since_id: [""] } }] }],
    [{ kind: "expired-token" }, 400, { errors: [{ parameters: { next_token: [""] } }] }],
    [{ kind: "rejected-parameter" }, 400, { errors: [{ parameters: { "post.fields": [] } }] }],
    [{ kind: "invalid-query" }, 400, { errors: [{ parameters: { query: ["trains"] } }] }],
  ])("answers %j as X does, bills nothing, and is over", async (fault, status, body) => {
    const before = billed();
    simulator.faults.enqueue(fault);
    const met = await searchRecent(url);
    expect(met.status).toBe(status);
    expect(met.body).toMatchObject(body);
    expect(billed()).toBe(before);
    expect((await searchRecent(url)).status).toBe(200);
  });

  it("distinguishes a used-up window from a used-up second and from a used-up month by its headers", async () => {
    simulator.faults.enqueue(
      { kind: "rate-limit-window", resetSeconds: 60 },
      { kind: "one-per-second" },
      { kind: "usage-cap" },
    );
    const window = await searchRecent(url);
    const second = await searchRecent(url);
    const month = await searchRecent(url);
    expect(window.headers.get("x-rate-limit-remaining")).toBe("0");
    expect(Number(window.headers.get("x-rate-limit-reset"))).toBeGreaterThan(Date.now() / 1000 + 50);
    expect(Number(second.headers.get("x-rate-limit-remaining"))).toBeGreaterThan(0);
    expect(Number(month.headers.get("x-rate-limit-remaining"))).toBeGreaterThan(0);
  });

  it.each<[XFault, string]>([
    [{ kind: "reset" }, "ECONNRESET"],
    [{ kind: "hang" }, "no answer"],
  ])("%j gives no answer and bills nothing", async (fault, error) => {
    const before = billed();
    simulator.faults.enqueue(fault);
    expect(await rawSearch()).toMatchObject({ status: undefined, error });
    expect(billed()).toBe(before);
  });

  it.each<[XFault, string]>([
    [{ kind: "truncated-body" }, "ECONNRESET"],
    [{ kind: "truncated-body", share: 0.9 }, "ECONNRESET"],
    [{ kind: "stalled-body" }, "no answer"],
  ])("%j breaks off a success, which is billed and noted as cut", async (fault, error) => {
    const before = simulator.ledger.report();
    simulator.faults.enqueue(fault);
    const met = await rawSearch();
    const after = simulator.ledger.report();
    expect(met).toMatchObject({ status: 200, error });
    expect(() => JSON.parse(text(met))).toThrow();
    expect(text(met)).toMatch(/^\{"data":\[\{"id":/);
    expect(after.posts - before.posts).toBe(50);
    expect(after.cutPosts - before.cutPosts).toBe(50);
  });

  it.each([200, 503] as const)("non-json answers HTML with status %i and bills nothing", async (status) => {
    const before = billed();
    simulator.faults.enqueue({ kind: "non-json", status });
    const met = await rawSearch();
    expect(met.status).toBe(status);
    expect(text(met)).toContain("<html>");
    expect(billed()).toBe(before);
  });

  it("empty-body and redirect answer without X, and bill nothing", async () => {
    const before = billed();
    simulator.faults.enqueue({ kind: "empty-body", status: 403 }, { kind: "redirect" });
    expect(await rawSearch()).toMatchObject({ status: 403, chunks: [] });
    expect(await rawSearch()).toMatchObject({ status: 302, chunks: [] });
    expect(billed()).toBe(before);
  });

  it("day-limit refuses although the window has requests", async () => {
    simulator.faults.enqueue({ kind: "day-limit" });
    const { status, headers } = await searchRecent(url);
    expect(status).toBe(429);
    expect(headers.get("x-app-limit-24hour-remaining")).toBe("0");
    expect(headers.get("x-rate-limit-remaining")).not.toBe("0");
  });

  it.each(["gzip", "deflate", "br"] as const)(
    "compressed encodes a whole page with %s after a byte order mark",
    async (encoding) => {
      const before = billed();
      simulator.faults.enqueue({ kind: "compressed", encoding });
      const response = await fetch(`${url}/2/tweets/search/recent?query=cats&max_results=10`, {
        headers: { authorization: "Bearer t" },
      });
      expect(response.headers.get("content-encoding")).toBe(encoding);
      expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(10);
      expect(billed()).toBe(before + 10);
    },
  );

  it("split-utf8 ends chunks inside characters and still delivers the whole page", async () => {
    simulator.faults.enqueue({ kind: "split-utf8" });
    const met = await rawSearch(2000);
    const broken = met.chunks.filter((chunk) => chunk.toString("utf8").includes("\ufffd"));
    expect(broken.length).toBeGreaterThan(2);
    expect(JSON.parse(text(met)).data).toHaveLength(50);
  });

  it("slow answers in full, later", async () => {
    simulator.faults.enqueue({ kind: "slow", milliseconds: 30 });
    expect((await searchRecent(url)).body.data).toHaveLength(10);
  });

  it("empty-page carries a token that leads to the posts it left out", async () => {
    simulator.faults.enqueue({ kind: "empty-page" });
    const empty = await searchRecent(url, { max_results: 10 });
    const next = await searchRecent(url, { max_results: 10, next_token: empty.body.meta?.next_token ?? "" });
    expect(empty.body).toEqual({ meta: { result_count: 0, next_token: expect.any(String) } });
    expect(next.body.data?.map(({ id }) => id)).toEqual(allIds(simulator).slice(0, 10));
  });

  it("empty-page in the middle of a pagination loses nothing", async () => {
    const first = await searchRecent(url, { max_results: 20 });
    simulator.faults.enqueue({ kind: "empty-page" });
    const empty = await searchRecent(url, { max_results: 20, next_token: first.body.meta?.next_token ?? "" });
    const next = await searchRecent(url, { max_results: 20, next_token: empty.body.meta?.next_token ?? "" });
    expect(empty.body.meta?.result_count).toBe(0);
    expect(next.body.data?.map(({ id }) => id)).toEqual(allIds(simulator).slice(20, 40));
  });

  it("short-page returns fewer posts than asked for and continues behind them", async () => {
    simulator.faults.enqueue({ kind: "short-page", count: 3 });
    const short = await searchRecent(url, { max_results: 10 });
    const next = await searchRecent(url, { max_results: 10, next_token: short.body.meta?.next_token ?? "" });
    expect(short.body.meta?.result_count).toBe(3);
    expect(next.body.data?.[0]?.id).toBe(allIds(simulator)[3]);
  });

  it("partial-errors stands beside the posts", async () => {
    simulator.faults.enqueue({ kind: "partial-errors" });
    const { status, body } = await searchRecent(url);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(10);
    expect(body.errors).toMatchObject([{ type: "https://api.twitter.com/2/problems/resource-not-found" }]);
  });

  it("oversize-post makes the first post too large for a Firehose record", async () => {
    simulator.faults.enqueue({ kind: "oversize-post" });
    const { body } = await searchRecent(url);
    expect(JSON.stringify(body.data?.[0]).length).toBeGreaterThan(1_024_000);
    expect(body.data?.[0]?.id).toBe(allIds(simulator)[0]);
    expect(body.data).toHaveLength(10);
  });
});

describe("a fault plan", () => {
  it("lets requests through where it says none, and counts what it did", async () => {
    simulator.faults.enqueue({ kind: "none" }, { kind: "usage-cap" });
    const before = simulator.faults.report().injected["usage-cap"] ?? 0;
    expect((await searchRecent(url)).status).toBe(200);
    expect((await searchRecent(url)).status).toBe(429);
    expect(simulator.faults.report()).toMatchObject({ queued: 0, injected: { "usage-cap": before + 1 } });
  });

  it("repeats a schedule for the same seed", async () => {
    const statuses = async (): Promise<number[]> => {
      simulator.faults.schedule({
        seed: 3,
        share: 0.5,
        faults: [{ kind: "server-error" }, { kind: "usage-cap" }],
      });
      const seen: number[] = [];
      for (let count = 0; count < 20; count += 1) seen.push((await searchRecent(url)).status);
      simulator.faults.clear();
      return seen;
    };
    const first = await statuses();
    expect(await statuses()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 429, 503]));
  });

  it("never touches counts or usage", async () => {
    simulator.faults.enqueue({ kind: "server-error" });
    const usage = await fetch(`${url}/2/usage/tweets`, { headers: { authorization: "Bearer test" } });
    expect(usage.status).toBe(200);
    expect((await searchRecent(url)).status).toBe(503);
  });

  it("takes commands over HTTP and refuses kinds it does not know", async () => {
    const post = (body: string) => fetch(`${url}/__simulator/faults`, { method: "POST", body });
    expect((await post('{"queue":[{"kind":"credits-depleted"}]}')).status).toBe(200);
    expect((await searchRecent(url)).status).toBe(402);
    const refused = await post('{"queue":[{"kind":"earthquake"}]}');
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { message: string }).message).toContain(X_FAULT_KINDS.join(", "));
    expect((await post("not json")).status).toBe(400);
    expect((await post('{"schedule":{"seed":1}}')).status).toBe(400);
  });
});
