import { catalogProblems } from "../constructs/catalog/catalog";
import type { Problem } from "../constructs/checks/check";
import { deliveryDefaults, type ParquetConversion } from "../constructs/delivery/props";
import { deliveryProblems } from "../constructs/delivery/rules";
import type { EnvironmentConfig } from "./environment";

/** Stands for the table that the stack will have. */
const SOME_TABLE: ParquetConversion = { databaseName: "database", tableName: "table" };

/** What a catalog asks of the delivery; paths are below `delivery`. */
export function catalogRules({ catalog, delivery = {} }: EnvironmentConfig): Problem[] {
  if (!catalog) return [];
  const shape = { ...delivery, ...(catalog.parquet ? { parquet: SOME_TABLE } : {}) };
  const { dataOutputPrefix } = deliveryDefaults(shape);
  const known = deliveryProblems(delivery).map(({ text }) => text);
  const added = deliveryProblems(shape).filter(({ text }) => !known.includes(text));
  return [...catalogProblems({ dataOutputPrefix }), ...added];
}
