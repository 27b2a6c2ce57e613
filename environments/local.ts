import type { EnvironmentConfig } from "../stacks/environment";

/** For an AWS emulator on this machine (moto, LocalStack, ...) at AWS_ENDPOINT_URL. */
export const local: EnvironmentConfig = {
  app: "tweets",
  environment: "local",
  accountId: "123456789012",
  region: "us-east-1",
  emulator: true,
  logRetentionDays: 1,
  registry: { deleteWithImages: true },
  token: { recoveryWindowDays: 0 },
  storage: { deleteWithObjects: true },
  delivery: { bufferingSizeMiB: 1, bufferingIntervalSeconds: 0 },
  checkpoint: { deletionProtection: false },
  network: { mode: "public", availabilityZones: ["us-east-1a"] },
  worker: { image: "0.1.0", cpu: 256, memoryMiB: 512, cpuArchitecture: "X86_64" },
  ingester: {
    source: { mode: "search", query: "lang:en" },
    monthlyPostLimit: 1_000,
  },
};
