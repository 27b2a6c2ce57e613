import { join } from "node:path";
import { App } from "cdktf";
import { dev } from "./environments/dev";
import { local } from "./environments/local";
import { prod } from "./environments/prod";
import { DataStack } from "./stacks/data-stack";
import { ConfigurationError, checkEnvironments, checkTree } from "./stacks/environment/check-environments";
import type { EnvironmentConfig } from "./stacks/environment/environment";
import { namesOf } from "./stacks/environment/naming";
import { typeProblems } from "./stacks/environment/type-problems";
import { IngesterStack } from "./stacks/ingester-stack";
import { RegistryStack } from "./stacks/registry-stack";

const environments = {
  "environments/dev.ts": dev,
  "environments/prod.ts": prod,
  "environments/local.ts": local,
};

function addStacks(app: App, config: EnvironmentConfig): void {
  const names = namesOf(config);
  const registry = new RegistryStack(app, names, config);
  const data = new DataStack(app, names, config);
  const ingester = new IngesterStack(app, names, config);
  // The order in which `cdktf deploy` creates them; `cdktf destroy` takes the opposite one.
  data.addDependency(registry);
  ingester.addDependency(data);
}

try {
  checkEnvironments(environments, typeProblems(join(__dirname, "tsconfig.synth.json")));
  const app = new App();
  for (const config of Object.values(environments)) addStacks(app, config);
  checkTree(app);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
