import type { ModuleDocument, ModuleStack } from "../../stacks/modules/module-stack";

/** A `variable` block, as the module's document has it. */
export interface VariableBlock {
  readonly description: string;
  readonly type: string;
  readonly default?: unknown;
  readonly validation?: readonly { readonly error_message: string }[];
}

interface OutputBlock {
  readonly description: string;
}

/** The module's page: what it is, how to call it, and what goes in and comes out. */
export function moduleReadme(
  name: string,
  { title, summary }: ModuleStack,
  document: ModuleDocument,
): string {
  const variables = Object.entries(document.variable as Record<string, VariableBlock>);
  const outputs = Object.entries(document.output as Record<string, OutputBlock>);
  return `# ${title}

${summary}

The module holds no provider and no backend: the caller brings both, and may use \`count\`, \`for_each\` and \`depends_on\`. Generated from \`stacks/modules/${name}-module.ts\` by \`npm run modules\`; do not edit.

\`\`\`hcl
${example(name, variables)}
\`\`\`

## Inputs

${table(["Name", "Description", "Type", "Default", "Allowed"], variables.map(inputRow))}

## Outputs

${table(
  ["Name", "Description"],
  outputs.map(([output, { description }]) => [`\`${output}\``, description]),
)}
`;
}

/** A call with what must be given. */
function example(name: string, variables: readonly [string, VariableBlock][]): string {
  const required = variables.filter(([, block]) => !("default" in block)).map(([variable]) => variable);
  const width = Math.max(...required.map((each) => each.length), "source".length);
  const lines = required.map((each) => `  ${each.padEnd(width)} = var.${each}`);
  const source = `  ${"source".padEnd(width)} = "./modules/${name}"`;
  return [`module "${name.replaceAll("-", "_")}" {`, source, ...lines, "}"].join("\n");
}

function inputRow([name, block]: [string, VariableBlock]): string[] {
  const given = "default" in block ? `\`${JSON.stringify(block.default)}\`` : "required";
  return [`\`${name}\``, block.description, `\`${block.type}\``, given, allowed(name, block)];
}

/** The words of the validation between "must be" and what was got. */
function allowed(name: string, { validation: [first] = [] }: VariableBlock): string {
  const text = first?.error_message ?? "";
  return text.slice(`${name} must be `.length, text.indexOf(", got ${"));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
