import type { ModuleDocument } from "../../stacks/modules/module-document";
import type { ModuleStack } from "../../stacks/modules/module-stack";

/** A `variable` block, as the module's document has it. */
export interface VariableBlock {
  readonly description: string;
  readonly type: string;
  readonly default?: unknown;
  readonly validation?: readonly { readonly error_message: string }[];
}

/** Folders of examples, by module, with their titles. */
const EXAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ingestion: {
    minimal: "one query, as little as possible",
    queries: "several queries in one task, under one budget",
    stream: "the filtered stream in place of searching",
    scheduled: "started every quarter of an hour on Spot, with a key, tags, tiering and expiry of your own",
  },
  "delivery-stream": { minimal: "a stream, its bucket, and a policy for a producer of your own" },
  "fargate-worker": { parts: "beside the module delivery-stream and a table of your own" },
};

interface VersionsBlock {
  readonly required_version: string;
  readonly required_providers: { readonly aws: { readonly version: string } };
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
  const versions = document.terraform as VersionsBlock;
  const examples = Object.entries(EXAMPLES[name] ?? {})
    .map(([folder, text]) => `- [${text}](examples/${folder}/main.tf)`)
    .join("\n");
  return `# ${title}

${summary}

The module holds no provider and no backend: the caller brings both, and may use \`count\`, \`for_each\` and \`depends_on\`. Generated from \`stacks/modules/${name}-module.ts\` by \`npm run modules\`; do not edit.

\`\`\`hcl
${example(name, variables)}
\`\`\`

## Requirements

| Name | Version |
| --- | --- |
| Terraform | \`${versions.required_version}\` |
| \`hashicorp/aws\` | \`${versions.required_providers.aws.version}\` |

## Examples

${examples}

\`terraform init && terraform test\` in this folder runs [its tests](tests) on a mocked provider, without an account.

## Inputs

${table(["Name", "Description", "Type", "Default", "Allowed"], variables.map(inputRow))}

## Outputs

${table(
  ["Name", "Description"],
  outputs.map(([output, { description }]) => [`\`${output}\``, description]),
)}

## Resources

${table(["Name", "Created"], resourceRows(document))}
`;
}

/** Every address, with the condition of those that are not always there. */
function resourceRows({ resource }: ModuleDocument): string[][] {
  const types = Object.entries(resource as Record<string, Record<string, RepeatedBlock>>);
  return types.flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, block]) => [`\`${type}.${id}\``, created(block)]),
  );
}

interface RepeatedBlock {
  readonly count?: string;
  readonly for_each?: string;
}

/** How often, and with which variable: `${var.x == null ? 0 : 1}` in words. */
function created({ count, for_each }: RepeatedBlock): string {
  if (for_each !== undefined) return "for each of `search_queries` but the first";
  if (count === undefined) return "always";
  const [, address = "", absent] = /([\w.]+) == null \? (\d)/.exec(count) ?? [];
  const given =
    address === "local.filled_stream"
      ? "`stream_rules` and `stream_fill`"
      : `\`${address.replace("var.", "")}\``;
  return `${absent === "1" ? "without" : "with"} ${given}`;
}

/** One of several variables must be given: these are usual. */
const USUAL = ["search_query", "monthly_usd_limit"];

/** A call with what must be given. */
function example(name: string, variables: readonly [string, VariableBlock][]): string {
  const required = variables
    .filter(([variable, block]) => !("default" in block) || USUAL.includes(variable))
    .map(([variable]) => variable);
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
