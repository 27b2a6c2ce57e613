import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { LogGroup } from "./constructs/aws/log-group";
import { grantPutRecords } from "./constructs/delivery/delivery-stream";
import { Network } from "./constructs/network/network";
import { grantCheckpoint } from "./constructs/storage/checkpoint-table";
import { FargateWorker } from "./constructs/worker/fargate-worker";
import type { EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { DEFAULT_HTTP_PORT, ingesterEnvironment } from "./ingestion/settings";
import { addMonitoring } from "./monitoring";

/** What is replaced weekly: network, cluster, task and service. Nothing here holds data. */
export class IngesterStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.ingesterStack, config);
    const { location } = names;
    const { kmsKeyArn } = config;
    const { image, ...worker } = config.worker;

    const fargate = new FargateWorker(this, "ingester", {
      ...worker,
      location,
      workerName: names.ingesterStack,
      image: imageReference(names.repositoryUrl, image),
      repositoryArn: names.repositoryArn,
      environment: ingesterEnvironment(config.ingester, {
        runOnce: worker.run?.mode === "schedule",
        region: location.region,
        stream: names.stream,
        checkpointTable: names.checkpointTable,
        metricsNamespace: names.metricsNamespace,
      }),
      secretVariable: "X_BEARER_TOKEN",
      secret: { secretArn: names.tokenSecretArn, kmsKeyArn },
      httpPort: config.ingester.httpPort ?? DEFAULT_HTTP_PORT,
      network: new Network(this, "network", {
        ...config.network,
        location,
        networkName: names.ingesterStack,
        logRetentionDays: config.logRetentionDays,
        kmsKeyArn,
      }),
      kmsKeyArn,
      logGroup: new LogGroup(this, "ingester_log", {
        location,
        logGroupName: `${names.ingesterStack}/ingester`,
        retentionDays: config.logRetentionDays,
        ...(kmsKeyArn ? { kmsKeyArn } : {}),
      }),
    });
    grantPutRecords({ streamArn: names.streamArn, kmsKeyArn }, fargate.taskRole);
    grantCheckpoint({ tableArn: names.checkpointTableArn }, fargate.taskRole);
    addMonitoring(this, names, config);
  }
}

/** A digest is joined by `@`, a tag by a colon. */
function imageReference(repositoryUrl: string, image: string): string {
  return image.startsWith("sha256:") ? `${repositoryUrl}@${image}` : `${repositoryUrl}:${image}`;
}
