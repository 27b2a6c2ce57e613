import { App } from "cdktf";
import { DeliveryStreamModule } from "./delivery-stream-module";
import { FargateWorkerModule } from "./fargate-worker-module";
import { IngestionModule } from "./ingestion-module";
import type { ModuleStack } from "./module-stack";

/** Every module, by the name of its folder in modules/. */
export function moduleStacks(): Readonly<Record<string, ModuleStack>> {
  const app = new App();
  const stacks = [new IngestionModule(app), new DeliveryStreamModule(app), new FargateWorkerModule(app)];
  return Object.fromEntries(stacks.map((stack) => [stack.node.id, stack]));
}
