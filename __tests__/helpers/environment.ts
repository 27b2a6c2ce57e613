import type { EnvironmentConfig } from "../../stacks/environment/environment";
import type { SearchSource } from "../../stacks/ingestion/source";

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;

const base: EnvironmentConfig = {
  app: "tweets",
  environment: "test",
  accountId: "333333333333",
  region: "eu-west-1",
  logRetentionDays: 30,
  network: { mode: "public", availabilityZones: ["eu-west-1a", "eu-west-1b"] },
  worker: { image: "1.2.3", cpu: 256, memoryMiB: 512, cpuArchitecture: "ARM64" },
  ingester: { source: { mode: "search", query: "cats" }, monthlyPostLimit: 500 },
};

/**
 * A small valid environment with some values replaced; sections are merged unless their mode changes, lists are not.
 */
export function environmentWith(changes: DeepPartial<EnvironmentConfig> = {}): EnvironmentConfig {
  return merge(base, changes) as EnvironmentConfig;
}

function merge(target: unknown, changes: unknown): unknown {
  if (!isRecord(target) || !isRecord(changes)) return changes;
  if (changes.mode !== undefined && target.mode !== changes.mode) return changes;
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(changes)) merged[key] = merge(target[key], value);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an environment in search mode searches for. */
export function searchOf({ ingester: { source } }: EnvironmentConfig): SearchSource {
  if (source.mode !== "search") throw new Error("It listens to the filtered stream");
  return source;
}
