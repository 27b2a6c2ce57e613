import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budgetCommand } from "../../src/commands/budget";
import { coverageCommand } from "../../src/commands/coverage/coverage";
import type { CommandIo } from "../../src/commands/io";
import { totalSpent } from "../../src/ledger/account";
import { charged } from "../../src/ledger/budget";
import { newCoverage } from "../../src/ledger/coverage";
import { type Ledger, newLedger, withCoverage } from "../../src/ledger/ledger";
import { ConfigError } from "../../src/loop/errors";
import { FileStore } from "../../src/store/file";

const NEVER = new AbortController().signal;
/** By X's clock: an hour before the cycle ends. */
const NOW = Date.parse("2026-11-30T23:00:00Z");
const NEXT_CYCLE_MS = Date.parse("2026-12-01T00:00:00Z");

let folder: string;
let store: FileStore;
let io: CommandIo;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "clock-"));
  const path = join(folder, "ledger.json");
  store = new FileStore({ path });
  io = {
    env: { CHECKPOINT_FILE: path },
    write: () => undefined,
    say: () => undefined,
    columns: () => 80,
  } as unknown as CommandIo;
  const ledger = newLedger(NOW, 1);
  const budget = charged(ledger.budget, "cats", { posts: 900 });
  const risks = [{ key: "cats", atMs: NOW, amounts: { posts: 100 } }];
  const spent: Ledger = { ...ledger, budget: { ...budget, risks } };
  await store.swap(
    { ledger: withCoverage(spent, newCoverage("cats", "cats")), version: 1 },
    undefined,
    NEVER,
  );
});
afterEach(() => {
  jest.restoreAllMocks();
  store.close();
  rmSync(folder, { recursive: true });
});

function setClock(ms: number): void {
  jest.spyOn(Date, "now").mockReturnValue(ms);
}

async function stored(): Promise<Ledger> {
  return (await store.read())?.ledger ?? newLedger(NOW, 1);
}

const release = { type: "release", reason: "X was down" } as const;
const set = { type: "set_spent", usd: 2.5, reason: "X's invoice" } as const;
const forgetting = { name: "coverage", json: false, price: false, forget: "cats" } as const;

describe("a command that has not heard X's time", () => {
  it.each([
    [
      "corrects what is at risk",
      () => budgetCommand({ name: "budget", json: false, correction: release } as never, io),
    ],
    ["forgets a coverage", () => coverageCommand(forgetting as never, io)],
  ])("%s without ending the billing cycle, whatever the machine's clock says", async (_what, command) => {
    setClock(NEXT_CYCLE_MS + 1);
    await command();
    const { budget } = await stored();
    expect(totalSpent(budget)).toEqual({ posts: 900 });
    expect(budget.cycle.endMs).toBe(NEXT_CYCLE_MS);
  });

  it("sets what is spent in the cycle of the ledger", async () => {
    setClock(NEXT_CYCLE_MS - 1);
    await budgetCommand({ name: "budget", json: false, correction: set } as never, io);
    expect(totalSpent((await stored()).budget)).toEqual({ posts: 500 });
  });

  it("refuses to set what is spent in a cycle that has ended by the machine's clock: the figure would be dropped", async () => {
    setClock(NEXT_CYCLE_MS);
    const error = await budgetCommand({ name: "budget", json: false, correction: set } as never, io).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      /--set-spent: .*billing cycle .* ended on 2026-12-01 by this machine's clock.*Run `ingester estimate`/s,
    );
    expect(totalSpent((await stored()).budget)).toEqual({ posts: 900 });
  });
});

describe("a command that asks X", () => {
  it.each([
    ["does not end the billing cycle before X's time does", NEXT_CYCLE_MS + 1, NOW, { posts: 900 }],
    ["ends it when X's time does, by a clock that is late", NOW, NEXT_CYCLE_MS + 1_000, {}],
  ])("%s", async (_what, clockMs, timeOfX, spent) => {
    const x = createServer((_request, response) => {
      response.setHeader("date", new Date(timeOfX).toUTCString());
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ data: { project_usage: "900", cap_reset_day: 1 } }));
    });
    await once(x.listen(0, "127.0.0.1"), "listening");
    const { port } = x.address() as AddressInfo;
    setClock(clockMs);
    const env = { ...io.env, X_API_URL: `http://127.0.0.1:${port}`, X_BEARER_TOKEN: "token" };
    await coverageCommand({ ...forgetting, price: true } as never, { ...io, env });
    expect(totalSpent((await stored()).budget)).toEqual(spent);
    x.closeAllConnections();
    x.close();
  });
});
