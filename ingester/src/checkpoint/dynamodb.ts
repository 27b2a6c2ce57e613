/** `CHECKPOINT_TABLE`. Import this file only when it is configured: the AWS client takes its time to load. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../clock";
import type { Clock } from "../ports";
import { DynamoMeterStore } from "./dynamodb-meter";
import { itemKey } from "./item-key";
import { ItemTable } from "./item-table";
import { LEASE_MS, LEASE_POLL_MS, LeasedCheckpoint, RENEW_MS } from "./lease";
import { read } from "./lease-takeover";
import type { CheckpointState } from "./state";

export interface DynamoStateOptions {
  /** `CHECKPOINT_TABLE`: partition key `pk` (string), no sort key. */
  readonly table: string;
  /** The checkpoint in that table. */
  readonly key: string;
  /** The money meter in that table; processes may share it. @default - `key` */
  readonly meterKey?: string;
  /** @default - region, credentials and endpoint as the SDK finds them */
  readonly client?: DynamoDBClientConfig;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Told, in words for a log, about failures that are tried again. @default - nobody */
  readonly report?: (message: string) => void;
  /** Ends the repetitions of saving, which otherwise go on until DynamoDB answers. @default - never */
  readonly giveUp?: AbortSignal;
  /** Milliseconds. @default LEASE_MS */
  readonly leaseMs?: number;
  /** Milliseconds; at most a third of the lease. @default RENEW_MS */
  readonly renewMs?: number;
  /** Milliseconds between looks at an item that somebody holds. @default LEASE_POLL_MS */
  readonly pollMs?: number;
}

/** Short enough that a renewal and its repetitions end before the lease does. */
const CONNECT_MS = 2_000;
const REQUEST_MS = 3_000;

/** Needs the item actions dynamodb:GetItem, PutItem and UpdateItem on the table, and no others. */
export function createDynamoState(options: DynamoStateOptions): CheckpointState {
  const clock = options.clock ?? systemClock;
  const table = new ItemTable({
    client: clientFor(options),
    table: options.table,
    endpoint: endpointOf(options.client),
    clock,
    report: options.report ?? (() => undefined),
    giveUp: options.giveUp ?? new AbortController().signal,
  });
  const pk = itemKey("checkpoint", options.key);
  const checkpoints = new LeasedCheckpoint({
    table,
    pk,
    clock,
    leaseMs: options.leaseMs ?? LEASE_MS,
    renewMs: options.renewMs ?? RENEW_MS,
    pollMs: options.pollMs ?? LEASE_POLL_MS,
  });
  return {
    checkpoints,
    meterStore: new DynamoMeterStore(table, itemKey("meter", options.meterKey ?? options.key), clock),
    lost: checkpoints.lost,
    async inspect() {
      const { position, updatedAt, ownerId, holder } = await table.firstContact(() => read({ table, pk }));
      return { position, updatedAt, heldBy: ownerId === undefined ? undefined : holder };
    },
  };
}

function clientFor({ client }: DynamoStateOptions): DynamoDBClient {
  const requestHandler = {
    connectionTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    throwOnRequestTimeout: true,
  };
  return new DynamoDBClient({ requestHandler, ...client });
}

function endpointOf(client: DynamoDBClientConfig | undefined): string | undefined {
  if (typeof client?.endpoint === "string") return client.endpoint;
  return process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.AWS_ENDPOINT_URL;
}
