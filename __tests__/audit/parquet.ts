import { DuckDBInstance } from "@duckdb/node-api";

/** Lines as Parquet, with the columns and the compression that Firehose's conversion leaves. */
export async function writeParquet(lines: string, parquet: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT * FROM read_json('${lines}', format = 'newline_delimited', timestampformat = 'none'))
         TO '${parquet}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
