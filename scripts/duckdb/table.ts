/** The table of docs/query.md for DuckDB: a file of SQL that is run before any query. */
import { join } from "node:path";
import { lineColumns } from "../../stacks/constructs/catalog/line-columns";
import { PARTITION_KEYS } from "../../stacks/constructs/catalog/partition-projection";
import { duckType } from "./duck-type";

export const TABLE_FILE = join(__dirname, "../../schema/duckdb.sql");

/**
 * With the table's own columns, because DuckDB guesses them from a sample otherwise: a field that no post of the sample
 * has would be no column, and a query that names it an error.
 */
export function tableSql(): string {
  const columns = lineColumns().map(({ name, type }) => `    "${name}": '${duckType(type)}'`);
  const partitions = PARTITION_KEYS.map((key) => `"${key}": VARCHAR`);
  return `-- The table of docs/query.md, over what \`npm start\` has delivered:  duckdb -init schema/duckdb.sql
-- Made from post-line.schema.json by \`npm run docs:duckdb\`.

-- Functions that Athena has and DuckDB has not.
CREATE OR REPLACE MACRO element_at(items, place) AS items[place];
CREATE OR REPLACE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ);
CREATE OR REPLACE MACRO json_extract_scalar(json, path) AS json_extract_string(json, path);

-- The lines of other objects: FROM lines_in('.local/live/*/bucket/tweets/**/*.gz')
CREATE OR REPLACE MACRO lines_in(objects) AS TABLE SELECT * FROM read_json(
  objects,
  format = 'newline_delimited',
  hive_partitioning = true,
  hive_types = {${partitions.join(", ")}},
  columns = {
${columns.join(",\n")}
  }
);

CREATE SCHEMA IF NOT EXISTS tweets_dev;
CREATE OR REPLACE VIEW tweets_dev.posts AS SELECT * FROM lines_in('.local/bucket/tweets/**/*.gz');
`;
}
