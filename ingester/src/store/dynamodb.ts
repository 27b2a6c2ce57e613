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
import { parseLedger, serializeLedger } from "../ledger/document";
import { AccessError, ConfigError, type IngesterError, StoppedError } from "../loop/errors";
import type { Clock, LedgerStore, Observer, StoredLedger } from "../loop/ports";
import { type AwsFailure, awsFailureOf } from "../runtime/failures";
import { type Backoff, fullJitter } from "../runtime/retry";

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
  /** Told about failures that are tried again. */
  readonly observe: Observer;
  /** More settings of the client, such as credentials in tests. */
  readonly client?: DynamoDBClientConfig;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Short enough that a beat and its repetitions end before the lease does. */
const CONNECT_MS = 2_000;
const REQUEST_MS = 3_000;
/** Where nothing has ever answered, more attempts would only hide a wrong address. */
const FIRST_ATTEMPTS = 8;
/** On top of the SDK's own three quick attempts. */
const BACKOFF: Backoff = { baseMs: 200, capMs: 5_000 };

export class DynamoStore implements LedgerStore {
  private readonly client: DynamoDBClient;
  private readonly pk: string;
  private hasAnswered = false;

  constructor(private readonly options: DynamoStoreOptions) {
    this.pk = `ledger#${options.ledgerKey}`;
    this.client = clientFor(options);
  }

  async read(signal: AbortSignal): Promise<StoredLedger | undefined> {
    const item = await this.get(signal);
    return item === undefined ? undefined : this.parse(item);
  }

  async swap(next: StoredLedger, expected: number | undefined, signal: AbortSignal): Promise<boolean> {
    const writeId = randomUUID();
    const command = this.putCommand(next, expected, writeId);
    try {
      await this.persist(() => this.client.send(command), signal);
      return true;
    } catch (error) {
      if (awsFailureOf(error).kind !== "conflict") throw error;
      // After an answer that was lost, the next attempt meets the success of the first.
      return (await this.get(signal))?.write_id?.S === writeId;
    }
  }

  close(): void {
    this.client.destroy();
  }

  private async get(signal: AbortSignal): Promise<Item | undefined> {
    const Key = { pk: { S: this.pk } };
    const command = new GetItemCommand({ TableName: this.options.table, Key, ConsistentRead: true });
    return (await this.persist(() => this.client.send(command), signal)).Item;
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
   * answers is a wrong one, not an outage.
   */
  private async persist<T>(operation: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, observe, random } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await operation();
        this.hasAnswered = true;
        return answer;
      } catch (error) {
        const failure = awsFailureOf(error);
        if (failure.kind === "conflict") throw error;
        const isWrongAddress = !this.hasAnswered && attempt >= FIRST_ATTEMPTS;
        const final = this.finalError(isWrongAddress ? { ...failure, kind: "unreachable" } : failure, error);
        if (final !== undefined) throw final;
        const message = `DynamoDB does not answer for the table ${this.options.table} (CHECKPOINT_TABLE): ${failure.code}: ${failure.message}`;
        if (signal.aborted) throw new StoppedError(`${message}; stopped waiting.`, { cause: error });
        observe({ type: "store_retrying", message: `${message}; trying again.` });
        await clock.sleep(fullJitter(attempt, BACKOFF, random), signal);
      }
    }
  }

  /** What a person has to act on; undefined for failures that may pass by themselves. */
  private finalError({ kind, code, message }: AwsFailure, cause: unknown): IngesterError | undefined {
    const { table, endpointUrl } = this.options;
    const name = `the table ${table} (CHECKPOINT_TABLE)`;
    switch (kind) {
      case "refused":
      case "stale_credentials":
        return new AccessError(
          `AWS refuses access to ${name}: ${code}: ${message}. ` +
            "Check the credentials, and that they allow dynamodb:GetItem and dynamodb:PutItem on that table.",
          { cause },
        );
      case "missing":
        return new ConfigError(
          [
            `There is no ${name.slice(4)} in this account and region. ` +
              "Create it with a partition key pk (string) and no sort key, or correct its name or AWS_REGION.",
          ],
          { cause },
        );
      case "invalid":
        return new ConfigError(
          [
            `CHECKPOINT_TABLE ${table} cannot be used: ${message}. It needs a partition key pk (string) and no sort key.`,
          ],
          { cause },
        );
      case "no_region":
        return new ConfigError(
          ["AWS_REGION is missing: CHECKPOINT_TABLE lives in a region. Set it, such as us-east-1."],
          {
            cause,
          },
        );
      case "unreachable":
        if (this.hasAnswered) return undefined;
        return new ConfigError(
          [
            `DynamoDB cannot be reached at ${endpointUrl ?? "the region's endpoint"} for ${name}: ${code}: ${message}. ` +
              "Check AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL, AWS_REGION, and the network's route to DynamoDB.",
          ],
          { cause },
        );
      default:
        return undefined;
    }
  }
}

function clientFor({ region, endpointUrl, client }: DynamoStoreOptions): DynamoDBClient {
  return new DynamoDBClient({
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    },
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...client,
  });
}
