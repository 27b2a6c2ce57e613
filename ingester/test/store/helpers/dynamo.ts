import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/** A real implementation of DynamoDB's API, in this process, with one table per call of createTable(). */
export interface LocalDynamo {
  readonly client: DynamoDBClientConfig;
  createTable(name: string, partitionKey?: string): Promise<void>;
  close(): void;
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// The package has no typings.
const dynalite = require("dynalite") as (options: { createTableMs: number }) => Server;

export async function startDynamo(): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client: DynamoDBClientConfig = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const admin = new DynamoDBClient(client);
  return {
    client,
    async createTable(name, partitionKey = "pk") {
      await admin.send(
        new CreateTableCommand({
          TableName: name,
          AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: "S" }],
          KeySchema: [{ AttributeName: partitionKey, KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
    },
    close() {
      admin.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}
