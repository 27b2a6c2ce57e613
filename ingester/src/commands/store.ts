/** Opening the ledger that the configuration names. */
import { randomUUID } from "node:crypto";
import type { StoreConfig } from "../config/aws";
import { DEFAULT_CYCLE_DAY } from "../ledger/billing-cycle";
import { LedgerAccess } from "../loop/ledger-access";
import type { LedgerStore } from "../loop/ports";
import { systemClock } from "../runtime/clock";
import type { DynamoStoreOptions } from "../store/dynamodb";
import type { XClient } from "../x/client";
import { firstUsage } from "./usage-sync";

const SILENT = { debug: () => undefined };

export type CheckableStore = LedgerStore & {
  /** Proves that the ledger could be written, and writes nothing. @throws ConfigError, AccessError */
  checkWritable(signal: AbortSignal): Promise<void>;
};

/** DynamoDB's client is loaded only where it is configured: it would cost every start a tenth of a second. */
export async function openStore(
  store: StoreConfig,
  { observe, giveUpAfterMs }: Pick<DynamoStoreOptions, "observe" | "giveUpAfterMs">,
): Promise<CheckableStore> {
  if (store.kind === "file") {
    const { FileStore } = await import("../store/file");
    return new FileStore({ path: store.path });
  }
  const { DynamoStore } = await import("../store/dynamodb");
  const { table, ledgerKey, region, endpointUrl } = store;
  return new DynamoStore({
    ...{ table, ledgerKey, region, endpointUrl, observe, giveUpAfterMs },
    clock: systemClock,
    random: Math.random,
  });
}

export interface AccessSetup {
  readonly store: StoreConfig;
  /** Day of the month on which the billing cycle of a new ledger starts. */
  readonly cycleDay: number | undefined;
  /** Knows X's time. @default - the time is the machine's, which ends no billing cycle */
  readonly client?: Pick<XClient, "get" | "now"> | undefined;
}

export interface OpenLedger {
  readonly access: LedgerAccess;
  readonly store: CheckableStore;
  close(): void;
}

/** For commands that look at the ledger or change it, and buy nothing with a claim. */
export async function openLedger(setup: AccessSetup): Promise<OpenLedger> {
  const { client, cycleDay = DEFAULT_CYCLE_DAY } = setup;
  const store = await openStore(setup.store, { observe: () => undefined, giveUpAfterMs: 0 });
  const { now } = client ?? systemClock;
  const access = new LedgerAccess({
    store,
    now,
    cycleDay,
    endsCycles: client !== undefined,
    newId: randomUUID,
  });
  return { access, store, close: () => store.close() };
}

/** Asks X for its time, which is free, opens the ledger, and closes it when the work is done. */
export async function withLedger<T>(
  setup: AccessSetup,
  work: (access: LedgerAccess) => Promise<T>,
): Promise<T> {
  if (setup.client !== undefined) await firstUsage(setup.client, SILENT);
  const { access, close } = await openLedger(setup);
  try {
    return await work(access);
  } finally {
    close();
  }
}
