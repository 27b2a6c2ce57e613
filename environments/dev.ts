import type { EnvironmentConfig } from "../stacks/environment/environment";

/** For trying things out: cheapest network, a thousand posts a month (five dollars), data that may be deleted. */
export const dev: EnvironmentConfig = {
  app: "tweets",
  environment: "dev",
  accountId: "111111111111",
  region: "eu-west-1",
  logRetentionDays: 14,
  deletable: true,
  token: { recoveryWindowDays: 0 },
  storage: { expireAfterDays: 90, expireOldVersionsAfterDays: 7 },
  delivery: { bufferingSizeMiB: 5, bufferingIntervalSeconds: 60 },
  network: { mode: "public", availabilityZones: ["eu-west-1a", "eu-west-1b"] },
  worker: { image: "0.1.0", cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
  ingester: {
    source: { mode: "search", query: '"climate change" lang:en' },
    monthlyPostLimit: 1_000,
    logLevel: "debug",
  },
};
