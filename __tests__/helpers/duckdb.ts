import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { TABLE_FILE } from "../../scripts/duckdb/table";

/** Where schema/duckdb.sql and docs/query.md expect the objects of `npm start`. */
const BUCKET = ".local/bucket/";

type Row = Readonly<Record<string, unknown>>;

/** An SQL engine in this process, closed after the test. */
export class Duck {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: Awaited<ReturnType<DuckDBInstance["connect"]>>,
  ) {}

  static async open(): Promise<Duck> {
    // Two threads: other tests run beside this one.
    const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    return new Duck(instance, await instance.connect());
  }

  /** Runs schema/duckdb.sql. @param bucket directory that holds the objects, in the place of `.local/bucket` */
  async makeTable(bucket: string): Promise<void> {
    await this.connection.run(over(bucket, readFileSync(TABLE_FILE, "utf8")));
  }

  async rows(sql: string, parameters: readonly string[] = []): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql, [...parameters]);
    return reader.getRowObjectsJson();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** SQL of the repository, over objects that lie elsewhere. */
export function over(bucket: string, sql: string): string {
  return sql.replaceAll(BUCKET, `${bucket}/`);
}
