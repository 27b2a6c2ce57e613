import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkFields, checkPage } from "../../../src/commands/doctor/checks";
import { checkToken } from "../../../src/commands/doctor/ledger-checks";
import type { Attempt } from "../../../src/commands/doctor/result";
import type { Worker } from "../../../src/ledger/ledger";
import { SourceError, type SourceErrorKind } from "../../../src/loop/errors";
import type { XClient } from "../../../src/x/client";

const HOST = "127.0.0.1";
const WORKER: Worker = {
  fence: 1,
  counter: 1,
  leaseMs: 60_000,
  command: "run",
  process: { pid: 4711, startedAt: "1", host: { name: "worker-1", boot: "1" } },
  since: "2026-11-26T08:00:00.000Z",
} as unknown as Worker;

describe("the check of POST_FIELDS", () => {
  it.each([[["id", "text", "note_tweet", "note_post"]], [undefined]])("passes %j", (fields) => {
    expect(checkFields(fields)).toContain("POST_FIELDS");
  });

  it("names what X does not list", () => {
    expect(() => checkFields(["id", "txt", "langs"])).toThrow("X's API does not list: txt, langs");
  });
});

describe("the check of the status page", () => {
  const server = createServer();
  let port: number;
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, HOST, done));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it("fails where another program has the port", async () => {
    await expect(checkPage({ port, host: HOST }, [])).rejects.toThrow(
      /HTTP_PORT cannot be used.*another process/,
    );
  });

  it("explains the port by a worker that is alive", async () => {
    expect(await checkPage({ port, host: HOST }, [WORKER])).toContain("run, process 4711 on worker-1");
  });

  it("passes where no page is wanted, and frees a port that it has tried", async () => {
    expect(await checkPage({ port: 0, host: HOST }, [])).toContain("no status page");
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, HOST, done));
    const free = (other.address() as AddressInfo).port;
    await new Promise((done) => other.close(done));
    expect(await checkPage({ port: free, host: HOST }, [])).toContain("is free");
    expect(await checkPage({ port: free, host: HOST }, [])).toContain("is free");
  });
});

describe("the check of the token", () => {
  const refusing = (kind: SourceErrorKind) =>
    ({
      now: Date.now,
      get: () => Promise.reject(new SourceError("X answered 429: the rate limit is used up.", { kind })),
    }) as unknown as XClient;
  const attempt: Attempt = async (check, run) => {
    try {
      return { check, ok: true, detail: await run() };
    } catch (error) {
      return { check, ok: false, detail: (error as Error).message };
    }
  };

  it.each(["window_limit", "day_limit", "usage_cap"] as const)(
    "passes when X answers with %s",
    async (kind) => {
      const { result } = await checkToken(refusing(kind), attempt);
      expect(result).toMatchObject({ ok: true, detail: expect.stringContaining("X knows it") });
    },
  );

  it.each(["access", "unreachable"] as const)("fails on %s", async (kind) => {
    expect((await checkToken(refusing(kind), attempt)).result.ok).toBe(false);
  });
});
