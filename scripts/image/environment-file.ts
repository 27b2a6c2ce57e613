import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../../local/support/usage-error";
import { checkEnvironments } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";

/** An environment, and where it is written. */
export interface LoadedEnvironment {
  /** Relative to the repository. */
  readonly file: string;
  readonly config: EnvironmentConfig;
}

/**
 * Reads one environment file.
 * @throws UsageError when there is none of that name.
 * @throws ConfigurationError naming everything wrong in it.
 */
export async function loadEnvironment(root: string, name: string): Promise<LoadedEnvironment> {
  const file = `environments/${name}.ts`;
  const path = join(root, file);
  if (!existsSync(path)) {
    throw new UsageError(`--env must be one of ${namesIn(root)}, got ${JSON.stringify(name)}.`);
  }
  const exported = Object.values((await import(pathToFileURL(path).href)) as Record<string, unknown>);
  const config = exported.find((value) => (value as Partial<EnvironmentConfig>)?.environment === name);
  if (config === undefined) {
    throw new UsageError(`${file} exports no environment whose \`environment\` is ${JSON.stringify(name)}.`);
  }
  checkEnvironments({ [file]: config as EnvironmentConfig });
  return { file, config: config as EnvironmentConfig };
}

function namesIn(root: string): string {
  const files = readdirSync(join(root, "environments")).filter((file) => file.endsWith(".ts"));
  return files.map((file) => file.slice(0, -".ts".length)).join(", ");
}
