import { writeFileSync } from "node:fs";
import { TABLE_FILE, tableSql } from "./table";

/** Writes schema/duckdb.sql. */
writeFileSync(TABLE_FILE, tableSql());
