/** A Hive type in DuckDB's words; throws where Hive's grammar ends. */
export function duckType(hive: string): string {
  const { type, rest } = read(hive);
  if (rest !== "") throw new Error(`Unexpected ${JSON.stringify(rest)} in the Hive type ${hive}`);
  return type;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  bigint: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
};

interface Read {
  readonly type: string;
  readonly rest: string;
}

function read(hive: string): Read {
  const [, word = "", rest = ""] = /^([a-z]+)(.*)$/s.exec(hive) ?? [];
  if (word === "array") {
    const item = read(after("<", rest));
    return { type: `${item.type}[]`, rest: after(">", item.rest) };
  }
  if (word === "struct") return readFields(after("<", rest), []);
  const type = SCALARS[word];
  if (type === undefined) throw new Error(`Unknown Hive type ${JSON.stringify(hive.slice(0, 40))}`);
  return { type, rest };
}

function readFields(text: string, fields: readonly string[]): Read {
  const [, name, value = ""] = /^([a-z][a-z0-9_]*):(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new Error(`Not a struct's field: ${JSON.stringify(text.slice(0, 40))}`);
  const { type, rest } = read(value);
  const all = [...fields, `"${name}" ${type}`];
  if (rest.startsWith(",")) return readFields(after(",", rest), all);
  return { type: `STRUCT(${all.join(", ")})`, rest: after(">", rest) };
}

function after(mark: string, text: string): string {
  if (!text.startsWith(mark)) throw new Error(`Expected ${mark} before ${JSON.stringify(text.slice(0, 40))}`);
  return text.slice(mark.length);
}
