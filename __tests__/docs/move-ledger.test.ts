/** docs/operations.md: the item that `jq` makes of a ledger's file is one that the table's store reads. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AttributeValue, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { newLedger } from "../../ingester/src/ledger/ledger";
import { DynamoStore } from "../../ingester/src/store/dynamodb";
import { FileStore } from "../../ingester/src/store/file";
import { startDynamo } from "../../ingester/test/store/helpers/dynamo";
import { dynamoOptions, GOING_ON, temporaryDirectory } from "../../ingester/test/store/helpers/stores";

const OPERATIONS = readFileSync(join(__dirname, "../../docs/operations.md"), "utf8");
const [, FILTER = ""] = /^jq -c '(.*)' state\/ledger\.json > item\.json$/m.exec(OPERATIONS) ?? [];

const hasJq = spawnSync("jq", ["--version"]).status === 0;
if (!hasJq) process.stderr.write("Skipped: the move of a ledger with jq (not installed).\n");

// Skipped without jq: the document shows the move with it, so there is nothing else to run.
(hasJq ? it : it.skip)("a ledger moves from a file to a table with jq", async () => {
  const path = join(temporaryDirectory(), "ledger.json");
  const file = new FileStore({ path });
  const ledger = newLedger(Date.parse("2026-11-27T12:00Z"), 7);
  await file.swap({ version: 1, ledger }, undefined, GOING_ON);
  const dynamo = await startDynamo();
  await dynamo.createTable("ledgers");
  const client = new DynamoDBClient(dynamo.client);
  const table = new DynamoStore(dynamoOptions({ table: "ledgers", client: dynamo.client }));
  try {
    const item = JSON.parse(execFileSync("jq", ["-c", FILTER, path], { encoding: "utf8" }));
    await client.send(
      new PutItemCommand({ TableName: "ledgers", Item: item as Record<string, AttributeValue> }),
    );
    expect(await table.read(GOING_ON)).toEqual(await file.read());
  } finally {
    client.destroy();
    table.close();
    dynamo.close();
  }
});
