import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Grantee } from "../aws/policy";
import { checkAtSynth, fieldProblems } from "../checks/check";
import { type DeletableProps, keptUnless, not } from "../terraform/kept";

const KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"];
/** What the ingester does with its ledger, which is one item: read it, and replace it on a condition. */
const CHECKPOINT_ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem"];

export interface CheckpointTableProps extends DeletableProps {
  /** 3 to 255 letters, digits, underscores, dots and hyphens; unique in account and region. */
  readonly tableName: string;
  /** @default - DynamoDB's own key */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * The ledger: coverage of the queries, claims of running workers, and the budget, in one item for each X account.
 * Partition key `pk`, no sort key.
 */
export class CheckpointTable extends Construct {
  readonly tableName: string;
  /** The created table: Terraform sees no dependency in its name. */
  readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: CheckpointTableProps) {
    super(scope, id);
    checkAtSynth(
      this,
      fieldProblems<CheckpointTableProps>({ tableName: "tableName", kmsKeyArn: "kmsKeyArn" }, props),
    );
    this.tableName = props.tableName;
    this.dependable = new DynamodbTable(this, "Default", {
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      attribute: [{ name: "pk", type: "S" }],
      // AWS refuses the deletion, too: without the ledger, posts would be bought again.
      deletionProtectionEnabled: not(props.deletable ?? false),
      ...keptUnless(props.deletable),
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

/** Allows the grantee to read and replace ledgers in this table. */
export function grantCheckpoint(table: CheckpointTableReference, grantee: Grantee): void {
  grantee.addStatement({ sid: "KeepLedger", actions: CHECKPOINT_ACTIONS, resources: [table.tableArn] });
  // DynamoDB uses the key with the caller's permissions.
  if (table.kmsKeyArn)
    grantee.addStatement({ sid: "UseLedgerKey", actions: KEY_ACTIONS, resources: [table.kmsKeyArn] });
}
