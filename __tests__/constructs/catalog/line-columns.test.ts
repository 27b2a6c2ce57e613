import schema from "../../../schema/post-line.schema.json";
import { duckType } from "../../../scripts/duckdb/duck-type";
import { hiveType, type JsonSchema } from "../../../stacks/constructs/catalog/hive-type";
import { lineColumns } from "../../../stacks/constructs/catalog/line-columns";

const typeOf = (property: JsonSchema) => hiveType(property, { $defs: { tag: { type: "string" } } });

describe("Hive types", () => {
  it.each<[string, JsonSchema]>([
    ["string", { type: "string", format: "date-time" }],
    ["bigint", { type: ["integer", "null"] }],
    ["double", { type: "number" }],
    ["boolean", { type: "boolean" }],
    ["string", { type: "object", additionalProperties: true }],
    ["array<string>", { type: "array", items: { $ref: "#/$defs/tag" } }],
    [
      "array<struct<end:bigint,tags:array<string>>>",
      {
        type: ["array", "null"],
        items: { type: "object", properties: { end: { type: "integer" }, tags: { type: "array" } } },
      },
    ],
  ])("are %s for %j", (expected, property) => {
    expect(typeOf(property)).toBe(expected);
  });

  it.each<[string, JsonSchema]>([
    ["one type", { type: ["string", "integer"] }],
    ["one type", {}],
    ["no Hive type", { type: "tuple" }],
    ["does not exist", { $ref: "#/$defs/nothing" }],
    ["lower-case letters", { type: "object", properties: { "media-key": { type: "string" } } }],
    ["lower-case letters", { type: "object", properties: { mediaKey: { type: "string" } } }],
  ])("are refused with %s for %j", (message, property) => {
    expect(() => typeOf(property)).toThrow(message);
  });
});

describe("the columns of a line", () => {
  const columns = lineColumns();

  it("are the schema's properties in its order, with its descriptions", () => {
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(schema.properties));
    expect(columns[0]).toEqual({ name: "id", type: "string", comment: schema.properties.id.description });
  });

  it("reach into structs and lists", () => {
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    expect(types.public_metrics).toMatch(/^struct<repost_count:bigint,/);
    expect(types.edit_history_post_ids).toBe("array<string>");
    expect(types.geo).toBe(
      "struct<place_id:string,coordinates:struct<type:string,coordinates:array<double>>>",
    );
    expect(types.article).toBe("string");
  });

  it("are types that a Hive parser can read", () => {
    for (const { type } of columns) expect(duckType(type)).not.toBe("");
  });

  it("keep to what Glue stores of a column", () => {
    for (const { type, comment } of columns) {
      expect(type.length).toBeLessThanOrEqual(131_072);
      expect(comment.length).toBeLessThanOrEqual(255);
    }
  });

  it("cut a comment at a word", () => {
    const description = "word ".repeat(80).trim();
    const [column] = lineColumns({ properties: { id: { type: "string", description } } });
    expect(column?.comment).toMatch(/^(word )+word…$/);
  });

  it("have names that need no quotes in a query", () => {
    // https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html, for SELECT
    const reserved =
      "alter and as between by case cast constraint create cross cube current_catalog current_date current_path current_schema current_time current_timestamp current_user deallocate delete describe distinct drop else end escape except exists extract false first for from full group grouping having in inner insert intersect into is join json_array json_exists json_object json_query json_table json_value last left like listagg localtime localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then trim true uescape union unnest using values when where with";
    const names = columns.map(({ name }) => name);
    expect(names.filter((name) => reserved.split(" ").includes(name))).toEqual([]);
  });
});
