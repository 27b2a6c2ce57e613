import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { existingRoleOutputs } from "./constructs/aws/service-role";
import { deliveryDefaults } from "./constructs/delivery/props";
import { Network } from "./constructs/network/network";
import type { EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { auditOf } from "./ingestion/audit";
import { Ingester } from "./ingestion/ingester";
import { Monitoring } from "./ingestion/monitoring";

/** Resources without data: network, cluster, task and service. */
export class IngesterStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.ingesterStack, config);
    const network = this.addNetwork(names, config);
    const ingester = this.addIngester(names, config, network);
    this.addOutputs(names, { ingester, network, monitoring: this.watch(names, config, ingester) });
  }

  private addNetwork(names: Names, config: EnvironmentConfig): Network {
    const { location, ingesterStack: networkName } = names;
    const { kmsKeyArn, logRetentionDays, deletable, network } = config;
    return new Network(this, "network", {
      ...network,
      location,
      networkName,
      logRetentionDays,
      deletable,
      kmsKeyArn,
    });
  }

  private addIngester(names: Names, config: EnvironmentConfig, network: Network): Ingester {
    const { location, metricsNamespace } = names;
    const { kmsKeyArn, logRetentionDays, deletable } = config;
    const { image, ...worker } = config.worker;
    return new Ingester(this, "ingester", {
      location,
      name: names.ingesterStack,
      image: imageReference(names.repositoryUrl, image),
      repositoryArn: names.repositoryArn,
      token: { secretArn: names.tokenSecretArn, kmsKeyArn: config.token?.kmsKeyArn ?? kmsKeyArn },
      settings: { ...config.ingester, metricsNamespace },
      streamName: names.stream,
      checkpointTableName: names.checkpointTable,
      checkpointKmsKeyArn: config.ledger?.kmsKeyArn,
      network,
      worker,
      logRetentionDays,
      deletable,
      kmsKeyArn,
      audit:
        config.audit && auditOf(config.audit, { ...config.storage, ...config, bucketName: names.bucket }),
    });
  }

  /** Outputs that other code builds on: known by name, except for ids that AWS assigns. */
  private addOutputs(names: Names, { ingester, network, monitoring }: Parts): void {
    const { worker } = ingester;
    const outputs = {
      cluster_arn: worker.clusterArn,
      worker_name: names.ingesterStack,
      ...(worker.securityGroupId ? { security_group_id: worker.securityGroupId } : {}),
      task_role_arn: worker.taskRole.knownArn,
      execution_role_arn: worker.executionRole.knownArn,
      ...(worker.schedulerRole ? { scheduler_role_arn: worker.schedulerRole.knownArn } : {}),
      ...(worker.auditRole ? { audit_role_arn: worker.auditRole.knownArn } : {}),
      metrics_namespace: names.metricsNamespace,
      log_group_name: `${names.ingesterStack}/ingester`,
      vpc_id: network.vpcId,
      ...existingRoleOutputs({
        task: worker.taskRole,
        execution: worker.executionRole,
        scheduler: worker.schedulerRole,
        audit: worker.auditRole,
      }),
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
      audit: ingester.watchedAudit,
      kmsKeyArn: config.kmsKeyArn,
    });
  }
}

interface Parts {
  readonly ingester: Ingester;
  readonly network: Network;
  readonly monitoring: Monitoring;
}

/** A digest is joined by `@`, a tag by a colon. */
function imageReference(repositoryUrl: string, image: string): string {
  return image.startsWith("sha256:") ? `${repositoryUrl}@${image}` : `${repositoryUrl}:${image}`;
}
