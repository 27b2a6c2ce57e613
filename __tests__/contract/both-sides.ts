/** One configuration, seen by synth and by the ingester. */
import { loadConfig } from "../../ingester/src/config/config";
import { ConfigError } from "../../ingester/src/loop/errors";
import { ConfigurationError, checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { type IngesterSettings, ingesterEnvironment } from "../../stacks/ingestion/settings";
import { environmentWith } from "../helpers/environment";
import { containersOf, type Synthesized, synthesize } from "../helpers/synth";

/** As `run` reads its environment, without --max-posts and --max-usd. */
export const RUN = { caps: { maxPosts: undefined, maxUsd: undefined } };

const X_BEARER_TOKEN = "AAAAAAAAAAAAAAAAAAAAA-secret";

/** What the stacks know and an environment file does not say. */
export const TARGETS = {
  region: "eu-west-1",
  stream: "tweet_stream",
  checkpointTable: "table",
  metricsNamespace: "",
  runOnce: false,
};

/** What the ingester sees in its container: the plain values, and a value for each secret. */
export function containerEnvironment(stack: Synthesized): Record<string, string> {
  const [container] = containersOf(stack);
  const plain = container?.environment.map(({ name, value }) => [name, value]) ?? [];
  const secrets = container?.secrets.map(({ name }) => [name, X_BEARER_TOKEN]) ?? [];
  return Object.fromEntries([...plain, ...secrets]);
}

/** What the ingester of an environment makes of its container. */
export function ingesterConfig(environment: EnvironmentConfig) {
  return loadConfig(containerEnvironment(synthesize(environment).ingester), RUN);
}

/** A task that no buffer is too large for: what the ingester cannot know is not compared. */
const LARGE = { cpu: 8_192, memoryMiB: 32_768 };

/** Settings that may be wrong, because nothing has checked them yet. */
export type Unchecked = { readonly [Key in keyof IngesterSettings]?: unknown };

export function synthProblems(settings: Unchecked): readonly string[] {
  const ingester = settings as unknown as IngesterSettings;
  return problemsOf(ConfigurationError, () =>
    checkEnvironments({ "test.ts": { ...environmentWith({ worker: LARGE }), ingester } }),
  );
}

export function ingesterProblems(settings: Unchecked, targets = TARGETS): readonly string[] {
  const ingester = settings as unknown as IngesterSettings;
  const variables = { ...ingesterEnvironment(ingester, targets), INGEST_MODE: ingester.source.mode };
  return problemsOf(ConfigError, () => loadConfig({ ...variables, X_BEARER_TOKEN }, RUN));
}

type ErrorWithProblems = new (
  problems: readonly string[],
) => Error & { readonly problems: readonly string[] };

function problemsOf(kind: ErrorWithProblems, attempt: () => void): readonly string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof kind) return error.problems;
    throw error;
  }
}
