import { randomUUID } from "node:crypto";
import type { CheckableStore } from "../../src/commands/store";
import { newCoverage } from "../../src/ledger/coverage";
import { type Ledger, newLedger, withCoverage } from "../../src/ledger/ledger";
import { LedgerAccess } from "../../src/loop/ledger-access";
import { dynamoBackend, fileBackend, GOING_ON } from "./helpers/stores";

jest.setTimeout(30_000);

const NOW = Date.parse("2026-11-23T12:00:00Z");

function ledgerWith(...keys: readonly string[]): Ledger {
  return keys.reduce((ledger, key) => withCoverage(ledger, newCoverage(key, key)), newLedger(NOW, 1));
}

function keysOf(ledger: Ledger | undefined): readonly string[] {
  return (ledger?.coverage ?? []).map(({ key }) => key);
}

describe.each([fileBackend, dynamoBackend()])("a ledger store ($name)", (backend) => {
  let open: () => CheckableStore;
  const opened: CheckableStore[] = [];

  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(async () => {
    const create = await backend.create();
    open = () => {
      const store = create();
      opened.push(store);
      return store;
    };
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });

  it("holds nothing at first", async () => {
    expect(await open().read(GOING_ON)).toBeUndefined();
  });

  it("can be proven to be writable, before and after the first write, without a change", async () => {
    const store = open();
    await store.checkWritable(GOING_ON);
    expect(await store.read(GOING_ON)).toBeUndefined();
    const stored = { ledger: ledgerWith("a"), version: 1 };
    await store.swap(stored, undefined, GOING_ON);
    await store.checkWritable(GOING_ON);
    expect(await store.read(GOING_ON)).toEqual(stored);
  });

  it("gives back what was written, to every process", async () => {
    const ledger = ledgerWith('tweet_stream/"quoted" \\ 天気 🚀 lang:en', "second");
    expect(await open().swap({ ledger, version: 1 }, undefined, GOING_ON)).toBe(true);
    expect(await open().read(GOING_ON)).toEqual({ ledger, version: 1 });
  });

  it("writes only over the version that was seen", async () => {
    const [one, two] = [open(), open()];
    await one.swap({ ledger: ledgerWith("a"), version: 1 }, undefined, GOING_ON);
    expect(await one.swap({ ledger: ledgerWith("b"), version: 2 }, 1, GOING_ON)).toBe(true);
    expect(await two.swap({ ledger: ledgerWith("c"), version: 2 }, 1, GOING_ON)).toBe(false);
    expect(keysOf((await two.read(GOING_ON))?.ledger)).toEqual(["b"]);
  });

  it("creates a ledger once", async () => {
    const [one, two] = [open(), open()];
    const outcomes = await Promise.all(
      [one, two].map((store, n) =>
        store.swap({ ledger: ledgerWith(`n${n}`), version: 1 }, undefined, GOING_ON),
      ),
    );
    expect(outcomes.sort()).toEqual([false, true]);
  });

  it("loses no change of several writers at once", async () => {
    const writers = ["a", "b", "c"].map((name) => ({
      name,
      access: new LedgerAccess({ store: open(), now: () => NOW, cycleDay: 1, newId: randomUUID }),
    }));
    await Promise.all(
      writers.map(async ({ name, access }) => {
        for (let n = 0; n < 8; n += 1) {
          await access.update(
            (ledger) => ({
              ledger: withCoverage(ledger, newCoverage(`${name}${n}`, "q")),
              result: undefined,
            }),
            GOING_ON,
          );
        }
      }),
    );
    const stored = await open().read(GOING_ON);
    expect(keysOf(stored?.ledger)).toHaveLength(24);
    expect(stored?.version).toBe(24);
  });
});
