import type { Construct } from "constructs";
import type { AwsLocation } from "../constructs/aws/aws-location";
import { Catalog } from "../constructs/catalog/catalog";
import { type QueryLimitProps, QueryWorkgroup } from "../constructs/catalog/query-workgroup";
import { type DeliveryShapeProps, deliveryDefaults } from "../constructs/delivery/props";

/** Posts as a table for Athena; docs/query.md. */
export interface CatalogOptions extends QueryLimitProps {
  /**
   * Have Firehose convert lines to Parquet, under `tweets-parquet/`: cheaper to query, later to arrive.
   * @default false
   */
  readonly parquet?: boolean;
  /**
   * An Athena workgroup with saved queries.
   * @default true
   */
  readonly workgroup?: boolean;
  /**
   * Days until query results are deleted.
   * @default 7
   */
  readonly expireResultsAfterDays?: number;
  /**
   * Glue database: lower-case letters, digits and underscores.
   * @default - the name, with underscores for hyphens
   */
  readonly databaseName?: string;
  /**
   * Glue table: lower-case letters, digits and underscores.
   * @default "posts"
   */
  readonly tableName?: string;
  /** @default - the name */
  readonly workgroupName?: string;
}

interface Surroundings {
  readonly location: AwsLocation;
  readonly name: string;
  readonly bucketName: string;
  readonly delivery?: DeliveryShapeProps | undefined;
  readonly kmsKeyArn?: string | undefined;
}

/** The table of delivered posts, and the workgroup for queries. */
export function addCatalog(scope: Construct, stream: Surroundings, options: CatalogOptions): Catalog {
  const { location, name, bucketName, kmsKeyArn } = stream;
  const { parquet = false, workgroup = true, scanLimitMiB } = options;
  const table = {
    location,
    bucketName,
    // Athena requires quotes around names with hyphens.
    databaseName: options.databaseName ?? name.replaceAll("-", "_"),
    tableName: options.tableName ?? "posts",
  };
  if (workgroup) {
    new QueryWorkgroup(scope, "queries", {
      ...table,
      workgroupName: options.workgroupName ?? name,
      ...(scanLimitMiB === undefined ? {} : { scanLimitMiB }),
      kmsKeyArn,
    });
  }
  const { dataOutputPrefix } = deliveryDefaults(stream.delivery ?? {}, parquet);
  return new Catalog(scope, "catalog", { ...table, parquet, dataOutputPrefix });
}
