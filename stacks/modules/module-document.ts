/** A module as Terraform reads it, by block type. */
export type ModuleDocument = Readonly<Record<string, unknown>>;

type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;
type Block = Readonly<Record<string, unknown>>;

/**
 * Adds what CDKTF cannot express about variables that may be null: blocks that refer to such a variable become dynamic
 * ones, and references to resources with `count` are to their only instance.
 */
export function withOptionalParts({ resource, data, variable, ...document }: ModuleDocument): ModuleDocument {
  const variables = Object.entries(variable as Readonly<Record<string, { nullable?: boolean }>>);
  const nullable = variables.filter(([, each]) => each.nullable === true).map(([name]) => name);
  const dynamic = (blocks: unknown) =>
    mapBlocks(blocks as Blocks, (block) => withDynamicBlocks(block, nullable));
  const counted = countedAddresses(resource as Blocks);
  return {
    ...document,
    // CDKTF fails on a default of null.
    variable: Object.fromEntries(
      variables.map(([name, each]) => [name, each.nullable ? { ...each, default: null } : each]),
    ),
    data: indexed(dynamic(data), counted),
    resource: indexed(dynamic(resource), counted),
  };
}

/** Removes locals that this module does not use: several modules share the code that declares them. */
export function withoutUnusedLocals({ locals, ...document }: ModuleDocument): ModuleDocument {
  const entries = Object.entries((locals ?? {}) as Readonly<Record<string, string>>);
  const text = JSON.stringify(document);
  const usedBy = (texts: string) =>
    entries.filter(([name]) => new RegExp(`\\blocal\\.${name}\\b`).test(texts));
  const used = usedBy(
    text +
      usedBy(text)
        .map(([, expression]) => expression)
        .join(),
  );
  return used.length === 0 ? document : { locals: Object.fromEntries(used), ...document };
}

function mapBlocks(blocks: Blocks, change: (block: Block) => Block): Blocks {
  return Object.fromEntries(
    Object.entries(blocks).map(([type, byId]) => [
      type,
      Object.fromEntries(Object.entries(byId).map(([id, block]) => [id, change(block)])),
    ]),
  );
}

/** Makes blocks dynamic that exist only where a variable is given. Blocks with their own condition on null stay. */
function withDynamicBlocks(block: Block, nullable: readonly string[]): Block {
  const dynamic: Record<string, object[]> = {};
  const fixed = Object.entries(block).flatMap(([name, value]): [string, unknown][] => {
    const items = Array.isArray(value) ? value : [value];
    if (!items.every((item) => typeof item === "object" && item !== null)) return [[name, value]];
    const always = items.filter((item) => {
      const variable = nullable.find((each) => dependsOn(item, each));
      if (variable === undefined) return true;
      const each = { for_each: `\${var.${variable} == null ? [] : [1]}`, content: item };
      dynamic[name] = [...(dynamic[name] ?? []), each];
      return false;
    });
    if (always.length === items.length) return [[name, value]];
    return always.length === 0 ? [] : [[name, always]];
  });
  return { ...Object.fromEntries(fixed), ...(Object.keys(dynamic).length > 0 ? { dynamic } : {}) };
}

function dependsOn(item: unknown, variable: string): boolean {
  const text = JSON.stringify(item);
  return new RegExp(`\\bvar\\.${variable}\\b`).test(text) && !text.includes(`var.${variable} != null`);
}

function countedAddresses(resources: Blocks): string[] {
  return Object.entries(resources).flatMap(([type, byId]) =>
    Object.entries(byId).flatMap(([id, block]) => ("count" in block ? [`${type}.${id}`] : [])),
  );
}

/** Refers to attributes of the first instance of a resource with `count`; `depends_on` names the resource. */
function indexed(blocks: Blocks, counted: readonly string[]): Blocks {
  const text = counted.reduce(
    (json, address) =>
      json.replaceAll(new RegExp(`\\b${address.replace(".", "[.]")}[.](?=[a-z])`, "g"), `${address}[0].`),
    JSON.stringify(blocks),
  );
  return JSON.parse(text) as Blocks;
}
