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
    this.watch(names, config, this.addIngester(names, config));
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

  private watch(names: Names, config: EnvironmentConfig, ingester: Ingester): void {
    const { metricsNamespace } = names;
    const { bufferingIntervalSeconds } = deliveryDefaults(config.delivery ?? {});
    new Monitoring(this, "Default", {
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
