import { App } from "cdktf";
import { dev } from "../../environments/dev";
import { local } from "../../environments/local";
import { prod } from "../../environments/prod";
import { DataStack } from "../../stacks/data-stack";
import { checkTree } from "../../stacks/environment/check-environments";
import type { EnvironmentConfig } from "../../stacks/environment/environment";
import { namesOf } from "../../stacks/environment/naming";
import { IngesterStack } from "../../stacks/ingester-stack";
import { RegistryStack } from "../../stacks/registry-stack";
import { nasty } from "../plain-text/nasty";
import { variants } from "./variants";

/**
 * Synthesizes every stack of every shipped environment and of every variant that the tests know: each mode and
 * switch once, and texts that are easily damaged. Which library does it is the importer's affair: parity/tsconfig.json maps `cdktf` to `cdktn`.
 * Usage: `tsx [--tsconfig parity/tsconfig.json] __tests__/helpers/every-stack.ts OUTPUT_DIRECTORY`
 */
const [outdir] = process.argv.slice(2);
if (outdir === undefined) {
  console.error("Name the directory to write to: tsx __tests__/helpers/every-stack.ts OUTPUT_DIRECTORY");
  process.exit(2);
}

const app = new App({ outdir });
const shipped: readonly EnvironmentConfig[] = [dev, prod, local];
const configs = [...shipped, ...Object.values(variants), ...nasty.map(({ config }) => config)];
for (const config of configs) {
  const names = namesOf(config);
  new RegistryStack(app, names, config);
  new DataStack(app, names, config);
  new IngesterStack(app, names, config);
}
checkTree(app);
app.synth();
