import type { TerraformStack } from "cdktf";
import type { Node } from "constructs";

/**
 * The construct path below its stack, joined by underscores, without a hash, because states refer to addresses.
 * A part called `Default` is the construct's main resource and is left out.
 */
export function readableId(stack: TerraformStack, node: Node): string {
  const parts = node.scopes.slice(node.scopes.indexOf(stack) + 1).map((scope) => scope.node.id);
  return parts
    .filter((part) => part !== "Default")
    .map((part) => part.replace(/[^A-Za-z0-9]+/g, "_"))
    .join("_");
}
