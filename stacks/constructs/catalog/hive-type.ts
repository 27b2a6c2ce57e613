/**
 * JSON Schema to Hive types, as Glue, Athena and Firehose's conversion read them.
 * @see https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */

/** The part of JSON Schema that a line's schema uses. */
export interface JsonSchema {
  readonly $ref?: string;
  /** One type, or a type and "null": every column may be null anyway. */
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  // X's counts can exceed 2^31, so every integer is a bigint.
  integer: "bigint",
  number: "double",
  boolean: "boolean",
};

/** The serde folds keys to lower case, and Hive's grammar has no quotes: other names cannot be read back. */
const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * The Hive type of a schema. An object without listed properties is a string: the serde puts its JSON there.
 * @param schema in the document, references included
 * @param document that `$ref` refers to
 * @throws Error for what Hive has no type for
 */
export function hiveType(schema: JsonSchema, document: JsonSchema): string {
  if (schema.$ref !== undefined) return hiveType(resolve(schema.$ref, document), document);
  const type = typeName(schema);
  if (type === "array") return `array<${hiveType(schema.items ?? { type: "string" }, document)}>`;
  if (type === "object") return structType(schema, document);
  const scalar = SCALARS[type];
  if (scalar === undefined)
    throw new Error(
      `JSON type ${type} has no Hive type. Allowed: ${Object.keys(SCALARS).join(", ")}, array, object.`,
    );
  return scalar;
}

/** @throws Error when the name cannot be a column or a field of one. */
export function checkHiveName(name: string): string {
  if (!NAME.test(name))
    throw new Error(
      `A column's name must be lower-case letters, digits and underscores, got ${JSON.stringify(name)}.`,
    );
  return name;
}

function structType({ properties = {} }: JsonSchema, document: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, property]) => `${checkHiveName(name)}:${hiveType(property, document)}`,
  );
  return fields.length === 0 ? "string" : `struct<${fields.join(",")}>`;
}

function typeName({ type }: JsonSchema): string {
  const types = (typeof type === "string" ? [type] : (type ?? [])).filter((name) => name !== "null");
  const [only] = types;
  if (only === undefined || types.length > 1) {
    throw new Error(`A schema must have one type beside null, got ${JSON.stringify(type)}.`);
  }
  return only;
}

function resolve(reference: string, document: JsonSchema): JsonSchema {
  const path = reference.replace(/^#\//, "").split("/");
  const found = path.reduce<unknown>(
    (part, name) => (part as Record<string, unknown> | undefined)?.[name],
    document,
  );
  if (found === undefined) throw new Error(`${reference} does not exist in the schema.`);
  return found as JsonSchema;
}
