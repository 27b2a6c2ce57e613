/**
 * The ledger in DynamoDB (`CHECKPOINT_TABLE`): one item, `ledger#<LEDGER_KEY>`, replaced by a conditional PutItem.
 * Import this file only when it is configured: the AWS client takes its time to load.
 *
 * Attributes: `pk` (S), `version` (N), `ledger` (S, JSON), `write_id` (S), `updated_at` (S, ISO 8601). Needs the actions
 * dynamodb:GetItem and dynamodb:PutItem on the table, and no others.
 */

import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { AwsConnection, type Call } from "../aws/connection";
import { parseLedger, serializeLedger } from "../ledger/document";
import { ConfigError, IngesterError, StoppedError } from "../loop/errors";
import type { Observer } from "../loop/events";
import type { Clock, LedgerStore, StoredLedger } from "../loop/ports";
import { type AwsFailure, awsFailureOf, isAwsAnswer } from "../runtime/failures";
import { type Backoff, fullJitter } from "../runtime/retry";
import { sentence } from "../runtime/words";
import { explainDynamoFailure } from "./dynamodb-errors";

export interface DynamoStoreOptions {
  /** Partition key `pk` (string), no sort key. */
  readonly table: string;
  /** `LEDGER_KEY`: which ledger of the table. */
  readonly ledgerKey: string;
  /** As configured; undefined: the region's own endpoint. */
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called for failures that are tried again. */
  readonly observe: Observer;
  /**
   * How long to go on while AWS refuses access, once it has granted it, in milliseconds: credentials expire, and are
   * replaced. With a bound, a DynamoDB that is too busy at the first contact is not waited for without end either.
   * @default - without end: what has been bought could not be written down
   */
  readonly giveUpAfterMs?: number | undefined;
  /** More settings of the client, such as credentials in tests. */
  readonly client?: DynamoDBClientConfig;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Short enough that a beat and its repetitions end before the lease does. */
const CONNECT_MS = 2_000;
const REQUEST_MS = 4_000;
/** Where nothing has ever answered, more attempts would only hide a wrong address. */
const FIRST_ATTEMPTS = 8;
const BACKOFF: Backoff = { baseMs: 200, capMs: 5_000 };
/** A request that is under way is not cut short: it may be carried out. */
const NEVER = new AbortController().signal;

export class DynamoStore implements LedgerStore {
  private readonly connection: AwsConnection<DynamoDBClient>;
  private readonly pk: string;
  private hasAnswered = false;

  constructor(private readonly options: DynamoStoreOptions) {
    this.pk = `ledger#${options.ledgerKey}`;
    const { clock } = options;
    this.connection = new AwsConnection({
      ...{ clock, connectionTimeoutMs: CONNECT_MS },
      create: (settings) => new DynamoDBClient({ ...settings, ...configOf(options) }),
    });
  }

  async read(signal: AbortSignal): Promise<StoredLedger | undefined> {
    const item = await this.get(signal);
    return item === undefined ? undefined : this.parse(item);
  }

  async swap(next: StoredLedger, expected: number | undefined, signal: AbortSignal): Promise<boolean> {
    const writeId = randomUUID();
    const command = this.putCommand(next, expected, writeId);
    try {
      await this.persist((client, http) => client.send(command, http), signal);
      return true;
    } catch (error) {
      if (awsFailureOf(error).kind !== "conflict") throw error;
      // After an answer that was lost, the next attempt meets the success of the first.
      return (await this.get(signal))?.write_id?.S === writeId;
    }
  }

