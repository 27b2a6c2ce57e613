import type { EnvironmentConfig } from "../stacks/environment/environment";

/** For keeping: everything protected against deletion, a hard limit of a hundred thousand posts a month. */
export const prod: EnvironmentConfig = {
  app: "tweets",
  environment: "prod",
  accountId: "222222222222",
  region: "eu-west-1",
  logRetentionDays: 365,
  token: { recoveryWindowDays: 30 },
  storage: { infrequentAccessAfterDays: 90, expireOldVersionsAfterDays: 90 },
  network: {
    mode: "nat",
    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    natGatewayZones: ["eu-west-1a"],
    flowLogs: true,
  },
  worker: { image: "0.1.0", cpu: 512, memoryMiB: 1024, cpuArchitecture: "ARM64" },
  ingester: {
    source: { mode: "search", query: '"climate change" lang:en' },
    monthlyPostLimit: 100_000,
    monthlyUsdLimit: 500,
  },
};
