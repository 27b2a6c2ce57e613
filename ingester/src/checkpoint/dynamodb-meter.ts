import { randomUUID } from "node:crypto";
import { ConfigError } from "../errors";
import type { Clock } from "../ports";
import { isConditionFailed } from "./dynamodb-errors";
import type { Item, ItemTable } from "./item-table";
import { parseJson } from "./lease-item";
import type { MeterState } from "./meter";
import { meterFrom } from "./meter-json";
import { MeterConflictError, type MeterStore, type StoredMeter } from "./meter-store";

/**
 * The money meter as an item: `version` (N), `state` (S, JSON), `write_id` (S), `updated_at` (S, ISO 8601). Processes
 * that share it (a service and a backfill) write on the condition that nobody else has.
 */
export class DynamoMeterStore implements MeterStore {
  constructor(
    private readonly table: ItemTable,
    private readonly pk: string,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<StoredMeter | undefined> {
    const item = await this.table.persist(() => this.table.get(this.pk));
    return item === undefined ? undefined : storedMeterFrom(item, this.pk);
  }

  async save(state: MeterState, expectedVersion: number | undefined): Promise<number> {
    const version = (expectedVersion ?? 0) + 1;
    const writeId = randomUUID();
    const item: Item = {
      pk: { S: this.pk },
      version: { N: String(version) },
      state: { S: JSON.stringify(state) },
      write_id: { S: writeId },
      updated_at: { S: new Date(this.clock.now()).toISOString() },
    };
    try {
      await this.table.persist(() => this.put(item, expectedVersion));
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      if (!(await this.isWritten(writeId))) throw new MeterConflictError();
    }
    return version;
  }

  private put(item: Item, expectedVersion: number | undefined): Promise<void> {
    if (expectedVersion === undefined) return this.table.put(item, "attribute_not_exists(pk)");
    return this.table.put(item, "version = :seen", { ":seen": { N: String(expectedVersion) } });
  }

  /** After a lost answer the second attempt fails on the first one's success, which must not be counted twice. */
  private async isWritten(writeId: string): Promise<boolean> {
    const item = await this.table.persist(() => this.table.get(this.pk));
    return item?.write_id?.S === writeId;
  }
}

function storedMeterFrom(item: Item, pk: string): StoredMeter {
  const version = Number(item.version?.N);
  const state = meterFrom(parseJson(item.state?.S ?? ""));
  if (state !== undefined && Number.isSafeInteger(version)) return { state, version };
  throw new ConfigError([
    `The item ${pk} of CHECKPOINT_TABLE holds no money meter that can be read. Restore it from a backup. ` +
      "Deleting it forgets what has been spent in this billing cycle.",
  ]);
}
