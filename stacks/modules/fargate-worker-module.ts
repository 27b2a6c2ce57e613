import type { App } from "cdktf";
import { Ingester } from "../ingestion/ingester";
import { sameRegion } from "./bound-validation";
import { existingNetwork, ingesterSettings, surroundings, workerSize } from "./ingester-inputs";
import { ModuleStack } from "./module-stack";
import { deletable, streamName } from "./stream-inputs";

/** `modules/fargate-worker` */
export class FargateWorkerModule extends ModuleStack {
  readonly summary =
    "The ingester as a Fargate service, or started by schedule, in a network of yours: cluster, task, roles, security group and logs. It searches with one query or with several, or listens to the filtered stream. It may put records on one stream, keep its ledger in one table, and read one secret. Fixed: no sidecars, no way in to the status page.";

  constructor(app: App) {
    super(app, "fargate-worker", "Fargate worker");
    const { inputs } = this;
    const location = this.location();
    const name = inputs.string("name", {
      description: "Names cluster, service and task family; begins the names of roles and log group.",
      bound: "baseName",
    });
    const logRetentionDays = this.logRetentionDays();
    const ingester = new Ingester(this, "ingester", {
      location,
      name,
      ...surroundings(inputs),
      settings: ingesterSettings(inputs, name),
      streamName: streamName(inputs, "Delivery stream that takes the posts, in the same account and region."),
      checkpointTableName: inputs.string("checkpoint_table_name", {
        description: "DynamoDB table with the partition key `pk` (string), in the same account and region.",
        bound: "tableName",
      }),
      network: existingNetwork(this, inputs, { location, networkName: name, logRetentionDays }),
      worker: workerSize(inputs),
      deletable: deletable(inputs),
      logRetentionDays,
      kmsKeyArn: this.kmsKeyArn(),
      checkpointKmsKeyArn: inputs.optionalString("checkpoint_kms_key_arn", {
        description: "Key of the table, where it is a customer-managed one.",
        bound: "kmsKeyArn",
        pairs: [sameRegion("checkpoint_kms_key_arn", "a key", true)],
      }),
    });
    this.tagEverything();
    this.ingesterOutputs(name, ingester);
  }
}
