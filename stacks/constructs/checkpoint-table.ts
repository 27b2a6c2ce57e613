import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Grantee } from "./service-role";

/** What the ingester does with its own item: no scan, no query, no delete. */
const CHECKPOINT_ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];

export interface CheckpointTableProps {
  /** 3 to 255 letters, digits, underscores, dots and hyphens; unique in account and region. */
  readonly tableName: string;
  /**
   * Refuse to delete the table: it knows what was paid for.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** @default - DynamoDB's own key */
  readonly kmsKeyArn?: string;
}

/** Progress and money spent, one item for each ingester; partition key `pk`, no sort key. */
export class CheckpointTable extends Construct {
  constructor(scope: Construct, id: string, props: CheckpointTableProps) {
    super(scope, id);
    new DynamodbTable(this, "Default", {
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      attribute: [{ name: "pk", type: "S" }],
      deletionProtectionEnabled: props.deletionProtection ?? true,
      pointInTimeRecovery: { enabled: true },
      ...(props.kmsKeyArn ? { serverSideEncryption: { enabled: true, kmsKeyArn: props.kmsKeyArn } } : {}),
    });
  }
}

/** A table that another stack owns. */
export interface CheckpointTableReference {
  readonly tableArn: string;
  /** Set when the table is encrypted with a customer-managed key. */
  readonly kmsKeyArn?: string | undefined;
}

/** Lets the grantee read and write items of this table. */
export function grantCheckpoint(table: CheckpointTableReference, grantee: Grantee): void {
  grantee.addStatement({ sid: "KeepCheckpoint", actions: CHECKPOINT_ACTIONS, resources: [table.tableArn] });
}
