import { checkTree } from "../../stacks/environment/check-environments";
import type { ModuleDocument } from "../../stacks/modules/module-document";
import type { ModuleStack } from "../../stacks/modules/module-stack";
import { moduleStacks } from "../../stacks/modules/modules";
import { moduleReadme } from "./readme";

/** Text by path below modules/. */
export type ModuleFiles = ReadonlyMap<string, string>;

/** Blocks that have a file of their own, as Terraform's style guide has it; all others are in main.tf.json. */
const FILES: Readonly<Record<string, string>> = {
  variable: "variables.tf.json",
  output: "outputs.tf.json",
  terraform: "versions.tf.json",
};

/** Every file of every module. @throws ConfigurationError when a construct objects */
export function renderModules(): ModuleFiles {
  const modules = Object.entries(moduleStacks());
  return new Map(modules.flatMap(([name, stack]) => renderModule(name, stack)));
}

function renderModule(name: string, stack: ModuleStack): [string, string][] {
  checkTree(stack.node.root);
  const document = stack.moduleDocument();
  const files = [...new Set(["main.tf.json", ...Object.values(FILES)])].map((file): [string, string] => [
    `${name}/${file}`,
    `${JSON.stringify(blocksOf(document, file), null, 2)}\n`,
  ]);
  return [...files, [`${name}/README.md`, moduleReadme(name, stack, document)]];
}

function blocksOf(document: ModuleDocument, file: string): ModuleDocument {
  return Object.fromEntries(
    Object.entries(document).filter(([block]) => (FILES[block] ?? "main.tf.json") === file),
  );
}
