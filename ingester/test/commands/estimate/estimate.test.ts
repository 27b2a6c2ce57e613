import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { estimateCommand } from "../../../src/commands/estimate/estimate";
import type { CommandIo } from "../../../src/commands/io";
import type { Ledger } from "../../../src/ledger/ledger";

let server: Server;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "estimate-"));
});

afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("the estimate", () => {
  it("books its requests by X's time, also on a machine whose clock is wrong", async () => {
    const asked: string[] = [];
    server = createServer(({ url = "" }, response) => {
      asked.push(url.split("?")[0] ?? "");
      const body = url.includes("/usage/") ? { data: { project_usage: "0" } } : { data: [], meta: {} };
      response.writeHead(200, { date: "Sat, 20 Jun 2020 12:00:00 GMT" }).end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const file = join(directory, "ledger.json");
    const env = {
      X_BEARER_TOKEN: "secret-token",
      X_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CHECKPOINT_FILE: file,
    };
    const io = { env, write: () => undefined, columns: () => 80 } as unknown as CommandIo;
    await estimateCommand({ query: "cats", variants: [], fullArchive: false, json: true }, io);
    const ledger = JSON.parse(readFileSync(file, "utf8")) as Ledger;
    expect(new Date(ledger.budget.cycle.startMs).toISOString()).toBe("2020-06-01T00:00:00.000Z");
    expect(asked).toEqual([
      expect.stringContaining("usage/tweets"),
      expect.stringContaining("counts/recent"),
    ]);
  });
});