  /** A write whose condition never holds: DynamoDB refuses it only after it has accepted caller, table and call. */
  async checkWritable(signal: AbortSignal): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.options.table,
      Item: { pk: { S: this.pk } },
      ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(pk)",
    });
    try {
      await this.persist((client, http) => client.send(command, http), signal);
    } catch (error) {
      if (awsFailureOf(error).kind !== "conflict") throw error;
    }
  }

  close(): void {
    this.connection.close();
  }

  private async get(signal: AbortSignal): Promise<Item | undefined> {
    const Key = { pk: { S: this.pk } };
    const command = new GetItemCommand({ TableName: this.options.table, Key, ConsistentRead: true });
    return (await this.persist((client, http) => client.send(command, http), signal)).Item;
  }

  private putCommand(
    { ledger, version }: StoredLedger,
    expected: number | undefined,
    writeId: string,
  ): PutItemCommand {
    const condition =
      expected === undefined
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "version = :expected",
            ExpressionAttributeValues: { ":expected": { N: String(expected) } },
          };
    const Item = {
      pk: { S: this.pk },
      version: { N: String(version) },
      ledger: { S: serializeLedger(ledger) },
      write_id: { S: writeId },
      updated_at: { S: new Date(this.options.clock.now()).toISOString() },
    };
    return new PutItemCommand({ TableName: this.options.table, Item, ...condition });
  }

  private parse(item: Item): StoredLedger {
    const version = Number(item.version?.N);
    const parsed = parseLedger(item.ledger?.S ?? "");
    if ("ledger" in parsed && Number.isSafeInteger(version)) return { ledger: parsed.ledger, version };
    const problem = "problem" in parsed ? parsed.problem : "its version is missing";
    throw new ConfigError([
      `The item ${this.pk} of CHECKPOINT_TABLE ${this.options.table} holds no ledger that this version of the ingester ` +
        `can read: ${problem}. Restore it from a backup, or set another LEDGER_KEY. ` +
        "Without its ledger, posts that were bought are bought again.",
    ]);
  }

  /**
   * Repeats an operation for as long as its failure may pass by itself. At the first contact an address where nothing
   * answers as AWS does is a wrong one, not an outage, and refused access is not a lapse.
   */
  private async persist<T>(operation: Call<DynamoDBClient, T>, signal: AbortSignal): Promise<T> {
    const { clock, observe, random } = this.options;
    const refusals = new RefusalTimer(this.options);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.connection.call(operation, { timeoutMs: REQUEST_MS, signal: NEVER });
        this.hasAnswered = true;
        return answer;
      } catch (error) {
        if (error instanceof IngesterError) throw error;
        const failure = awsFailureOf(error);
        if (failure.kind === "conflict") throw error;
        const final = this.finalError(failure, { attempt, error });
        if (final !== undefined && !(this.hasAnswered && refusals.mayPass(failure))) throw final;
        const message = final?.message ?? this.describe(failure, isAwsAnswer(error));
        if (signal.aborted) throw new StoppedError(`${message} Stopped waiting.`, { cause: error });
        observe({ type: "store_retrying", message: `${message} Trying again.` });
        await clock.sleep(fullJitter(attempt, BACKOFF, random), signal);
      }
    }
  }

  /** What a person has to act on; undefined for failures that may pass by themselves. */
  private finalError(
    failure: AwsFailure,
    { attempt, error }: { readonly attempt: number; readonly error: unknown },
  ): IngesterError | undefined {
    if (failure.kind === "unreachable" && this.hasAnswered) return undefined;
    const hasHadChances = !this.hasAnswered && attempt >= FIRST_ATTEMPTS;
    const mayPass = failure.kind === "throttled" || failure.kind === "transient";
    if (hasHadChances && mayPass && isAwsAnswer(error)) return this.tooBusy(failure, error);
    const shown: AwsFailure = hasHadChances ? { ...failure, kind: "unreachable" } : failure;
    return explainDynamoFailure(shown, this.options, error);
  }

  /** @returns undefined where it is waited for */
  private tooBusy({ code, message }: AwsFailure, cause: unknown): IngesterError | undefined {
    const { table, giveUpAfterMs } = this.options;
    if (giveUpAfterMs === undefined) return undefined;
    return new IngesterError(
      `DynamoDB answers, but ${FIRST_ATTEMPTS} times not with the table ${table} (CHECKPOINT_TABLE): ${code}: ${sentence(message)} ` +
        "Nothing was bought. Try again later, or raise the table's capacity.",
      { cause },
    );
  }

  private describe({ code, message }: AwsFailure, hasAnswered: boolean): string {
    const what = hasAnswered ? "cannot use the table" : "does not answer for the table";
    return `DynamoDB ${what} ${this.options.table} (CHECKPOINT_TABLE): ${code}: ${sentence(message)}`;
  }
}

/** How long access has been refused within one operation. */
class RefusalTimer {
  private sinceMs: number | undefined;

  constructor(private readonly options: Pick<DynamoStoreOptions, "clock" | "giveUpAfterMs">) {}

  /** Whether a refusal may be answered by waiting: credentials are replaced, clocks are set. */
  mayPass({ kind }: AwsFailure): boolean {
    if (kind !== "stale_credentials" && kind !== "refused" && kind !== "skewed_clock") return false;
    const { clock, giveUpAfterMs = Number.POSITIVE_INFINITY } = this.options;
    this.sinceMs ??= clock.elapsed();
    return clock.elapsed() - this.sinceMs < giveUpAfterMs;
  }
}

function configOf({ region, endpointUrl, client }: DynamoStoreOptions): DynamoDBClientConfig {
  return {
    maxAttempts: 1,
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...client,
  };
}
