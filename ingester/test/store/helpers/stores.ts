import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckableStore } from "../../../src/commands/store";
import { systemClock } from "../../../src/runtime/clock";
import { DynamoStore, type DynamoStoreOptions } from "../../../src/store/dynamodb";
import { FileStore } from "../../../src/store/file";
import { startDynamo } from "./dynamo";

export const GOING_ON = new AbortController().signal;

/** One kind of store, and a way to open the same ledger several times, as several processes do. */
export interface Backend {
  readonly name: string;
  start(): Promise<void>;
  stop(): void;
  /** A place that holds no ledger yet. */
  create(): Promise<() => CheckableStore>;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "ingester-store-"));
}

export const fileBackend: Backend = {
  name: "file",
  start: async () => undefined,
  stop: () => undefined,
  create: async () => {
    const path = join(temporaryDirectory(), "state", "ledger.json");
    return () => new FileStore({ path });
  },
};

export function dynamoBackend(): Backend {
  let dynamo: Awaited<ReturnType<typeof startDynamo>> | undefined;
  let tables = 0;
  return {
    name: "DynamoDB",
    async start() {
      dynamo = await startDynamo();
    },
    stop: () => dynamo?.close(),
    async create() {
      if (dynamo === undefined) throw new Error("start() first");
      const { client } = dynamo;
      tables += 1;
      const table = `ledgers-${tables}`;
      await dynamo.createTable(table);
      return () => new DynamoStore(dynamoOptions({ table, client }));
    },
  };
}

export function dynamoOptions(
  overrides: Partial<DynamoStoreOptions> & Pick<DynamoStoreOptions, "table">,
): DynamoStoreOptions {
  return {
    ledgerKey: "default",
    clock: systemClock,
    random: Math.random,
    observe: () => undefined,
    ...overrides,
  };
}
