import openApi from "../../../../local/test/fixtures/x-api.schema.json";

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const definitions: Readonly<Record<string, Schema>> = openApi.definitions as object as Record<string, Schema>;

/** Everything that an object of the OpenAPI is made of: names from the outside inwards, those of lists with `[]`. */
export function pathsOf(definition: string): readonly (readonly string[])[] {
  const schema = definitions[definition];
  if (schema === undefined) throw new Error(`The OpenAPI defines no ${definition}`);
  return inside(schema);
}

function inside(schema: Schema): readonly (readonly string[])[] {
  const { properties } = itemOf(schema);
  if (properties === undefined) return [[]];
  return Object.entries(properties).flatMap(([name, property]) => {
    const entered = resolved(property).items === undefined ? name : `${name}[]`;
    return inside(property).map((path) => [path.length > 0 ? entered : name, ...path]);
  });
}

function itemOf(schema: Schema): Schema {
  const { items, ...object } = resolved(schema);
  return items === undefined ? object : itemOf(items);
}

function resolved(schema: Schema): Schema {
  const [only] = schema.oneOf ?? [];
  if (only !== undefined) return resolved(only);
  return schema.$ref === undefined
    ? schema
    : resolved(definitions[schema.$ref.replace("#/definitions/", "")] ?? {});
}
