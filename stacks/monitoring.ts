import type { Construct } from "constructs";
import { deliveryDefaults } from "./constructs/delivery/props";
import { AlarmTopic } from "./constructs/monitoring/alarm-topic";
import { Alarms } from "./constructs/monitoring/alarms";
import { Dashboard } from "./constructs/monitoring/dashboard";
import type { WatchedService } from "./constructs/monitoring/subjects/service";
import type { WatchedIngestion } from "./constructs/monitoring/watched-ingestion";
import type { RunProps } from "./constructs/worker/props";
import type { EnvironmentConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { watchedIngester } from "./ingestion/coverage-keys";

const TWO_HOURS = 120;
const A_DAY = 1440;

/** Adds the dashboard and the alarms of one environment, and where they are told. */
export function addMonitoring(scope: Construct, names: Names, config: EnvironmentConfig): void {
  const { monitoring = {} } = config;
  const watched = watchedIngestion(names, config);
  const patience = { ...monitoring, noPostsMinutes: noPostsMinutes(config) };
  const alarms = monitoring.alarms ?? true;
  if (alarms) {
    const topicArn = monitoring.topicArn ?? ownTopic(scope, names, config).topicArn;
    new Alarms(scope, "alarms", { ...patience, watched, topicArn });
  }
  if (monitoring.dashboard ?? true) {
    new Dashboard(scope, "dashboard", { watched, alarms: alarms ? patience : undefined });
  }
}

/** A schedule pauses for hours by design, and nothing comes of what is paused. */
function noPostsMinutes({ monitoring = {}, worker }: EnvironmentConfig): number {
  if (isPaused(worker.run)) return 0;
  return monitoring.noPostsMinutes ?? (worker.run?.mode === "schedule" ? A_DAY : TWO_HOURS);
}

function ownTopic(scope: Construct, names: Names, config: EnvironmentConfig): AlarmTopic {
  return new AlarmTopic(scope, "alarm_topic", {
    location: names.location,
    topicName: `${names.ingesterStack}-alarms`,
    alarmNamePattern: `${names.ingesterStack}-*`,
    email: config.monitoring?.email,
    kmsKeyArn: config.kmsKeyArn,
  });
}

function watchedIngestion(names: Names, config: EnvironmentConfig): WatchedIngestion {
  const { metricsNamespace } = names;
  const { bufferingIntervalSeconds } = deliveryDefaults(config.delivery ?? {});
  return {
    stackName: names.ingesterStack,
    location: names.location,
    stream: { streamName: names.stream, bufferingIntervalSeconds },
    ingester: watchedIngester(config.ingester, { streamName: names.stream, metricsNamespace }),
    service: watchedService(names, config),
    transform: config.transform ? { functionName: names.transformFunction, metricsNamespace } : undefined,
  };
}

/** A schedule has no service, and a paused one is expected to run no task. */
function watchedService(names: Names, { worker }: EnvironmentConfig): WatchedService | undefined {
  if (worker.run?.mode === "schedule" || isPaused(worker.run)) return undefined;
  return {
    clusterName: names.ingesterStack,
    serviceName: names.ingesterStack,
    countsTasks: worker.containerInsights !== "disabled",
  };
}

function isPaused(run: RunProps = { mode: "service" }): boolean {
  return run.mode === "service" ? run.desiredCount === 0 : run.enabled === false;
}
