import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { IngesterError } from "../errors";
import type { Clock } from "../ports";
import { type Backoff, fullJitter } from "../retry";
import { isTransient, permanentError, type TableContext, unreachableError } from "./dynamodb-errors";
import { StoppedError } from "./stopped";

export type Item = Readonly<Record<string, AttributeValue>>;

/** An UpdateItem: expression, condition, and their placeholders. */
export interface Update {
  readonly set: string;
  readonly condition: string;
  readonly values: Item;
  readonly names?: Readonly<Record<string, string>>;
}

export interface ItemTableOptions extends TableContext {
  readonly client: DynamoDBClient;
  readonly clock: Clock;
  /** Told about failures that are tried again. */
  readonly report: (message: string) => void;
  /** Ends the repetitions of what must not be lost: the process is about to be killed. */
  readonly giveUp: AbortSignal;
}

/** On top of the SDK's own three quick attempts. */
const BACKOFF: Backoff = { baseMs: 200, capMs: 5_000 };

/** The item operations that the checkpoint needs, and their errors in a user's words. */
export class ItemTable {
  constructor(private readonly options: ItemTableOptions) {}

  get name(): string {
    return this.options.table;
  }

  /** Reads what was last written, not a replica that lags. */
  async get(pk: string): Promise<Item | undefined> {
    const command = new GetItemCommand({
      TableName: this.name,
      Key: { pk: { S: pk } },
      ConsistentRead: true,
    });
    return (await this.send(() => this.options.client.send(command))).Item;
  }

  /** @throws an error for which isConditionFailed() holds, among others */
  async update(pk: string, { set, condition, values, names }: Update): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: { pk: { S: pk } },
      UpdateExpression: set,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
    });
    await this.send(() => this.options.client.send(command));
  }

  /** @throws an error for which isConditionFailed() holds, among others */
  async put(item: Item, condition: string, values?: Item): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.name,
      Item: item,
      ConditionExpression: condition,
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
    });
    await this.send(() => this.options.client.send(command));
  }

  /**
   * Repeats an operation for as long as its failure may pass by itself.
   * @param signal ends that; without one, only the end of the process does
   * @throws what does not pass; IngesterError (StoppedError if nothing is lost by stopping here) when told to stop
   */
  async persist<T>(operation: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { giveUp, clock, report } = this.options;
    const until = signal ?? giveUp;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await operation();
      } catch (error) {
        if (!isTransient(error)) throw error;
        const { message, name } = error as Error;
        const problem = `DynamoDB does not answer for the table ${this.name} (CHECKPOINT_TABLE): ${message || name}`;
        if (until.aborted)
          throw stopped(`${problem}; stopped waiting`, { cause: error, clean: until !== giveUp });
        report(`${problem}; trying again`);
        await clock.sleep(fullJitter(attempt, BACKOFF, Math.random), until);
      }
    }
  }

  /** For the first contact: nobody answering means a wrong address, not an outage to sit out. */
  async firstContact<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw unreachableError(error, this.options) ?? error;
    }
  }

  private async send<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw permanentError(error, this.options) ?? error;
    }
  }
}

function stopped(message: string, { cause, clean }: { cause: unknown; clean: boolean }): IngesterError {
  return clean ? new StoppedError(message, { cause }) : new IngesterError(message, { cause });
}
