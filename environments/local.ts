import type { EnvironmentConfig } from "../stacks/environment/environment";

/**
 * For an AWS emulator (moto, LocalStack, ...) at AWS_ENDPOINT_URL; see docs/emulator.md. No transform: it needs
 * `npm run build` first, and moto's Firehose delivers to S3 without calling a function.
 */
export const local: EnvironmentConfig = {
  app: "tweets",
  environment: "local",
  accountId: "123456789012",
  region: "us-east-1",
  emulator: true,
  logRetentionDays: 1,
  deletable: true,
  token: { recoveryWindowDays: 0 },
  delivery: { bufferingSizeMiB: 1, bufferingIntervalSeconds: 0 },
  // moto 5.2 cannot delete saved queries of Athena, and earlier ones cannot tag a workgroup.
  catalog: { workgroup: false },
  network: { mode: "public", availabilityZones: ["us-east-1a"] },
  worker: { image: "0.1.0", cpu: 256, memoryMiB: 512, cpuArchitecture: "X86_64" },
  ingester: {
    // A simulator's posts are all there before the first start, and cost nothing.
    source: { mode: "search", query: "lang:en", start: "window" },
    monthlyPostLimit: 1_000,
  },
};
