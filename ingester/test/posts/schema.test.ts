import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import schema from "../../../schema/post-line.schema.json";
import { deadLetterLine } from "../../src/posts/dead-letter";
import { encodePage } from "../../src/posts/line";
import { linesOf } from "../../src/posts/page-lines";
import { type PostLine, SCHEMA_VERSION } from "../../src/posts/post";
import { canonicalIncludes, canonicalPost } from "../../src/posts/vocabulary";
import { COMPLETE, INCLUDES, lineOf, PLAIN, POSTS, PROVENANCE } from "../helpers/posts";

type Schema = {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
};

function compile(against: object) {
  const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true });
  addFormats(ajv);
  return ajv.compile(against);
}

const validate = compile(schema);
/** The same schema, but closed: finds fields that the schema does not list. */
const validateClosed = compile({ ...schema, additionalProperties: false });

function errorsOf(text: string, check = validate): unknown {
  check(JSON.parse(text));
  return check.errors;
}

const encode = (...lines: PostLine[]): string => encodePage(lines, 1_000_000).data.toString();

describe("schema/post-line.schema.json", () => {
  it.each(Object.entries(POSTS))("describes every line that is written: %s", (_name, sent) => {
    const posts = [canonicalPost(sent)];
    const page = { posts, fresh: posts, includes: canonicalIncludes(INCLUDES), provenance: PROVENANCE };
    const lines = [...linesOf(page), ...linesOf({ ...page, includes: {} })];
    for (const text of encode(...lines)
      .split("\n")
      .slice(0, -1)) {
      expect(errorsOf(text, validateClosed)).toBeNull();
    }
  });

  it("describes dead letters", () => {
    const letter = deadLetterLine(lineOf(COMPLETE), {
      reason: "oversize",
      bytes: 2_000_000,
      maxBytes: 2_000,
    });
    expect(errorsOf(letter, validateClosed)).toBeNull();
    expect(errorsOf(letter.replace('"oversize"', '"whim"'))).not.toBeNull();
  });

  it("describes posts without an id", () => {
    const [line = ""] = encode(lineOf({ ...PLAIN, id: "no-id-0123456789ab" })).split("\n");
    expect(errorsOf(line, validateClosed)).toBeNull();
    expect(line).toContain('"reason":"no_id"');
  });

  it("describes lines of the filtered stream", () => {
    const ingestion = { schema_version: 1, source: "stream", received_at: PROVENANCE.received_at };
    const streamed = { ...PLAIN, matching_rules: [{ id: "1", tag: "coffee" }], ingestion };
    expect(errorsOf(JSON.stringify(streamed), validateClosed)).toBeNull();
  });

  it("describes the examples in docs/record.md", () => {
    const text = readFileSync(join(__dirname, "../../../docs/record.md"), "utf8");
    const examples = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, example]) => example ?? "");
    expect(examples.map((example) => errorsOf(example, validateClosed))).toEqual([null, null]);
    const { full_text, includes, ingestion, ...post } = JSON.parse(examples[0] ?? "");
    const { schema_version: _version, ...provenance } = ingestion;
    const encoded = encode({ post, includes, provenance });
    expect(JSON.parse(encoded)).toEqual({ ...post, full_text, includes, ingestion });
  });

  it("lets fields pass that X has yet to invent", () => {
    const text = encode(lineOf({ ...PLAIN, hologram: { depth: 3 } }));
    expect(errorsOf(text)).toBeNull();
    expect(errorsOf(text, validateClosed)).not.toBeNull();
  });

  it.each([
    ["no id", { ingestion: { schema_version: 1, source: "stream", received_at: PROVENANCE.received_at } }],
    ["no ingestion", PLAIN],
    ["a number for an id", { ...PLAIN, id: 1, ingestion: { schema_version: 1, ...PROVENANCE } }],
    [
      "a source that is none",
      { ...PLAIN, ingestion: { schema_version: 1, ...PROVENANCE, source: "elsewhere" } },
    ],
    [
      "a time that is none",
      { ...PLAIN, ingestion: { schema_version: 1, ...PROVENANCE, received_at: "noon" } },
    ],
    ["another version", { ...PLAIN, ingestion: { schema_version: 2, ...PROVENANCE } }],
  ])("refuses a line with %s", (_name, line) => {
    expect(validate(line)).toBe(false);
  });

  it("has the version that lines say they have", () => {
    expect(schema.properties.ingestion.properties.schema_version.const).toBe(SCHEMA_VERSION);
  });

  it("gives each column a comment of a length that Glue takes", () => {
    for (const [name, property] of Object.entries<Schema>(schema.properties)) {
      expect([name, property.description]).toEqual([name, expect.stringMatching(/^.{5,255}$/)]);
    }
  });

  it("holds nothing that a Hive column cannot", () => {
    for (const property of Object.values<Schema>(schema.properties)) {
      expect(hiveType(property)).toMatch(/^(string|bigint|double|boolean|array<.+>|struct<.+>)$/);
    }
    expect(hiveType(schema.properties.public_metrics)).toMatch(/^struct<repost_count:bigint,/);
  });
});

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "bigint",
  number: "double",
  boolean: "boolean",
};

/** Objects of unknown shape stay JSON text. */
function hiveType(given: Schema): string {
  const resolved = given.$ref === undefined ? given : follow(given.$ref);
  const [type] = [resolved.type ?? []].flat().filter((name) => name !== "null");
  if (type === "array" && resolved.items) return `array<${hiveType(resolved.items)}>`;
  if (type !== "object") return SCALARS[type ?? ""] ?? `no Hive type for ${type}`;
  if (resolved.properties === undefined) return "string";
  const fields = Object.entries(resolved.properties).map(([name, field]) => `${name}:${hiveType(field)}`);
  return `struct<${fields.join(",")}>`;
}

function follow(ref: string): Schema {
  const steps = ref.replace("#/", "").split("/");
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], schema) as Schema;
}
