import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { deliveryDefaults } from "./constructs/delivery/props";
import { Network } from "./constructs/network/network";
import type { EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { Ingester } from "./ingestion/ingester";
import { Monitoring } from "./ingestion/monitoring";

/** What is replaced weekly: network, cluster, task and service. Nothing here holds data. */
export class IngesterStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.ingesterStack, config);
    const ingester = this.addIngester(names, config);
    this.addOutputs(names, ingester, this.watch(names, config, ingester));
  }

  private addIngester(names: Names, config: EnvironmentConfig): Ingester {
    const { location, metricsNamespace } = names;
    const { kmsKeyArn, logRetentionDays, deletable } = config;
    const { image, ...worker } = config.worker;
    return new Ingester(this, "ingester", {
      location,
      name: names.ingesterStack,
      image: imageReference(names.repositoryUrl, image),
      repositoryArn: names.repositoryArn,
      token: { secretArn: names.tokenSecretArn, kmsKeyArn },
      settings: { ...config.ingester, metricsNamespace },
      streamName: names.stream,
      checkpointTableName: names.checkpointTable,
      network: new Network(this, "network", {
        ...config.network,
        location,
        networkName: names.ingesterStack,
        logRetentionDays,
        deletable,
        kmsKeyArn,
      }),
      worker,
      logRetentionDays,
      deletable,
      kmsKeyArn,
    });
  }

  /** What others build on: known by name, but for what AWS numbers. */
  private addOutputs(names: Names, { worker }: Ingester, monitoring: Monitoring): void {
    const outputs = {
      cluster_arn: worker.clusterArn,
      worker_name: names.ingesterStack,
      security_group_id: worker.securityGroupId,
      task_role_arn: worker.taskRole.knownArn,
      log_group_name: `${names.ingesterStack}/ingester`,
      ...(monitoring.topicArn ? { alarm_topic_arn: monitoring.topicArn } : {}),
      ...(monitoring.dashboardName ? { dashboard_name: monitoring.dashboardName } : {}),
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }

  private watch(names: Names, config: EnvironmentConfig, ingester: Ingester): Monitoring {
    const { metricsNamespace } = names;
    const { bufferingIntervalSeconds } = deliveryDefaults(config.delivery ?? {});
    return new Monitoring(this, "Default", {
      ...config.monitoring,
      location: names.location,
      name: names.ingesterStack,
      stream: {
        streamName: names.stream,
        bufferingIntervalSeconds,
        convertsFormat: config.catalog?.parquet,
      },
      ingester: ingester.watched,
      worker: config.worker,
      transform: config.transform && { functionName: names.transformFunction, metricsNamespace },
      kmsKeyArn: config.kmsKeyArn,
    });
  }
}

/** A digest is joined by `@`, a tag by a colon. */
function imageReference(repositoryUrl: string, image: string): string {
  return image.startsWith("sha256:") ? `${repositoryUrl}@${image}` : `${repositoryUrl}:${image}`;
}
